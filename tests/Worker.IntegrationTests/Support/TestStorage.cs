using Microsoft.Extensions.DependencyInjection;
using Worker.Storage.MongoDb;

namespace Worker.IntegrationTests.Support;

/// <summary>
/// One test's store, as the worker is configured with it: a file, or a database of MongoDB with server mode. Removed
/// afterwards.
/// </summary>
internal sealed class TestStorage : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MongoUri? _database;

    private TestStorage(MongoUri? database) => _database = database;

    /// <summary>The folder of <c>worker.db</c>, where the store is a file.</summary>
    public string Path => _folder.Path;

    /// <summary>The keys that lead a worker to it.</summary>
    public IReadOnlyDictionary<string, string> Settings => Of(_database);

    /// <summary>The key that leads a reader to it, who needs no broker.</summary>
    public IReadOnlyList<string> Arguments =>
        _database is null
            ? ["--Storage:Path", Path]
            : ["--Storage:Path", Path, "--ConnectionStrings:MongoDb", _database.ToString()];

    public static TestStorage File() => new(null);

    /// <param name="server">The server's connection string; null for the one that all tests share.</param>
    public static TestStorage MongoDb(string? server = null) => new(
        MongoUri.Parse(server ?? TestServers.MongoDb!).WithDatabase($"worker_test_{Guid.NewGuid():N}"));

    /// <summary>The keys that lead a worker to the database through a relay.</summary>
    public IReadOnlyDictionary<string, string> Through(TcpRelay relay) => Of(_database!.ThroughPort(relay.Port));

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await using var store = await StoreReader.OpenAsync(this);
            await store.Services.GetRequiredService<MongoDatabase>().CommandAsync(
                new("dropDatabase", 1), CancellationToken.None);
        }

        _folder.Dispose();
    }

    private static Dictionary<string, string> Of(MongoUri? database) =>
        database is null ? [] : new() { ["Mode"] = "server", ["ConnectionStrings:MongoDb"] = database.ToString() };
}
