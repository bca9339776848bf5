using System.Text.Json.Nodes;
using Worker.IntegrationTests.MongoDb;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests;

/// <summary>
/// A Prompt Log with an Evaluator of its own, through the built worker: what comes or goes under it later is judged
/// again.
/// </summary>
public sealed class JudgedAgainTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly MongoTestStore _database = new();
    private readonly Dictionary<string, string> _settings = [];

    public ValueTask InitializeAsync()
    {
        var evaluators = Directory.CreateDirectory(System.IO.Path.Combine(_folder.Path, "evaluators")).FullName;
        File.WriteAllText(
            System.IO.Path.Combine(evaluators, "steps.yaml"),
            """
            path: checks/steps
            kind: rules
            return_type: number
            attach:
              - kind: prompt
                path: "**"
            rule:
              count: { of: descendants }
            """);
        _settings["Evaluation:Evaluators"] = evaluators;
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public Task A_judged_prompt_log_is_judged_again_when_something_comes_or_goes_under_it() => JudgeAgainAsync();

    [MongoFact]
    public Task A_judged_prompt_log_is_judged_again_when_something_comes_or_goes_under_it_on_MongoDB()
    {
        _settings["ConnectionStrings:MongoDb"] = MongoUri.Parse(TestServers.MongoDb!).WithDatabase(_database.Name).ToString();
        return JudgeAgainAsync();
    }

    private async Task JudgeAgainAsync()
    {
        await using var worker = WorkerProcess.Run(_folder.Path, broker: null, _settings);
        await PublishAsync(
            """{"type":"tool.logged","log_id":"step","trace_parent_id":"the prompt"}""",
            """{"type":"prompt.logged","log_id":"the prompt","path":"answers","output":"42"}""");
        var revision = await JudgedAsync(worker, steps: 1);

        // Not a child: what is on the way up is no Flow Log, and says nothing of itself.
        await PublishAsync("""{"type":"tool.logged","log_id":"leaf","trace_parent_id":"step"}""");
        (await JudgedAsync(worker, steps: 2)).ShouldBe(revision + 1);

        await PublishAsync("""{"type":"tool.logged","log_id":"leaf","trace_parent_id":"elsewhere"}""");
        (await JudgedAsync(worker, steps: 1)).ShouldBe(revision + 2);

        await PublishAsync("""{"type":"log.deleted","log_id":"step"}""");
        (await JudgedAsync(worker, steps: 0)).ShouldBe(revision + 3);
        (await CommandAsync("verify")).ExitCode.ShouldBe(0);
    }

    /// <summary>Waits until the current revision counts so many Logs under the prompt's; its number.</summary>
    private async Task<int> JudgedAsync(WorkerProcess worker, int steps)
    {
        var revision = 0;
        await worker.UntilAsync($"{steps} steps are judged", async () =>
        {
            var shown = await CommandAsync("trace", "the prompt", "--json");
            if (shown.ExitCode != 0 || JsonNode.Parse(shown.Output)!["evaluator_logs"]!.AsArray() is not [{ } verdict]
                || (int?)verdict["judgment"] != steps)
                return false;
            revision = (int)verdict["revision"]!;
            return true;
        });
        return revision;
    }

    private async Task PublishAsync(params string[] lines)
    {
        var file = System.IO.Path.Combine(_folder.Path, "messages.jsonl");
        await File.WriteAllLinesAsync(file, lines, TestContext.Current.CancellationToken);
        (await CommandAsync("publish", file)).ExitCode.ShouldBe(0);
    }

    private Task<ProgramResult> CommandAsync(params string[] arguments) =>
        WorkerProcess.CommandAsync(_folder.Path, broker: null, _settings, arguments);
}
