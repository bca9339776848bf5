namespace Worker.IntegrationTests.Support;

/// <summary>A RabbitMQ node for one test alone, so that restarting it disturbs nobody. Started by <c>eng/servers.sh</c>.</summary>
internal sealed class PrivateBroker : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("worker-broker-").FullName;

    public Uri Uri { get; private set; } = null!;

    public static async Task<PrivateBroker> StartAsync()
    {
        var broker = new PrivateBroker();
        await broker.ServersAsync("start");
        var exports = await broker.ServersAsync("env");
        var line = exports.Split('\n').Single(line => line.StartsWith("export WORKER_TEST_RABBITMQ=", StringComparison.Ordinal));
        broker.Uri = new Uri(line.Split('=', 2)[1]);
        return broker;
    }

    /// <summary>Stops and starts again with the same ports and data; returns when it answers.</summary>
    public Task RestartAsync() => ServersAsync("restart");

    public async ValueTask DisposeAsync()
    {
        await ServersAsync("stop");
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> ServersAsync(string command)
    {
        var result = await Programs.RunAsync(
            "bash",
            [Path.Combine(Programs.Repository, "eng", "servers.sh"), "rabbitmq", command],
            new Dictionary<string, string> { ["WORKER_SERVERS"] = _folder },
            TimeSpan.FromMinutes(3));
        result.ExitCode.ShouldBe(0, result.Error);
        return result.Output;
    }
}
