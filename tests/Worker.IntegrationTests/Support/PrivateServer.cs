namespace Worker.IntegrationTests.Support;

/// <summary>
/// A server for one test alone, so that restarting it disturbs nobody. Started by <c>eng/servers.sh</c>.
/// </summary>
internal sealed class PrivateServer : IAsyncDisposable
{
    /// <summary>The script's exit code where the system cannot have such a server.</summary>
    private const int CannotBeHad = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("worker-server-").FullName;
    private readonly string _kind;

    private PrivateServer(string kind) => _kind = kind;

    /// <summary>Where it is, and who one is there.</summary>
    public string Address { get; private set; } = null!;

    public Uri Uri => new(Address);

    /// <summary>A RabbitMQ like the one that all tests share: the distribution's, or the 4.x.</summary>
    public static async Task<PrivateServer> BrokerAsync()
    {
        await using var shared = await BrokerClient.ConnectAsync(new Uri(TestServers.RabbitMq!));
        return shared.Version.Major < 4
            ? await StartAsync("rabbitmq", "WORKER_TEST_RABBITMQ")
            : await StartAsync("rabbitmq4", "WORKER_TEST_RABBITMQ4");
    }

    /// <summary>Null where the tests run against a MongoDB that is somebody's own.</summary>
    public static async Task<PrivateServer?> EngineAsync()
    {
        var shared = await ServersAsync(["engine", "env"], folder: null);
        return Exported(shared, "WORKER_TEST_MONGODB") == TestServers.MongoDb
            ? await StartAsync("engine", "WORKER_TEST_MONGODB")
            : null;
    }

    /// <summary>Stops and starts again with the same ports and data; returns when it answers.</summary>
    public Task RestartAsync() => ServersAsync([_kind, "restart"], _folder);

    /// <summary>
    /// The broker says that it has no memory left. From a connection that publishes it reads nothing more, whatever
    /// comes on it.
    /// </summary>
    public Task RaiseMemoryAlarmAsync() => SetMemoryLimitAsync("0.00001");

    public Task ClearMemoryAlarmAsync() => SetMemoryLimitAsync("0.4");

    /// <summary>Removes its data, too.</summary>
    public async ValueTask DisposeAsync() => await ServersAsync(["stop"], _folder);

    private static async Task<PrivateServer> StartAsync(string kind, string variable)
    {
        var server = new PrivateServer(kind);
        var started = await RunAsync([kind, "start"], server._folder);
        Assert.SkipWhen(started.ExitCode == CannotBeHad, $"Needs a server of its own. {started.Error}");
        started.ExitCode.ShouldBe(0, started.Error);
        server.Address = Exported(await ServersAsync([kind, "env"], server._folder), variable).ShouldNotBeNull();
        return server;
    }

    private static string? Exported(string exports, string variable) =>
        exports.Split('\n').SingleOrDefault(line => line.StartsWith($"export {variable}=", StringComparison.Ordinal))?.Split('=', 2)[1];

    /// <summary>The part of the machine's memory from which on the alarm stands.</summary>
    private async Task SetMemoryLimitAsync(string part) =>
        await ServersAsync([_kind, "ctl", "set_vm_memory_high_watermark", part], _folder);

    private static async Task<string> ServersAsync(IEnumerable<string> arguments, string? folder)
    {
        var result = await RunAsync(arguments, folder);
        result.ExitCode.ShouldBe(0, result.Error);
        return result.Output;
    }

    private static Task<ProgramResult> RunAsync(IEnumerable<string> arguments, string? folder)
    {
        var script = Path.Combine(Programs.Repository, "eng", "servers.sh");
        var environment = folder is null ? null : new Dictionary<string, string> { ["WORKER_SERVERS"] = folder };
        return Programs.RunAsync("bash", [script, .. arguments], environment, TimeSpan.FromMinutes(3));
    }
}
