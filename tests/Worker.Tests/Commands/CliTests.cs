using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Worker.Commands;
using Worker.Hosting;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Tests.Commands;

[Collection("demo")]
public sealed class CliTests : IDisposable
{
    private readonly CommandLine _worker = new();

    public void Dispose() => _worker.Dispose();

    [Fact]
    public async Task The_help_shows_every_command_exit_code_and_key()
    {
        var (exitCode, output, _) = await _worker.RunAsync("--help");
        exitCode.ShouldBe(ExitCodes.Done);
        foreach (var command in new[] { "run", "serve", "demo", "publish", "trace", "explain", "dead-letters", "verify" })
            output.ShouldContain($"  {command}");
        foreach (var setting in Settings.All)
            output.ShouldContain(setting.Key);
        foreach (var code in new[] { "0  done", "1  some", "2  usage", "3  a server", "4  not found", "5  migrate" })
            output.ShouldContain(code);
    }

    [Theory]
    [InlineData("publish")]
    [InlineData("trace")]
    [InlineData("explain")]
    [InlineData("dead-letters", "redrive")]
    public async Task Every_command_has_help_of_its_own(params string[] command)
    {
        var (exitCode, output, error) = await _worker.RunAsync([.. command, "--help"]);
        exitCode.ShouldBe(ExitCodes.Done);
        output.ShouldContain("Usage:");
        output.ShouldNotContain("Exit codes:");
        error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData]
    [InlineData("travel")]
    [InlineData("trace")]
    [InlineData("trace", "a", "b")]
    [InlineData("dead-letters", "redrive")]
    [InlineData("dead-letters", "discard", "id", "--all")]
    [InlineData("publish", "does-not-exist.jsonl")]
    [InlineData("run", "--Traces:Settle=soon")]
    [InlineData("demo", "--Mode=server")]
    public async Task What_cannot_be_understood_ends_with_2_and_a_sentence(params string[] args)
    {
        var (exitCode, output, error) = args is ["demo", ..]
            ? await _worker.RunAsync(["verify", .. args[1..]])
            : await _worker.RunAsync(args);
        exitCode.ShouldBe(ExitCodes.Usage);
        output.ShouldBeEmpty();
        error.ShouldNotBeEmpty();
        error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_mistake_in_an_Evaluator_file_stops_the_start_with_a_sentence()
    {
        var folder = Path.GetDirectoryName(_worker.File("broken.yaml", "path: x\nkind: magic\n"))!;
        var (exitCode, _, error) = await _worker.RunAsync("run", $"--Evaluation:Evaluators={folder}");
        exitCode.ShouldBe(ExitCodes.Usage);
        error.ShouldContain("broken.yaml");
        error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_second_worker_on_one_folder_is_told_so()
    {
        using var host = _worker.Host();
        using var hold = await host.Services.HoldStoreAsync(TestContext.Current.CancellationToken);
        var (exitCode, _, error) = await _worker.RunAsync("run");
        exitCode.ShouldBe(ExitCodes.Usage);
        error.ShouldContain("worker.lock");
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_ends_with_3()
    {
        var (exitCode, _, error) = await _worker.RunAsync(
            "dead-letters", "list", "--ConnectionStrings:RabbitMq=amqp://user:secret@127.0.0.1:1");
        exitCode.ShouldBe(ExitCodes.Unreachable);
        error.ShouldContain("127.0.0.1:1");
        error.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Publishing_reports_bad_lines_by_number_and_keeps_the_good_ones()
    {
        var file = _worker.File("logs.jsonl", """
            {"type":"tool.logged","log_id":"a"}
            hello
            {"type":"tool.logged","log_id":"b"}
            {"log_id":"c"}
            """);
        var (exitCode, output, error) = await _worker.RunAsync("publish", file, "--json");
        exitCode.ShouldBe(ExitCodes.SomeFailed);
        var counts = JsonNode.Parse(output)!;
        ((int)counts["published"]!).ShouldBe(2);
        ((int)counts["bad_lines"]!).ShouldBe(2);
        error.ShouldContain("Line 2: it is not one JSON object");
        error.ShouldContain("Line 4: type is missing");

        using var host = _worker.Host();
        await host.Services.GetRequiredService<IStore>().PrepareAsync(TestContext.Current.CancellationToken);
        var inbox = await host.Services.GetRequiredService<IInbox>().PeekAsync(
            0, 10, TestContext.Current.CancellationToken);
        inbox.Select(message => (message.Type, System.Text.Encoding.UTF8.GetString(message.Body.Span)))
            .ShouldBe([("tool.logged", """{"log_id":"a"}"""), ("tool.logged", """{"log_id":"b"}""")]);
    }

    [Fact]
    public async Task Publishing_reads_standard_input()
    {
        var (exitCode, output, error) = await _worker.RunAsync("""{"type":"log.deleted","log_id":"a"}""", ["publish", "-"]);
        exitCode.ShouldBe(ExitCodes.Done);
        output.ShouldBeEmpty();
        error.ShouldStartWith("Published 1 message to the inbox in ");
        error.ShouldContain("0 bad lines.");
    }

    [Theory]
    [InlineData("trace")]
    [InlineData("explain")]
    public async Task What_is_not_stored_ends_with_4(string command)
    {
        (await _worker.RunAsync(command, "nowhere")).ExitCode.ShouldBe(
            ExitCodes.NotFound, "there is no store yet, and none is made by looking");
        Directory.Exists(_worker.Storage).ShouldBeFalse();
        await _worker.RunAsync("", ["publish", "-"]);
        var (exitCode, output, error) = await _worker.RunAsync(command, "nowhere");
        exitCode.ShouldBe(ExitCodes.NotFound);
        output.ShouldBeEmpty();
        error.ShouldStartWith("No Log nowhere is stored");
    }

    [Fact]
    public async Task The_demo_prints_the_trace_of_the_outer_flow_with_verdicts()
    {
        var (exitCode, output, error) = await _worker.RunAsync("demo");
        exitCode.ShouldBe(ExitCodes.Done, error);
        output.ShouldStartWith("flow support/answer-ticket");
        output.ShouldContain("✓ monitoring/answer-given: true");
        output.ShouldContain("✗ monitoring/no-tool-failed: false");
        output.ShouldContain("failed: payment gateway timed out");
        output.ShouldContain("flow support/refund");
        output.ShouldContain("✓ ev: true  from outside  log_");
        output.ShouldContain("= ev: [\"a\",\"b\"]; it failed: e  from outside  log_");
        output.ShouldNotContain("\u001b");

        // The same store, looked at afterwards.
        (await _worker.RunAsync("verify")).ExitCode.ShouldBe(ExitCodes.Done);
        var explained = JsonNode.Parse((await _worker.RunAsync("explain", "log_refund_1", "--json")).Output)!;
        ((string?)explained["state"]).ShouldBe("judged");
        explained["decisions"]!.AsArray().Count.ShouldBe(5);
        (await _worker.RunAsync("explain", "log_refund_1")).Output.ShouldContain("monitoring/answer-given");
        (await _worker.RunAsync("explain", "log_find-order_1")).Output.ShouldContain("not_attached");
        ((await _worker.RunAsync("trace", "log_issue-refund_1")).Output + (await _worker.RunAsync("trace", "my-trace")).Output).ShouldBe(output);
        (await _worker.RunAsync("verify")).Output.ShouldContain("1 Log judged from outside (of which 0 not stored yet)");
    }

    [Fact]
    public async Task The_demo_prints_only_the_Flow_Log_as_JSON_and_leaves_nothing_behind()
    {
        var before = Directory.GetDirectories(Path.GetTempPath(), "worker-demo-*");
        var (exitCode, output, error) = await CommandLine.RunWithoutStorageAsync("demo", "--json");
        exitCode.ShouldBe(ExitCodes.Done, error);
        var log = JsonNode.Parse(output)!;
        ((string?)log["id"]).ShouldBe("log_answer-ticket_1");
        log["evaluator_logs"]!.AsArray().Count.ShouldBe(5);
        log["trace_children"]!.AsArray().Count.ShouldBe(4);
        Directory.GetDirectories(Path.GetTempPath(), "worker-demo-*").Except(before).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_demo_can_be_looked_at_until_its_end_is_asked_for()
    {
        using var client = new HttpClient();
        var (page, trace) = ("", "");
        var (exitCode, error) = await _worker.RunUntilAsync(
            "To look at: ",
            async line =>
            {
                var address = new Uri(line.Split(' ')[3]);
                page = await client.GetStringAsync(address, TestContext.Current.CancellationToken);
                trace = await client.GetStringAsync(
                    new Uri(address, "/v5/logs/log_answer-ticket_1"), TestContext.Current.CancellationToken);
            },
            "demo",
            "--open");
        exitCode.ShouldBe(ExitCodes.Done, error);
        page.ShouldContain("<!doctype html>");
        ((string?)JsonNode.Parse(trace)!["id"]).ShouldBe("log_answer-ticket_1");
    }

    [Fact]
    public async Task Verify_ends_with_1_when_something_is_owed()
    {
        using var host = _worker.Host();
        var services = host.Services;
        await services.GetRequiredService<IStore>().PrepareAsync(TestContext.Current.CancellationToken);
        await services.GetRequiredService<ILogStore>().WriteAsync(
            [Some.FlowLog("f", complete: true)], TestContext.Current.CancellationToken);
        var (exitCode, output, _) = await _worker.RunAsync("verify");
        exitCode.ShouldBe(ExitCodes.SomeFailed);
        output.ShouldStartWith("Flow Log f is complete and has no run.");
        output.ShouldContain("1 fault.");

        var lines = (await _worker.RunAsync("verify", "--json")).Output.Split(
            '\n', StringSplitOptions.RemoveEmptyEntries);
        ((string?)JsonNode.Parse(lines[0])!["fault"]).ShouldStartWith("Flow Log f");
        ((int)JsonNode.Parse(lines[1])!["faults"]!).ShouldBe(1);
    }

    [Fact]
    public async Task Superseded_verdicts_are_shown_on_demand()
    {
        using var host = _worker.Host();
        var services = host.Services;
        await services.GetRequiredService<IStore>().PrepareAsync(TestContext.Current.CancellationToken);
        await services.GetRequiredService<ILogStore>().WriteAsync(
            [Some.FlowLog("f", complete: true)], TestContext.Current.CancellationToken);
        var runs = services.GetRequiredService<IRunStore>();
        await runs.WakeAsync([new Wake("f", true)], Some.Timers, Some.Time, TestContext.Current.CancellationToken);
        var run = (await runs.ReadAsync("f", TestContext.Current.CancellationToken))!;
        await runs.SaveAsync(
            run with { Revision = 2, State = RunState.Judged }, [], TestContext.Current.CancellationToken);
        await services.GetRequiredService<IEvaluatorLogStore>().AddAsync(
            [Some.EvaluatorLog("f", 1, judgment: "false"), Some.EvaluatorLog("f", 2)], TestContext.Current.CancellationToken);

        (await _worker.RunAsync("trace", "f")).Output.ShouldNotContain("superseded");
        (await _worker.RunAsync("trace", "f", "--revisions")).Output.ShouldContain("false (revision 1, superseded)");
    }
}
