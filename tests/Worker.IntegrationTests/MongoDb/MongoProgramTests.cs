using System.Text.Json.Nodes;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests.MongoDb;

/// <summary>The built worker on MongoDB, as an operator meets it.</summary>
public sealed class MongoProgramTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly MongoTestStore _database = new();

    private string Database => MongoUri.Parse(TestServers.MongoDb!).WithDatabase(_database.Name).ToString();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        await _database.DisposeAsync();
    }

    [MongoFact]
    public async Task Messages_are_taken_in_judged_and_shown()
    {
        (await RunAsync("publish", Sample())).ExitCode.ShouldBe(0);
        await using var worker = Run(Database);

        await worker.UntilAsync("the trace is judged", async () =>
            await RunAsync("trace", "the flow", "--json") is { ExitCode: 0 } shown && JsonNode.Parse(shown.Output)!["evaluator_logs"]!.AsArray().Count > 0);

        (await RunAsync("verify")).ExitCode.ShouldBe(0);
        (await RunAsync("explain", "the flow")).ExitCode.ShouldBe(0);
        var letters = await RunAsync("dead-letters", "list", "--json");
        letters.Output.ShouldContain("missing_field");
        (await worker.TerminateAsync(Limit)).ShouldBe(0);
        worker.Heard.ShouldContain($"database {_database.Name}");
    }

    [MongoFact]
    public async Task A_server_that_is_not_there_is_waited_for_and_named()
    {
        await using var worker = Run("mongodb://ann:secret@127.0.0.1:1/worker");

        await worker.UntilAsync(
            "it says what it waits for",
            () => worker.Heard.Contains("Waiting for the store", StringComparison.Ordinal));

        worker.Heard.ShouldContain("127.0.0.1:1");
        worker.Heard.ShouldNotContain("secret");
        worker.HasEnded.ShouldBeFalse();
    }

    [MongoFact]
    public async Task A_front_for_itself_ends_with_a_sentence_where_the_database_is_of_a_later_version()
    {
        await _database.OutgrowAsync(TestContext.Current.CancellationToken);

        var result = await CommandAsync(Database, "serve", "--Front:Address", "http://127.0.0.1:0");

        result.ExitCode.ShouldBe(2, result.Error);
        result.Error.ShouldContain("later version");
    }

    [MongoFact]
    public async Task Commands_that_only_look_end_with_3_when_the_server_is_not_there()
    {
        var result = await CommandAsync("mongodb://ann:secret@127.0.0.1:1/worker", "trace", "a");

        result.ExitCode.ShouldBe(3, result.Error);
        result.Error.ShouldContain("is not reachable");
        result.Error.ShouldNotContain("secret");
    }

    [MongoFact]
    public async Task What_waiting_does_not_heal_ends_with_2_and_a_sentence()
    {
        foreach (var wrong in new[] { "nowhere", "mongodb://ann:sec@ret:x@host:port" })
        {
            await using var worker = Run(wrong);

            (await worker.ExitAsync(Limit)).ShouldBe(2, worker.Heard);
            worker.Heard.ShouldContain("is not a connection string");
        }
    }

    private string Sample()
    {
        var file = System.IO.Path.Combine(_folder.Path, "messages.jsonl");
        File.WriteAllLines(file,
        [
            """{"type":"tool.logged","log_id":"the tool","trace_parent_id":"the flow","output":"1","inputs":{"$a.b":{"":18446744073709551616}}}""",
            """{"type":"tool.logged","log_id":5}""",
            """{"type":"flow.log.updated","trace_status":"complete","output":"x"}""",
            """{"type":"flow.logged","log_id":"the flow","path":"support/answer","trace_status":"complete","output":"done"}""",
        ]);
        return file;
    }

    private WorkerProcess Run(string server) =>
        WorkerProcess.Run(
            _folder.Path, broker: null, new Dictionary<string, string> { ["ConnectionStrings:MongoDb"] = server });

    private Task<ProgramResult> RunAsync(params string[] arguments) => CommandAsync(Database, arguments);

    private Task<ProgramResult> CommandAsync(string server, params string[] arguments) =>
        WorkerProcess.CommandAsync(_folder.Path, broker: null, [.. arguments, $"--ConnectionStrings:MongoDb={server}"]);
}
