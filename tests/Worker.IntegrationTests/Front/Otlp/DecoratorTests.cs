using System.Text.Json.Nodes;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests.Front.Otlp;

/// <summary>The decorators of the client of the service that is gone, which log over spans; it is unmodified.</summary>
public sealed class DecoratorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Flows_within_flows_and_tools_within_them_are_one_judged_trace()
    {
        var node = await Programs.NodeWithHumanloopAsync();
        await using var front = await FrontProcess.StartAsync("run", _folder.Path, broker: null);

        var result = await Programs.RunAsync(
            node,
            [Programs.Source("Front", "Otlp", "decorators.js"), Programs.Sample("node", "node_modules", "humanloop"), front.Address.ToString()]);

        result.ExitCode.ShouldBe(0, result.Error);
        var answer = JsonNode.Parse(result.Output)!;
        ((string)answer["output"]!).ShouldBe("Answered: Where?");
        TraceFits(await TraceAsync((string)answer["id"]!));
    }

    /// <summary>The whole trace, as the command shows it, once it is stored and judged.</summary>
    private Task<JsonNode> TraceAsync(string id) => Eventually.FindAsync("the trace with its verdicts", async () =>
    {
        var shown = await WorkerProcess.CommandAsync(_folder.Path, broker: null, "trace", id, "--json");
        var trace = shown.ExitCode == 0 ? JsonNode.Parse(shown.Output) : null;
        return trace?["evaluator_logs"]!.AsArray().Count > 0 && trace["trace_children"]!.AsArray().Count == 3 ? trace : null;
    });

    private static void TraceFits(JsonNode trace)
    {
        ((string)trace["trace_status"]!).ShouldBe("complete");
        ((string)trace["output"]!).ShouldBe("Answered: Where?");
        ((int)trace["flow"]!["attributes"]!["release"]!).ShouldBe(1);
        var children = trace["trace_children"]!.AsArray();
        children.Select(child => (string?)child!["tool"]?["path"]).ShouldContain("support/find-order");
        children.Select(child => (string?)child!["tool"]?["path"]).ShouldContain("support/notify");
        var refund = children.Single(child => child!["flow"] is not null)!;
        ((string)refund["flow"]!["path"]!, (string)refund["trace_status"]!).ShouldBe(("support/refund", "complete"));
        var paid = refund["trace_children"]!.AsArray().Single(child => (string)child!["tool"]!["path"]! == "support/pay-back")!;
        ((string)paid["error"]!, (string)paid["inputs"]!["order"]!).ShouldBe(("no money", "A-1"));
        ((string)paid["tool"]!["function"]!["name"]!).ShouldBe("pay_back");
    }
}
