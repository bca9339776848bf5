namespace Worker.Hosting;

/// <summary>A hosted service that failed stops the host, which then ends as if all were well; this tells.</summary>
internal static class HostedServices
{
    public static async Task ThrowIfServiceFailedAsync(this IServiceProvider services)
    {
        foreach (var service in services.GetServices<IHostedService>().OfType<BackgroundService>())
        {
            if (service.ExecuteTask is { IsFaulted: true } task)
                await task;
        }
    }
}
