using Microsoft.Extensions.Hosting;

namespace Worker.Client;

/// <summary>
/// Makes the client with the host, so that what an earlier process left is sent, and ends it when nobody calls any
/// more.
/// </summary>
internal sealed class ClientLifetime(WorkerClient client) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => client.DisposeAsync().AsTask();
}
