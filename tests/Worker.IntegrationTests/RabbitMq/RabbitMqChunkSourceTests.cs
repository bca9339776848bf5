using System.Diagnostics;
using Worker.Ingestion;
using Worker.Ingestion.RabbitMq;
using Worker.IntegrationTests.Support;
using Worker.RabbitMq;
using Worker.Testing;

namespace Worker.IntegrationTests.RabbitMq;

public sealed class RabbitMqChunkSourceTests : IAsyncLifetime
{
    private const int Messages = 20;

    private readonly VirtualHost _host = new();
    private readonly TestMeters _meters = new();
    private BrokerClient _broker = null!;

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        if (TestServers.HasRabbitMq)
            _broker = await _host.ConnectAsync();
    }

    [RabbitMqFact]
    public async Task A_wait_that_is_cancelled_while_the_consumer_is_made_leaves_no_consumer_and_no_message_behind()
    {
        await _broker.DeclareTopologyAsync();
        await _broker.PublishAllAsync(
            Enumerable.Range(0, Messages).Select(i => TestMessage.Of("tool.logged", $$"""{"n":{{i}}}""")));
        await using var connection = await RabbitMqEndpoint.Parse(_host.Uri.ToString()).ConnectAsync(
            "test", TestContext.Current.CancellationToken);
        await using var channel = await connection.CreateChannelAsync();
        using var account = new IngestionMetrics(_meters, TimeProvider.System);
        var options = new IngestionOptions();
        var source = new RabbitMqChunkSource(
            channel,
            options,
            new InFlightLimit(options.Prefetch, options.ChunkSize, options.MaxMessageBytes),
            account,
            new ReceiptClock(TimeProvider.System),
            TimeProvider.System);

        var returned = 0L;
        for (var microseconds = 0; microseconds < 5000; microseconds += 50)
        {
            await CancelledAfterAsync(source, TimeSpan.FromMicroseconds(microseconds));
            returned += await source.ReturnAsync();
        }

        await Eventually.IsTrueAsync("nobody consumes", async () => !await _broker.IsConsumedAsync(BrokerClient.IngestQueue));
        await Eventually.IsTrueAsync(
            "all are back", async () => await _broker.ReadyAsync(BrokerClient.IngestQueue) == (uint)Messages);
        account.Totals.Received.ShouldBe(returned);
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
            await _broker.DisposeAsync();
        await _host.DisposeAsync();
        _meters.Dispose();
    }

    private static async Task CancelledAfterAsync(RabbitMqChunkSource source, TimeSpan wait)
    {
        using var cancellation = new CancellationTokenSource();
        var next = source.NextAsync(cancellation.Token);
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < wait)
            Thread.SpinWait(10);
        await cancellation.CancelAsync();
        await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
