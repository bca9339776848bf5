using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Worker.Contracts;

namespace Worker.Client.Tests;

/// <summary>A client, its broker, its disk, its clock, and what it said.</summary>
internal sealed class World : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("worker-client-").FullName;
    private readonly List<WorkerClient> _clients = [];

    public FakeBroker Broker { get; } = new();

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public FakeLogger Log { get; } = new();

    public string Spool => Path.Combine(_folder, "spool");

    public IReadOnlyList<string> Segments =>
        Directory.Exists(Spool) ? Directory.GetFiles(Spool, "*.segment", SearchOption.AllDirectories) : [];

    public WorkerClient Client(Action<WorkerClientOptions>? configure = null)
    {
        var options = new WorkerClientOptions { RabbitMq = "amqp://guest:guest@localhost", SpoolPath = Spool };
        configure?.Invoke(options);
        var client = new WorkerClient(options, Log, meters: null, Clock, Broker);
        _clients.Add(client);
        return client;
    }

    public static ToolLogged Tool(int number) => new() { LogId = $"t-{number}", Path = "tool", Output = "x" };

    public IReadOnlyList<string> Said(string eventName) =>
        [.. Log.Collector.GetSnapshot().Where(record => record.Id.Name == eventName).Select(record => record.Message)];

    /// <summary>Waits for what the loop in the background will do, while the clock stands.</summary>
    public static async Task UntilAsync(Func<bool> look)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        while (!look())
            await Task.Delay(1, limit.Token);
    }

    /// <summary>The same while time passes.</summary>
    public Task UntilLaterAsync(Func<bool> look) => UntilAsync(() =>
    {
        if (look())
            return true;
        Clock.Advance(TimeSpan.FromMilliseconds(100));
        return false;
    });

    public async ValueTask DisposeAsync()
    {
        Broker.GoOn();
        foreach (var client in _clients)
            await client.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
