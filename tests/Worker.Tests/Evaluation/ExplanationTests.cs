using Worker.Evaluation;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Evaluation;

public sealed class ExplanationTests
{
    private readonly InMemoryStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_log_that_is_not_stored_has_none() => (await ExplainAsync("nothing")).ShouldBeNull();

    [Fact]
    public async Task A_log_without_a_run_says_why()
    {
        await StoreAsync(
            Some.FlowLog("open"),
            Some.FlowLog("requested") with { CompletionRequestedAt = 1 },
            Some.FlowLog("answered") with { HadOutput = true, OutcomeAt = 1 },
            Some.Log("tool", "open"),
            Some.FlowLog("misspelt") with { HadOutput = true, OutcomeAt = 1, Problems = ["a", LogStatuses.Unknown("trace_status", "done")] },
            Some.FlowLog("respelt", complete: true) with { Problems = [LogStatuses.Unknown("trace_status", "done")] },
            Some.Log("watched", fields: [(LogFields.Path, "\"watched\"")]),
            Some.Log("unfinished", fields: [(LogFields.Path, "\"watched\""), (LogFields.LogStatus, "\"incomplete\"")]) with { HadOutput = true },
            Some.FlowLog("one", "two", complete: true),
            Some.FlowLog("two", "one", complete: true),
            Some.FlowLog("under", "two", complete: true),
            Some.Tombstone("gone"));

        (await WhyAsync("open")).ShouldBe(
            (NotJudgedReason.NotComplete, "It waits for trace_status complete, and output or error."));
        (await WhyAsync("requested")).ShouldBe((NotJudgedReason.NotComplete, "It waits for output or error."));
        (await WhyAsync("answered")).ShouldBe((NotJudgedReason.NotComplete, "It waits for trace_status complete."));
        (await WhyAsync("misspelt")).ShouldBe(
            (NotJudgedReason.NotComplete, "It waits for trace_status complete. Its trace_status was \"done\", which is neither \"complete\" nor \"incomplete\"."));
        (await WhyAsync("respelt")).ShouldBe((null, "Its run is not opened yet."));
        (await WhyAsync("tool")).ShouldBe((NotJudgedReason.NotAttached, "No Evaluator is attached to it."));
        (await WhyAsync("watched")).ShouldBe((NotJudgedReason.NotComplete, "It waits for output or error."));
        (await WhyAsync("unfinished")).ShouldBe(
            (NotJudgedReason.NotComplete, "It waits for a log_status other than incomplete."));
        (await WhyAsync("one")).ShouldBe(
            (NotJudgedReason.Cycle, "Its parents lead back to it: send a trace_parent_id that ends the cycle."));
        (await WhyAsync("under")).ShouldBe((null, "Its run is not opened yet."));
        (await WhyAsync("gone")).ShouldBe((NotJudgedReason.Deleted, "The Log was deleted."));
    }

    [Fact]
    public async Task A_judged_log_has_its_decisions_by_revision()
    {
        await StoreAsync(Some.FlowLog("f", complete: true));
        await ((IRunStore)_store).WakeAsync([new Wake("f", true)], Some.Timers, Some.Time, Token);
        var run = (await ((IRunStore)_store).ReadAsync("f", Token))! with { State = RunState.Judged, Revision = 2, Pins = [Some.Pin("ev-1", Outcome.Ran)] };
        Decision[] decisions = [Some.Decision("f", 1, outcome: Outcome.Superseded), Some.Decision("f", 2)];
        await ((IRunStore)_store).SaveAsync(run, decisions, Token);

        var explanation = (await ExplainAsync("f"))!;

        (explanation.NotJudged, explanation.Detail, explanation.Run!.Revision).ShouldBe((null, null, 2));
        explanation.Decisions.ShouldBe(decisions);
    }

    private async Task StoreAsync(params Log[] logs) => (await _store.WriteAsync(logs, Token)).Lost.ShouldBeEmpty();

    private async Task<(NotJudgedReason? NotJudgedReason, string? Detail)> WhyAsync(string logId) =>
        ((await ExplainAsync(logId))!.NotJudged, (await ExplainAsync(logId))!.Detail);

    private Task<Explanation?> ExplainAsync(string logId)
    {
        var catalog = new EvaluatorCatalog(
            [Rules.Evaluator(path: "flows"), Rules.Evaluator(path: "tools", attach: "{ kind: tool, path: watched }")]);
        var attachments = new StoredAttachments(_store, _store, catalog, new EvaluatorVersions(catalog, _store, Rules.Reader));
        return new ExplanationReader(
            _store, _store, _store, _store, new(_store, _store), new(_store, _store, Microsoft.Extensions.Options.Options.Create(new EvaluationOptions())), catalog, attachments).OfAsync(logId, Token);
    }
}
