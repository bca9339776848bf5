using System.Text;
using Microsoft.Extensions.Time.Testing;
using Worker.Tests.Evaluation;
using Worker.Commands;
using Worker.Evaluation;
using Worker.Reading;

namespace Worker.Tests.Reading;

/// <summary>Verdicts from outside, as people see them.</summary>
public sealed class PostedVerdictReadingTests
{
    private const string Human = """{"type":"evaluator.logged","log_id":"v","parent_id":"f","path":"feedback/helpful","judgment":true,"user":"ann","metadata":{"k":1},"spec":{"evaluator_type":"human","arguments_type":"target_free","return_type":"boolean"},"created_at":"2026-01-02T03:04:05Z","marked_completed":true,"trace_parent_id":"f"}""";

    private readonly SampleStore _sample = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_stand_beside_those_of_the_rules_and_no_revision_supersedes_them()
    {
        await CompleteAsync();
        await _sample.JudgeAsync("f", revision: 1, Some.EvaluatorLog("f", revision: 1));
        await _sample.JudgeAsync("f", revision: 2, Some.EvaluatorLog("f", revision: 2, evaluator: "ev-2"));

        var log = await _sample.JsonAsync("f", allRevisions: false);
        var all = await _sample.JsonAsync("f", allRevisions: true);

        log["evaluator_logs"]!.AsArray().Select(verdict => (string)verdict!["id"]!).ShouldBe(["verdict-f-2-ev-2", "v"]);
        var posted = all["evaluator_logs"]!.AsArray().Single(verdict => (string)verdict!["id"]! == "v")!;
        posted["revision"].ShouldBeNull();
        ((bool)posted["superseded"]!).ShouldBeFalse();
        ((string)posted["parent_id"]!).ShouldBe("f");
        ((bool)posted["judgment"]!).ShouldBeTrue();
        ((string)posted["user"]!).ShouldBe("ann");
        ((bool)posted["marked_completed"]!).ShouldBeTrue();
        ((string)posted["created_at"]!).ShouldBe("2026-01-02T03:04:05Z");
        posted["metadata"]!.ToJsonString().ShouldBe("""{"k":1}""");
        ((string)posted["evaluator"]!["path"]!).ShouldBe("feedback/helpful");
        ((string)posted["evaluator"]!["spec"]!["evaluator_type"]!).ShouldBe("human");
        log["trace_children"]!.AsArray().Count.ShouldBe(1, "a verdict is no member of the trace");
    }

    [Fact]
    public async Task One_has_every_field_that_those_of_the_rules_have()
    {
        await CompleteAsync();
        await _sample.JudgeAsync("f", revision: 1, Some.EvaluatorLog("f", revision: 1));

        var verdicts = (await _sample.JsonAsync("f"))["evaluator_logs"]!.AsArray();

        // The two that only an Evaluator that is called gives.
        verdicts[0]!.AsObject().Select(member => member.Key).Except(["reason", "details"]).ShouldBeSubsetOf(
            verdicts[1]!.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task A_verdict_on_a_verdict_is_shown_where_that_is_read()
    {
        await CompleteAsync();
        await _sample.TakeInAsync(["""{"type":"evaluator.logged","log_id":"w","parent_id":"v","judgment":0.5}"""]);

        (await _sample.JsonAsync("f"))["evaluator_logs"]![0]!["evaluator_logs"]!.AsArray().ShouldBeEmpty();
        var verdict = await _sample.JsonAsync("v");
        ((string)verdict["evaluator_logs"]![0]!["id"]!).ShouldBe("w");
        ((string)verdict["parent_id"]!).ShouldBe("f");
    }

    [Fact]
    public async Task Any_number_of_them_is_shown()
    {
        await CompleteAsync();
        await _sample.TakeInAsync(Enumerable.Range(0, 1_500).Select(number => $$"""{"type":"evaluator.logged","log_id":"v{{number}}","parent_id":"t","judgment":{{number}}}"""));

        (await _sample.JsonAsync("t"))["evaluator_logs"]!.AsArray().Count.ShouldBe(1_500);
    }

    [Fact]
    public async Task The_tree_shows_them_under_their_log()
    {
        await CompleteAsync();
        await _sample.TakeInAsync(
        [
            """{"type":"evaluator.logged","log_id":"w","parent_id":"t","path":"feedback/plain","judgment":"[bold] text"}""",
            """{"type":"evaluator.logged","log_id":"x","parent_id":"t","error":"nobody knew"}""",
            """{"type":"evaluator.logged","log_id":"y","parent_id":"t","judgment":"secret","save":false}""",
        ]);

        var tree = await TreeAsync("f");

        tree.ShouldContain("├── ✓ feedback/helpful: true  from outside  v");
        tree.ShouldContain("= feedback/plain: \"[bold] text\"  from outside  w");
        tree.ShouldContain("! (no file): no judgment; it failed: nobody knew  from outside  x");
        tree.ShouldContain("└── – (no file): no judgment was kept  from outside  y");
        (await TreeAsync("v")).ShouldStartWith("evaluator feedback/helpful  no times  true, on f  v");
    }

    [Fact]
    public async Task Explaining_a_log_names_them_and_explaining_one_says_what_it_is_on()
    {
        await CompleteAsync();
        await _sample.TakeInAsync(["""{"type":"evaluator.logged","log_id":"early","parent_id":"later","judgment":1}"""]);

        var (store, catalog) = (_sample.Store, new EvaluatorCatalog([]));
        var attachments = new StoredAttachments(
            store.Monitorings, store.Files, catalog, new EvaluatorVersions(catalog, store.Files, Rules.Reader));
        var explanations = new ExplanationReader(
            store.Logs,
            store.Traces,
            store.Runs,
            store.Posted,
            new(store.Traces, store.Verdicts),
            new(store.Posted, store.Runs, Microsoft.Extensions.Options.Options.Create(new EvaluationOptions())),
            catalog,
            attachments);

        (await explanations.OfAsync("f", Token))!.Posted.Select(verdict => verdict.Id).ShouldBe(["v"]);
        var verdict = (await explanations.OfAsync("v", Token))!;
        (verdict.NotJudged, verdict.Detail).ShouldBe((NotJudgedReason.NotAttached, "It is a verdict on f. No Evaluator is attached to it."));
        (await explanations.OfAsync("early", Token))!.Detail.ShouldBe("It is a verdict on later, which is not stored yet. No Evaluator is attached to it.");
        var text = await OutputAsync(context => ExplainCommand.ShowAsync(context, explanations, "f", json: false, Token));
        text.ShouldContain("From outside: feedback/helpful: true (v).");
        (await OutputAsync(context => ExplainCommand.ShowAsync(context, explanations, "f", json: true, Token))).ShouldContain("\"judgment\": true");
    }

    [Fact]
    public async Task A_verdict_on_what_is_yet_to_come_is_no_fault_and_one_on_what_was_deleted_is()
    {
        await CompleteAsync();
        await _sample.TakeInAsync(["""{"type":"evaluator.logged","log_id":"early","parent_id":"later","judgment":1}"""]);
        (await CheckAsync()).Faults.ShouldBeEmpty();
        (await CheckAsync()).Counts.JudgedFromOutside.ShouldBe(2);
        (await CheckAsync()).Counts.JudgedFromOutsideWithoutLog.ShouldBe(1);

        // As a worker leaves it that ended between the two writes.
        await _sample.Store.Logs.WriteAsync([Some.Tombstone("later")], Token);
        (await CheckAsync()).Faults.ShouldBe(["Log later was deleted, and still has verdicts from outside; a log.deleted for it drops what is left."]);

        await _sample.TakeInAsync(["""{"type":"log.deleted","log_id":"later"}"""]);
        (await CheckAsync()).Faults.ShouldBeEmpty();
    }

    private Task CompleteAsync() => _sample.TakeInAsync(
    [
        """{"type":"tool.logged","log_id":"t","trace_parent_id":"f"}""",
        """{"type":"flow.logged","log_id":"f","output":"x"}""",
        Human,
    ]);

    private async Task<string> TreeAsync(string logId)
    {
        var reader = _sample.Reader;
        return await OutputAsync(context => TraceCommand.ShowAsync(context, reader, logId, json: false, revisions: false, Token));
    }

    private static async Task<string> OutputAsync(Func<CommandContext, Task<int>> command)
    {
        using var input = new MemoryStream();
        using var output = new MemoryStream();
        using var error = new StringWriter();
        (await command(new CommandContext(new Terminal(input, output, error, outputIsTerminal: false, errorIsTerminal: false), []))).ShouldBe(ExitCodes.Done);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private async Task<(StoreCounts Counts, List<string> Faults)> CheckAsync()
    {
        List<string> faults = [];
        var store = _sample.Store;
        var check = new StoreCheck(
            new FlowCheck(store.Traces, store.Runs, new(store.Runs, store.Verdicts, new FakeTimeProvider(Some.Time), Runners.Policy)),
            new LeftoverCheck(
                store.Traces,
                store.Logs,
                store.Runs,
                store.Verdicts,
                store.Posted,
                new(store.Runs, store.Verdicts, new(store.Runs, store.Verdicts, new FakeTimeProvider(Some.Time), Runners.Policy))),
            new LetterCheck(store.Logs),
            new RemovalCheck(store.Removals, store.Pins, store.Traces, new FakeTimeProvider(Some.Time)),
            new DiscardCount(store.Audit));
        return (await check.CheckAsync(AsyncEnumerable.Empty<Worker.Storage.DeadLetter>(), faults.Add, Token), faults);
    }
}
