using System.Text.Json;
using System.Text.Json.Nodes;
using Worker.Traces;

namespace Worker.Tests.Reading;

public sealed class LogJsonTests
{
    /// <summary>Every field that updating a Flow Log answers with.</summary>
    private static readonly string[] PageFields =
    [
        "id", "evaluator_logs", "flow", "start_time", "end_time", "output", "created_at", "error", "provider_latency", "stdout",
        "provider_request", "provider_response", "inputs", "source", "metadata", "source_datapoint_id", "trace_parent_id", "batches",
        "user", "environment", "save", "trace_flow_id", "trace_id", "trace_children", "trace_status",
    ];

    private readonly SampleStore _sample = new();

    [Fact]
    public async Task Every_field_of_the_page_is_there_for_every_Log_of_the_trace()
    {
        await _sample.TakeInAsync(HumanloopTraffic.Sample());
        var log = await _sample.JsonAsync("log_answer-ticket_1");

        var logs = Flatten(log).ToList();
        logs.Count.ShouldBe(7);
        foreach (var each in logs)
            PageFields.Where(field => field != "flow").Append("log_status").ShouldBeSubsetOf(Names(each));
        logs.Count(each => Names(each).Contains("flow")).ShouldBe(2);
        logs.Count(each => Names(each).Contains("tool")).ShouldBe(5);
    }

    [Fact]
    public async Task A_Flow_Log_shows_what_is_folded_from_its_trace()
    {
        await _sample.TakeInAsync(HumanloopTraffic.Sample());
        var log = await _sample.JsonAsync("log_answer-ticket_1");

        Text(log, "start_time").ShouldBe("2026-11-21T20:09:02.342000Z");
        Text(log, "end_time").ShouldBe("2026-11-21T20:09:02.598434Z");
        Text(log, "trace_status").ShouldBe("complete");
        Text(log, "log_status").ShouldBe("complete");
        var refund = Flatten(log).Single(each => Text(each, "id") == "log_refund_1");
        Text(refund, "end_time").ShouldBe(
            "2026-11-21T20:09:02.513000Z", "it ends when it is completed, which is after its last call");
        Text(refund, "trace_parent_id").ShouldBe("log_answer-ticket_1");
    }

    [Fact]
    public async Task Trace_and_Flow_are_computed_from_the_outermost_Flow_Log()
    {
        await _sample.TakeInAsync(HumanloopTraffic.Sample());
        var flowId = DerivedIds.File(LogKind.Flow, "support/answer-ticket");

        foreach (var each in Flatten(await _sample.JsonAsync("log_answer-ticket_1")).Append(await _sample.JsonAsync("log_issue-refund_1")))
        {
            Text(each, "trace_id").ShouldBe("log_answer-ticket_1");
            Text(each, "trace_flow_id").ShouldBe(flowId);
        }
    }

    [Fact]
    public async Task A_File_is_shown_with_its_Version_and_the_details()
    {
        await _sample.TakeInAsync(HumanloopTraffic.Sample());
        var flow = (await _sample.JsonAsync("log_refund_1"))["flow"]!;
        Text(flow, "path").ShouldBe("support/refund");
        Text(flow, "name").ShouldBe("refund");
        Text(flow, "id").ShouldBe(DerivedIds.File(LogKind.Flow, "support/refund"));
        Text(flow, "version_id").ShouldStartWith("flv_");
        Text(flow["attributes"]!, "strategy").ShouldBe("policy-first");

        var tool = (await _sample.JsonAsync("log_issue-refund_1"))["tool"]!;
        Text(tool["function"]!, "name").ShouldBe("issue_refund");
    }

    [Fact]
    public async Task What_was_not_to_be_saved_is_null_and_said_so()
    {
        await _sample.TakeInAsync(HumanloopTraffic.Sample());
        var log = await _sample.JsonAsync("my-id");
        ((bool)log["save"]!).ShouldBeFalse();
        log["inputs"].ShouldBeNull();
        log["output"].ShouldBeNull();
        Text(log, "environment").ShouldBe("staging");
        log["metadata"]!.ToJsonString().ShouldBe("""{"k":null}""");
    }

    [Fact]
    public async Task Evaluator_Logs_of_the_standing_revision_are_whole()
    {
        await _sample.TakeInAsync(HumanloopTraffic.SupportAgent());
        await _sample.JudgeAsync("log_refund_1", 1, Some.EvaluatorLog("log_refund_1", 1, judgment: "false"));
        await _sample.JudgeAsync(
            "log_refund_1", 2, Some.EvaluatorLog("log_refund_1", 2, judgment: null, error: "it broke"));

        var log = Flatten(await _sample.JsonAsync("log_answer-ticket_1")).Single(
            each => Text(each, "id") == "log_refund_1");
        var verdict = log["evaluator_logs"]!.AsArray().ShouldHaveSingleItem()!;
        Text(verdict, "parent_id").ShouldBe("log_refund_1");
        verdict["judgment"].ShouldBeNull();
        Text(verdict, "error").ShouldBe("it broke");
        Text(verdict["evaluator"]!, "path").ShouldBe("checks/ev-1");
        Text(verdict["evaluator"]!, "version_id").ShouldBe("ev-1-v1");
        PageFields.Where(field => field is not ("flow" or "trace_status")).ShouldBeSubsetOf(Names(verdict));

        var all = (await _sample.JsonAsync("log_refund_1", allRevisions: true))["evaluator_logs"]!.AsArray();
        all.Select(each => ((int)each!["revision"]!, (bool)each["superseded"]!)).ShouldBe([(1, true), (2, false)]);
    }

    [Fact]
    public async Task Verdicts_on_a_verdict_are_under_it()
    {
        await _sample.TakeInAsync(HumanloopTraffic.SupportAgent());
        var verdict = Some.EvaluatorLog("log_refund_1", judgment: "false");
        await _sample.JudgeAsync("log_refund_1", 1, verdict);
        await _sample.JudgedVerdictAsync(verdict, Some.EvaluatorLog(verdict.Id, evaluator: "ev-2"));

        var log = Flatten(await _sample.JsonAsync("log_refund_1")).First();

        var on = log["evaluator_logs"]!.AsArray().ShouldHaveSingleItem()!["evaluator_logs"]!.AsArray();
        Text(on.ShouldHaveSingleItem()!, "parent_id").ShouldBe(verdict.Id);
        Text(on[0]!["evaluator"]!, "path").ShouldBe("checks/ev-2");
        on[0]!["evaluator_logs"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Tokens_and_costs_are_summed_without_loss()
    {
        await _sample.TakeInAsync(
        [
            """{"type":"flow.logged","log_id":"f","path":"f"}""",
            """{"type":"prompt.logged","log_id":"p","path":"p","trace_parent_id":"f","prompt_tokens":10,"output_cost":0.1}""",
            """{"type":"prompt.logged","log_id":"q","path":"q","trace_parent_id":"p","prompt_tokens":5,"output_cost":0.2,"prompt_cost":1e400}""",
        ]);
        var log = await _sample.JsonAsync("f");
        log["prompt_tokens"]!.ToJsonString().ShouldBe("15");
        log["output_cost"]!.ToJsonString().ShouldBe("0.3");
        Names(log).ShouldNotContain("prompt_cost");
        Flatten(log).Single(each => Text(each, "id") == "p")["prompt_tokens"]!.ToJsonString().ShouldBe("10");
    }

    [Fact]
    public async Task A_Log_without_anything_has_every_field_all_the_same()
    {
        await _sample.TakeInAsync(["""{"type":"flow.log.updated","log_id":"bare"}"""]);
        var log = await _sample.JsonAsync("bare");
        PageFields.ShouldBeSubsetOf(Names(log));
        Text(log, "trace_status").ShouldBe("incomplete");
        log["flow"]!["path"].ShouldBeNull();
        log["inputs"]!.ToJsonString().ShouldBe("{}");
    }

    [Fact]
    public async Task A_trace_as_deep_as_it_may_be_is_written()
    {
        await _sample.Store.Logs.WriteAsync([.. Enumerable.Range(0, 20_000).Select(i => Some.FlowLog($"flow-{i}", i == 0 ? null : $"flow-{i - 1}"))], CancellationToken.None);

        var reader = new Utf8JsonReader(
            await _sample.TextAsync("flow-0"), new JsonReaderOptions { MaxDepth = 100_000 });
        var ids = 0;
        while (reader.Read())
            ids += reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("evaluator_logs") ? 1 : 0;
        ids.ShouldBe(20_000);
    }

    private static IEnumerable<JsonNode> Flatten(JsonNode log) =>
        log["trace_children"]!.AsArray().SelectMany(child => Flatten(child!)).Prepend(log);

    private static IEnumerable<string> Names(JsonNode log) => log.AsObject().Select(property => property.Key);

    private static string? Text(JsonNode log, string name) => (string?)log[name];
}
