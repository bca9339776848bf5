using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests.ManyWorkers;

/// <summary>Workers on one queue and one database.</summary>
internal sealed class WorkerFleet : IAsyncDisposable
{
    private readonly Func<WorkerProcess> _start;
    private readonly WorkerProcess[] _workers;

    private WorkerFleet(int count, Func<WorkerProcess> start)
    {
        _start = start;
        _workers = [.. Enumerable.Range(0, count).Select(_ => start())];
    }

    public static WorkerFleet Start(int count, Func<WorkerProcess> start) => new(count, start);

    /// <summary>Waits until each of them consumes.</summary>
    public Task UntilReadyAsync(BrokerClient broker) => UntilAsync(
        $"all {_workers.Length} workers consume",
        async () => await broker.ConsumersAsync(BrokerClient.IngestQueue) == _workers.Length);

    public async Task KillAndRestartAsync(int index)
    {
        _workers[index].HasEnded.ShouldBeFalse(_workers[index].Heard);
        await _workers[index].KillAsync();
        await _workers[index].DisposeAsync();
        _workers[index] = _start();
    }

    public async Task UntilAsync(string what, Func<Task<bool>> look, TimeSpan? limit = null)
    {
        try
        {
            await Eventually.IsTrueAsync(
                what,
                async () =>
                {
                    _workers.ShouldAllBe(worker => !worker.HasEnded, "a worker has ended");
                    return await look();
                },
                limit);
        }
        catch (Exception exception) when (exception is TimeoutException or ShouldAssertException)
        {
            throw new InvalidOperationException(
                $"{exception.Message}\n{string.Join('\n', _workers.Select((worker, index) => $"Worker {index} said:\n{worker.Heard}"))}", exception);
        }
    }

    public bool AnySaid(string text) => _workers.Any(worker => worker.Heard.Contains(text, StringComparison.Ordinal));

    /// <summary>Stops them all as an operator does; each has to end well.</summary>
    public async Task TerminateAsync()
    {
        foreach (var worker in _workers)
            (await worker.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, worker.Heard);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
    }
}
