namespace Worker.IntegrationTests.Support;

/// <summary>A server for one test alone, so that restarting it disturbs nobody. Started by <c>eng/servers.sh</c>.</summary>
internal sealed class PrivateServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("worker-server-").FullName;
    private readonly string _kind;

    private PrivateServer(string kind) => _kind = kind;

    /// <summary>Where it is, and who one is there.</summary>
    public string Address { get; private set; } = null!;

    public Uri Uri => new(Address);

    public static Task<PrivateServer> BrokerAsync() => StartAsync("rabbitmq", "WORKER_TEST_RABBITMQ");

    /// <summary>Null where the tests run against a MongoDB that is somebody's own.</summary>
    public static async Task<PrivateServer?> EngineAsync()
    {
        var shared = await ServersAsync("engine", "env", folder: null);
        return Exported(shared, "WORKER_TEST_MONGODB") == TestServers.MongoDb ? await StartAsync("engine", "WORKER_TEST_MONGODB") : null;
    }

    /// <summary>Stops and starts again with the same ports and data; returns when it answers.</summary>
    public Task RestartAsync() => ServersAsync(_kind, "restart", _folder);

    /// <summary>Removes its data, too.</summary>
    public async ValueTask DisposeAsync() => await ServersAsync(null, "stop", _folder);

    private static async Task<PrivateServer> StartAsync(string kind, string variable)
    {
        var server = new PrivateServer(kind);
        await ServersAsync(kind, "start", server._folder);
        server.Address = Exported(await ServersAsync(kind, "env", server._folder), variable).ShouldNotBeNull();
        return server;
    }

    private static string? Exported(string exports, string variable) =>
        exports.Split('\n').SingleOrDefault(line => line.StartsWith($"export {variable}=", StringComparison.Ordinal))?.Split('=', 2)[1];

    private static async Task<string> ServersAsync(string? kind, string command, string? folder)
    {
        var script = Path.Combine(Programs.Repository, "eng", "servers.sh");
        var environment = folder is null ? null : new Dictionary<string, string> { ["WORKER_SERVERS"] = folder };
        var result = await Programs.RunAsync("bash", kind is null ? [script, command] : [script, kind, command], environment, TimeSpan.FromMinutes(3));
        result.ExitCode.ShouldBe(0, result.Error);
        return result.Output;
    }
}
