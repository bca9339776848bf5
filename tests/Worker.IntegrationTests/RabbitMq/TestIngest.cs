using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Worker.DeadLetters.RabbitMq;
using Worker.Ingestion;
using Worker.Ingestion.RabbitMq;
using Worker.IntegrationTests.Support;
using Worker.RabbitMq;
using Worker.Testing;

namespace Worker.IntegrationTests.RabbitMq;

/// <summary>
/// The consumer service on a real broker, with a processor that notes bodies and a store that can be made to fail.
/// </summary>
internal sealed class TestIngest : IAsyncDisposable
{
    private readonly RabbitMqConsumerService _service;
    private readonly ChunkDrain _drain;
    private readonly ConcurrentDictionary<string, int> _processed = new();
    private int _chunks;

    public TestIngest(
        Uri broker,
        bool alone = false,
        IngestionOptions? options = null,
        TimeSpan? shutdown = null,
        TimeProvider? time = null)
    {
        var endpoint = RabbitMqEndpoint.Parse(broker.ToString());
        DeadLetters = new RabbitMqDeadLetters(endpoint, TimeProvider.System);
        time ??= TimeProvider.System;
        Account = new(Meters, time);
        _drain = TestDrain.Drain(
            TestDrain.Guard(ProcessAsync, Store, time), DeadLetters, Store, Account, shutdown, time, DrainLog);
        _service = new(
            new(endpoint, alone), _drain, Account, State, Options.Create(options ?? new IngestionOptions()), time, Log);
    }

    public InMemoryStore Store { get; } = new();

    public TestMeters Meters { get; } = new();

    public IngestionMetrics Account { get; }

    public SourceState State { get; } = new();

    public FakeLogger<RabbitMqConsumerService> Log { get; } = new();

    public FakeLogger<ChunkDrain> DrainLog { get; } = new();

    public RabbitMqDeadLetters DeadLetters { get; }

    /// <summary>Done with each chunk before it counts as processed: where tests make things fail or wait.</summary>
    public Func<IReadOnlyList<InboundMessage>, CancellationToken, Task> Process { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What of each chunk is refused.</summary>
    public Func<IReadOnlyList<InboundMessage>, IReadOnlyList<RefusedMessage>> Refuse { get; set; } = _ => [];

    /// <summary>Ends when the service does, with its fault if it has one.</summary>
    public Task Ended => _service.ExecuteTask!;

    /// <summary>The bodies that were processed, each once, however often it came.</summary>
    public ICollection<string> Bodies => _processed.Keys;

    public int ChunksProcessed => _chunks;

    public int TimesProcessed(string body) => _processed.GetValueOrDefault(body);

    public Task StartAsync() => _service.StartAsync(CancellationToken.None);

    public Task StopAsync() => _service.StopAsync(CancellationToken.None);

    /// <summary>Fails at once where the service has ended, with its fault.</summary>
    public Task SettledAsync(int messages) => Eventually.IsTrueAsync($"{messages} messages are settled", async () =>
    {
        if (Ended.IsFaulted)
            await Ended;
        return Account.Totals.Settled >= messages;
    });

    public static async Task ConsumingAsync(Uri broker)
    {
        await using var client = await BrokerClient.ConnectAsync(broker);
        await client.UntilConsumedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            TestContext.Current.TestOutputHelper?.WriteLine(
                string.Join('\n', Log.Collector.GetSnapshot().Concat(DrainLog.Collector.GetSnapshot())));
        await _service.StopAsync(CancellationToken.None);
        _service.Dispose();
        _drain.Dispose();
        await DeadLetters.DisposeAsync();
        Account.Dispose();
    }

    private async Task<ProcessedChunk> ProcessAsync(
        IReadOnlyList<InboundMessage> chunk, CancellationToken cancellationToken)
    {
        var refused = Refuse(chunk);
        Interlocked.Increment(ref _chunks);
        await Process(chunk, cancellationToken);
        await Store.ProbeAsync(cancellationToken);
        foreach (var message in chunk.Except(refused.Select(one => one.Message)))
            _processed.AddOrUpdate(Encoding.UTF8.GetString(message.Body.Span), 1, (_, times) => times + 1);
        return new(new ChunkResult { Stored = chunk.Count - refused.Count, Refused = refused.Count }, refused);
    }
}
