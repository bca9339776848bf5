namespace Worker.Hosting;

/// <summary>
/// Tells why a host stopped: when a hosted service fails, the host stops, and ends as if all were well.
/// </summary>
internal static class HostedServices
{
    /// <summary>
    /// Runs the host until it is told to stop. Throws what a service of it failed with, if that was why it stopped.
    /// </summary>
    /// <param name="host">Built, and not started.</param>
    /// <param name="stop">Fires when the user asks for the end, and only then.</param>
    public static async Task RunUntilStoppedAsync(this IHost host, CancellationToken stop)
    {
        try
        {
            await host.StartAsync(stop);
            await host.WaitForShutdownAsync(stop);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // A service that fails while others are being started makes the host give up its start.
            await host.Services.ThrowIfServiceEndedAsync();
            throw;
        }

        if (stop.IsCancellationRequested)
            await host.Services.ThrowIfServiceFailedAsync();
        else
            await host.Services.ThrowIfServiceEndedAsync();
    }

    /// <summary>
    /// Prepares and runs the host. One that is told to stop before it has started has acknowledged nothing that it has
    /// not stored, and just ends.
    /// </summary>
    public static async Task UntilStoppedAsync(
        this IHost host, Func<CancellationToken, Task> run, CancellationToken stop)
    {
        var started = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted;
        try
        {
            await run(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !started.IsCancellationRequested)
        {
            // That is what it was told.
        }
    }

    /// <summary>For a host that was told to stop: that a service was cancelled is no failure.</summary>
    public static Task ThrowIfServiceFailedAsync(this IServiceProvider services) =>
        ThrowFirstAsync(services, task => task.IsFaulted);

    /// <summary>
    /// For a host that nobody told to stop: a service that was cancelled gave up over a time-out of its own.
    /// </summary>
    public static Task ThrowIfServiceEndedAsync(this IServiceProvider services) =>
        ThrowFirstAsync(services, task => task.IsFaulted || task.IsCanceled);

    private static Task ThrowFirstAsync(IServiceProvider services, Predicate<Task> isFailed)
    {
        var tasks = services.GetServices<IHostedService>()
            .OfType<BackgroundService>()
            .Select(service => service.ExecuteTask)
            .OfType<Task>()
            .ToList();

        // A service that was only cancelled, because another failed, says less than that other.
        return tasks.Where(task => isFailed(task)).OrderBy(task => task.IsCanceled).FirstOrDefault()
            ?? Task.CompletedTask;
    }
}
