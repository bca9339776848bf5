using Microsoft.Data.Sqlite;
using MongoDB.Driver;
using Worker.IntegrationTests.Support;

namespace Worker.Benchmarks.Soak;

/// <summary>
/// The broker and the store as the workers reach them, and how each goes away for a while: restarted where that is
/// allowed, else behind a relay that breaks every connection and refuses new ones; the file is locked by another
/// process. A file's own restart is that of its worker.
/// </summary>
internal sealed class SoakServers : IAsyncDisposable
{
    private const string Restarts = "restarted by eng/servers.sh";
    private const string Cuts = "cut off at a relay";

    private readonly TcpRelay _broker;
    private readonly TcpRelay? _engine;
    private readonly TemporaryStore _store;
    private readonly string? _brokerKind;

    /// <param name="brokerKind">As <c>eng/servers.sh</c> names it, where the servers may be restarted.</param>
    public SoakServers(TemporaryStore store, StoreKind kind, string? brokerKind)
    {
        _store = store;
        _brokerKind = brokerKind;
        var broker = new Uri(Benchmarks.Broker.Uri!);
        _broker = TcpRelay.To((broker.Host, broker.Port < 0 ? 5672 : broker.Port));
        Broker = new UriBuilder(broker) { Host = "127.0.0.1", Port = _broker.Port }.Uri;
        var settings = store.Settings.Concat(SoakSettings.Worker).ToDictionary();
        settings["ConnectionStrings:RabbitMq"] = Broker.ToString();
        if (kind == StoreKind.Mongo)
        {
            var url = new MongoUrlBuilder(settings["ConnectionStrings:MongoDb"]);
            if (url.Servers.Count() != 1)
                throw new InvalidOperationException(
                    "A soak needs a MongoDB that is named by one host, so that a relay can stand before it.");
            _engine = TcpRelay.To((url.Server.Host, url.Server.Port));
            url.Server = new MongoServerAddress("127.0.0.1", _engine.Port);
            url.DirectConnection = true;
            settings["ConnectionStrings:MongoDb"] = url.ToString();
        }

        Settings = settings;
    }

    /// <summary>Through the relay.</summary>
    public Uri Broker { get; }

    /// <summary>All that a worker is told.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>How the broker goes away, for the record.</summary>
    public string BrokerGoes => IsRestarted ? Restarts : Cuts;

    /// <summary>How the store goes away.</summary>
    public string StoreGoes => _engine is null ? "locked by another process" : IsRestarted ? Restarts : Cuts;

    /// <summary>Then nobody says for how long they are away.</summary>
    private bool IsRestarted => _brokerKind is not null;

    public Task BrokerAwayAsync(TimeSpan length, CancellationToken cancellationToken) =>
        AwayAsync(_broker, _brokerKind, length, cancellationToken);

    public Task StoreAwayAsync(TimeSpan length, CancellationToken cancellationToken) => _engine is null
        ? LockedAsync(length, cancellationToken)
        : AwayAsync(_engine, IsRestarted ? "engine" : null, length, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    private static async Task AwayAsync(
        TcpRelay relay, string? restarted, TimeSpan length, CancellationToken cancellationToken)
    {
        if (restarted is not null)
        {
            await LocalServers.RestartAsync(restarted, cancellationToken);
            return;
        }

        relay.Cut();
        await Task.Delay(length, cancellationToken);
        relay.Open();
    }

    private async Task LockedAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        var file = Path.Combine(_store.Path, "worker.db");
        var builder = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false };
        await using var connection = new SqliteConnection(builder.ToString());
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        await command.ExecuteNonQueryAsync(cancellationToken);
        await Task.Delay(length, cancellationToken);
    }
}
