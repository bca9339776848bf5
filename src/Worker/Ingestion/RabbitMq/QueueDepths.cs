using RabbitMQ.Client;
using Worker.RabbitMq;

namespace Worker.Ingestion.RabbitMq;

/// <summary>
/// Asks the broker now and then how many messages are ready in its queues, where somebody wants to know, until it is
/// disposed. On a channel of its own: what is refused there disturbs nobody.
/// </summary>
internal sealed class QueueDepths : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly string[] Queues = [RabbitMqTopology.IngestQueue, RabbitMqTopology.DeadQueue];

    private readonly IConnection _connection;
    private readonly IngestionMetrics _account;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _watching;

    public QueueDepths(IConnection connection, IngestionMetrics account, TimeProvider time)
    {
        _connection = connection;
        _account = account;
        _watching = WatchAsync(time);
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var queue in Queues)
            _account.QueueHas(queue, null);
        _over.Dispose();
    }

    private async Task WatchAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            if (!_account.WantsDepths)
                continue;
            foreach (var queue in Queues)
                _account.QueueHas(queue, await ReadyAsync(queue));
        }
        while (await timer.WaitForNextTickAsync(_over.Token));
    }

    /// <summary>Null where the broker does not say.</summary>
    private async Task<long?> ReadyAsync(string queue)
    {
        try
        {
            await using var channel = await _connection.CreateChannelAsync(cancellationToken: _over.Token);
            return (await channel.QueueDeclarePassiveAsync(queue, _over.Token)).MessageCount;
        }
        catch (Exception exception) when (exception.IsBrokerFault())
        {
            return null;
        }
    }
}
