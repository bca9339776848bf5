namespace Worker.IntegrationTests.Support;

/// <summary>The document engine of <c>eng/servers.sh</c>, where the tests run against it: a server that is somebody's own is not ours to restart.</summary>
internal static class TestEngine
{
    public static async Task<bool> IsOursAsync()
    {
        var result = await ServersAsync("env");
        return result.ExitCode == 0 && result.Output.Split('\n').Contains($"export WORKER_TEST_MONGODB={TestServers.MongoDb}");
    }

    /// <summary>Stops and starts again with the same ports and data; returns when it answers.</summary>
    public static async Task RestartAsync()
    {
        var result = await ServersAsync("restart");
        result.ExitCode.ShouldBe(0, result.Error);
    }

    private static Task<ProgramResult> ServersAsync(string command) =>
        Programs.RunAsync("bash", [Path.Combine(Programs.Repository, "eng", "servers.sh"), "engine", command], limit: TimeSpan.FromMinutes(3));
}
