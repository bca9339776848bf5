using Worker.Ingestion;
using Worker.IntegrationTests.Support;
using Worker.Testing;

namespace Worker.IntegrationTests.RabbitMq;

public sealed class TelemetryTests : IAsyncLifetime
{
    private readonly VirtualHost _host = new();

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [RabbitMqFact]
    public async Task The_broker_tells_how_many_wait_and_the_worker_how_many_it_holds()
    {
        await using var ingest = new TestIngest(_host.Uri, options: new IngestionOptions { Prefetch = 10, ChunkSize = 10 });
        using var seen = new SeenMetrics(ingest.Meters);
        ingest.Process = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token);
        await ingest.StartAsync();
        await TestIngest.ConsumingAsync(_host.Uri);

        await using var broker = await _host.ConnectAsync();
        await broker.PublishAllAsync(Enumerable.Range(0, 30).Select(i => TestMessage.Of("tool.logged", $"{i}")));

        await Eventually.IsTrueAsync("the broker is asked", () => seen.Of("worker.queue.messages", "worker.ingest") == 20);
        seen.Of("worker.queue.messages", "worker.dead").ShouldBe(0);
        seen.Of("worker.messages.held").ShouldBe(10);
        seen.Of("worker.messages.held.age").ShouldNotBeNull().ShouldBeGreaterThan(0);
    }

    [RabbitMqFact]
    public async Task A_chunk_links_to_the_span_that_its_producer_was_in()
    {
        var trace = Guid.NewGuid().ToString("n");
        using var spans = new Spans();
        await using var ingest = new TestIngest(_host.Uri);
        await ingest.StartAsync();
        await TestIngest.ConsumingAsync(_host.Uri);

        await using var broker = await _host.ConnectAsync();
        await broker.PublishAsync(TestMessage.Of("tool.logged", "{}") with
        {
            Headers = new Dictionary<string, string> { ["traceparent"] = $"00-{trace}-b7ad6b7169203331-01" },
        });
        await ingest.SettledAsync(1);

        await Eventually.IsTrueAsync(
            "the chunk's span has ended",
            () => spans.Named(ChunkSpan.Name).Any(
                span => span.Links.Any(link => link.Context.TraceId.ToString() == trace && link.Context.IsRemote)));
    }
}
