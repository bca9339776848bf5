using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Worker.Ingestion;
using Worker.Ingestion.RabbitMq;
using Worker.IntegrationTests.Support;
using Worker.Storage;
using Worker.Testing;

namespace Worker.IntegrationTests.RabbitMq;

/// <summary>The consumer service on a real broker, with a processor that notes bodies and a store that can be made to fail.</summary>
internal sealed class TestIngest : IAsyncDisposable
{
    private readonly RabbitMqConsumerService _service;
    private readonly ConcurrentDictionary<string, int> _processed = new();

    public TestIngest(Uri broker, bool alone = false, IngestionOptions? options = null, TimeSpan? shutdown = null, TimeProvider? time = null)
    {
        var endpoint = RabbitMqEndpoint.Parse(broker.ToString());
        DeadLetters = new RabbitMqDeadLetterSink(endpoint, TimeProvider.System);
        var guard = new PoisonGuard(ProcessAsync, Store, DeadLetters, new StoreResilience(TimeProvider.System), Options.Create(new PrivacyOptions()));
        var host = new HostOptions { ShutdownTimeout = shutdown ?? TimeSpan.FromSeconds(30) };
        _service = new(
            new(endpoint, alone), guard, Store, Account, Options.Create(options ?? new IngestionOptions()), Options.Create(host), time ?? TimeProvider.System, Log);
    }

    public InMemoryStore Store { get; } = new();

    public IngestionAccount Account { get; } = new(new TestMeters());

    public RecordingLogger<RabbitMqConsumerService> Log { get; } = new();

    public RabbitMqDeadLetterSink DeadLetters { get; }

    /// <summary>Done with each chunk before it counts as processed: where tests make things fail or wait.</summary>
    public Func<IReadOnlyList<InboundMessage>, CancellationToken, Task> Process { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Ends when the service does, with its fault if it has one.</summary>
    public Task Ended => _service.ExecuteTask!;

    /// <summary>The bodies that were processed, each once, however often it came.</summary>
    public ICollection<string> Bodies => _processed.Keys;

    public int TimesProcessed(string body) => _processed.GetValueOrDefault(body);

    public Task StartAsync() => _service.StartAsync(CancellationToken.None);

    public Task StopAsync() => _service.StopAsync(CancellationToken.None);

    public Task SettledAsync(int messages) =>
        Eventually.IsTrueAsync($"{messages} messages are settled", () => Account.Totals.Settled >= messages);

    public static async Task ConsumingAsync(Uri broker)
    {
        await using var client = await BrokerClient.ConnectAsync(broker);
        await client.UntilConsumedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', Log.Everything));
        await _service.StopAsync(CancellationToken.None);
        _service.Dispose();
        await DeadLetters.DisposeAsync();
        Account.Dispose();
    }

    private async Task<ChunkResult> ProcessAsync(IReadOnlyList<InboundMessage> chunk, CancellationToken cancellationToken)
    {
        await Process(chunk, cancellationToken);
        await Store.ProbeAsync(cancellationToken);
        foreach (var message in chunk)
            _processed.AddOrUpdate(Encoding.UTF8.GetString(message.Body.Span), 1, (_, times) => times + 1);
        return new ChunkResult { Stored = chunk.Count };
    }
}
