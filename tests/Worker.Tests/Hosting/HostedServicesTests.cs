using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Worker.Errors;
using Worker.Hosting;

namespace Worker.Tests.Hosting;

public sealed class HostedServicesTests : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(
        TestContext.Current.CancellationToken);

    public void Dispose() => _stop.Dispose();

    [Fact]
    public async Task What_a_service_fails_with_is_thrown_when_the_host_has_stopped()
    {
        using var host = Host(async token =>
        {
            await Task.Yield();
            throw new StoreUnusableException("The file is damaged.");
        });

        (await Should.ThrowAsync<StoreUnusableException>(() => host.RunUntilStoppedAsync(_stop.Token))).Message.ShouldBe("The file is damaged.");
    }

    [Fact]
    public async Task A_service_that_fails_while_others_are_started_is_told_in_the_place_of_the_cancelled_start()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var host = Host(
            token => Task.FromException(new StoreUnusableException("The file is damaged.")),
            starting: async (lifetime, token) =>
            {
                // The one before has failed by now, or does in a moment: the host gives up.
                await Task.Delay(Timeout.Infinite, lifetime.ApplicationStopping).ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing);
                token.ThrowIfCancellationRequested();
                throw new OperationCanceledException();
            });

        (await Should.ThrowAsync<StoreUnusableException>(() => host.RunUntilStoppedAsync(_stop.Token))).Message.ShouldBe("The file is damaged.");
    }

    [Fact]
    public async Task A_service_that_gives_up_over_a_time_out_does_not_end_the_program_as_if_all_were_well()
    {
        using var host = Host(async token =>
        {
            await Task.Yield();
            throw new TaskCanceledException("The broker did not answer.");
        });

        (await Should.ThrowAsync<TaskCanceledException>(() => host.RunUntilStoppedAsync(_stop.Token))).CancellationToken.ShouldNotBe(_stop.Token);
    }

    [Fact]
    public async Task Services_that_are_cancelled_because_the_user_wanted_the_end_are_no_fault()
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var host = Host(token =>
        {
            running.SetResult();
            return Task.Delay(Timeout.Infinite, token);
        });
        var run = host.RunUntilStoppedAsync(_stop.Token);
        await running.Task;
        await host.Services.GetRequiredService<IHostApplicationLifetime>().StartedAsync();

        await _stop.CancelAsync();

        await run;
    }

    private static IHost Host(
        Func<CancellationToken, Task> run, Func<IHostApplicationLifetime, CancellationToken, Task>? starting = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostedService>(new Service(run));
        if (starting is not null)
            builder.Services.AddSingleton<IHostedService>(provider => new Starting(token => starting(provider.GetRequiredService<IHostApplicationLifetime>(), token)));
        return builder.Build();
    }

    private sealed class Service(Func<CancellationToken, Task> run) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => run(stoppingToken);
    }

    private sealed class Starting(Func<CancellationToken, Task> start) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => start(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

file static class Lifetimes
{
    public static Task StartedAsync(this IHostApplicationLifetime lifetime)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lifetime.ApplicationStarted.Register(started.SetResult);
        return started.Task;
    }
}
