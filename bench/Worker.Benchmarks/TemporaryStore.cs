using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Worker.Hosting;
using Worker.Storage;
using Worker.Storage.MongoDb;

namespace Worker.Benchmarks;

/// <summary>A measured worker's store: a folder, or a database of MongoDB. Removed afterwards.</summary>
/// <param name="also">What else the worker is told.</param>
internal sealed class TemporaryStore(StoreKind kind, IReadOnlyDictionary<string, string>? also = null) : IAsyncDisposable
{
    private readonly string _database = $"worker_bench_{Guid.NewGuid():N}";

    public string Path { get; } = Directory.CreateTempSubdirectory("worker-bench-").FullName;

    /// <summary>MongoDB as configured for the tests or for the worker; null when nothing says where it is.</summary>
    public static string? MongoDb => Given("WORKER_TEST_MONGODB") ?? Given("ConnectionStrings__MongoDb");

    public static string Describe(StoreKind kind) => kind == StoreKind.Mongo
        ? "MongoDB beside the worker, writes by a majority"
        : "SQLite WAL synchronous=FULL";

    /// <summary>Null where the store's size is not to be had.</summary>
    public double? MegabytesStored => kind == StoreKind.Sqlite
        ? new DirectoryInfo(Path).EnumerateFiles().Sum(file => file.Length) / 1e6
        : null;

    /// <summary>The keys that lead a worker to it.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(also ?? new Dictionary<string, string>())
    {
        ["Storage:Path"] = Path,
    }.Concat(kind == StoreKind.Mongo ? [new("Mode", "server"), new("ConnectionStrings:MongoDb", ConnectionString)] : []).ToDictionary();

    /// <summary>The worker's services on it, not started, prepared.</summary>
    public async Task<IHost> OpenAsync(CancellationToken cancellationToken)
    {
        var host = WorkerHost.Build([.. Settings.Where(setting => setting.Key != "Mode").SelectMany(setting => new[] { "--" + setting.Key, setting.Value })]);
        await host.Services.GetRequiredService<IStore>().PrepareAsync(cancellationToken);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        if (kind == StoreKind.Mongo)
        {
            using var host = await OpenAsync(CancellationToken.None);
            await host.Services.GetRequiredService<MongoDatabase>().CommandAsync(
                new("dropDatabase", 1), CancellationToken.None);
        }

        Directory.Delete(Path, recursive: true);
    }

    /// <summary>The given one, on a database of its own: the user stays that of the given one's.</summary>
    private string ConnectionString
    {
        get
        {
            var parts = MongoDb!.Split("://", 2);
            var options = parts[1].Split('?', 2);
            var hosts = options[0].Split('/', 2);
            var source = hosts.Length == 2 && hosts[1].Length > 0 ? hosts[1] : "admin";
            var query = options.Length == 2 ? options[1] : "";
            if (hosts[0].Contains('@', StringComparison.Ordinal)
                && !query.Contains("authSource=", StringComparison.OrdinalIgnoreCase))
                query += (query.Length > 0 ? "&" : "") + "authSource=" + source;
            return $"{parts[0]}://{hosts[0]}/{_database}?{query}";
        }
    }

    private static string? Given(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? value
        : null;
}
