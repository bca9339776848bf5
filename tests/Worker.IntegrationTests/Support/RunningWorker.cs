using System.Text.Json.Nodes;

namespace Worker.IntegrationTests.Support;

/// <summary>One worker on one virtual host for all tests of a class.</summary>
public sealed class RunningWorker : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private WorkerProcess _worker = null!;

    public VirtualHost Host { get; } = new();

    internal BrokerClient Broker { get; private set; } = null!;

    internal string Storage => _folder.Path;

    internal string Heard => _worker.Heard;

    public async ValueTask InitializeAsync()
    {
        await Host.InitializeAsync();
        if (!TestServers.HasRabbitMq)
            return;
        Broker = await Host.ConnectAsync();
        _worker = WorkerProcess.Run(Storage, Host.Uri);
        await _worker.UntilReadyAsync(Broker);
    }

    /// <summary>The Log as <c>worker trace ID --json</c> prints it; null while it is not stored.</summary>
    internal async Task<JsonNode?> TraceAsync(string logId)
    {
        var result = await WorkerProcess.CommandAsync(Storage, Host.Uri, "trace", logId, "--json");
        if (result.ExitCode == 4)
            return null;
        result.ExitCode.ShouldBe(0, result.Error);
        return JsonNode.Parse(result.Output);
    }

    /// <summary>The Flow Log once it carries verdicts.</summary>
    internal Task<JsonNode> JudgedAsync(string logId) =>
        Eventually.FindAsync($"verdicts on {logId}", async () =>
            await TraceAsync(logId) is { } trace && trace["evaluator_logs"]!.AsArray().Count > 0 ? trace : null);

    /// <summary>What the dead queue holds for that Log or message, taken out of the queue.</summary>
    internal async Task<RefusedLetter> LetterAsync()
    {
        var taken = await Eventually.FindAsync("a dead letter", async () =>
            await Broker.DrainAsync(BrokerClient.DeadQueue) is { Count: > 0 } letters ? letters : null);
        return new RefusedLetter(taken.ShouldHaveSingleItem());
    }

    public async ValueTask DisposeAsync()
    {
        if (TestServers.HasRabbitMq)
        {
            await _worker.DisposeAsync();
            await Broker.DisposeAsync();
        }

        await Host.DisposeAsync();
        _folder.Dispose();
    }
}
