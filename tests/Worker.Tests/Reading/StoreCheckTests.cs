using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Worker.Tests.Evaluation;
using Worker.Reading;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Tests.Reading;

public sealed class StoreCheckTests
{
    private readonly SampleStore _sample = new();
    private readonly FakeTimeProvider _time = new(Some.Time);

    [Fact]
    public async Task A_judged_trace_with_all_its_decisions_and_verdicts_has_no_fault()
    {
        await CompleteAsync();
        await SaveAsync(run => run with { State = RunState.Judged, Due = null, Revision = 1, Pins = [Some.Pin("ev-1", Outcome.Ran)] }, Some.Decision("f"));
        await _sample.Store.Verdicts.AddAsync([Some.EvaluatorLog("f")], CancellationToken.None);
        var (counts, faults) = await CheckAsync();
        faults.ShouldBeEmpty();
        (counts.Flows, counts.Judged, counts.Decisions, counts.Verdicts).ShouldBe((1, 1, 1, 1));
    }

    [Fact]
    public async Task A_complete_Flow_Log_without_a_run_is_a_fault()
    {
        await CompleteAsync();
        await _sample.Store.Runs.DropAsync(["f"], CancellationToken.None);
        (await CheckAsync()).Faults.ShouldBe(["Flow Log f is complete and has no run."]);
    }

    [Fact]
    public async Task A_pin_without_a_decision_and_a_decision_without_its_verdict_are_faults()
    {
        await CompleteAsync();
        await SaveAsync(
            run => run with { State = RunState.Judged, Due = null, Revision = 1, Pins = [Some.Pin("ev-1"), Some.Pin("ev-2")] }, Some.Decision("f"));
        (await CheckAsync()).Faults.ShouldBe(
        [
            "Revision 1 of f has no decision for Evaluator ev-2.",
            "Evaluator ev-1 ran on revision 1 of f and has 0 Evaluator Logs; it must have exactly one.",
        ]);
    }

    [Fact]
    public async Task Of_a_run_under_way_a_pin_that_has_not_answered_needs_no_decision_and_one_that_has_does()
    {
        await CompleteAsync();
        await SaveAsync(run => run with
        {
            State = RunState.Evaluating,
            Revision = 1,
            Pins = [Some.Pin("ev-1"), Some.Pin("ev-2", Outcome.SampledOut)],
        });
        var (counts, faults) = await CheckAsync();
        faults.ShouldBe(["Revision 1 of f has no decision for Evaluator ev-2."]);
        counts.UnderWay.ShouldBe(1);
    }

    [Fact]
    public async Task What_says_what_it_waits_for_is_no_fault()
    {
        await CompleteAsync();
        await SaveAsync(run => run with { Due = null, WaitingFor = "output or error" });
        var (counts, faults) = await CheckAsync();
        faults.ShouldBeEmpty();
        counts.Waiting.ShouldBe(1);
    }

    [Fact]
    public async Task A_removal_that_was_left_and_a_pin_on_nothing_are_faults()
    {
        var store = _sample.Store;
        await store.Removals.SaveAsync(new(["gone"], ["gone"], Some.Time), CancellationToken.None);
        await store.Pins.PinAsync(new("nothing", Some.Time), CancellationToken.None);
        (await CheckAsync()).Faults.ShouldBe(["Log nothing is pinned and not stored, or was deleted; worker unpin nothing takes it away."]);

        _time.Advance(TimeSpan.FromHours(2));
        (await CheckAsync()).Faults[0].ShouldBe(
            "The removal of gone and what goes with it was begun at 2026-01-02 03:04:05Z and has not ended; worker retention ends it.");
    }

    [Fact]
    public async Task Letters_that_were_thrown_away_are_counted_and_those_of_which_nobody_wrote_the_end_apart()
    {
        var audit = _sample.Store.Audit;
        await audit.SaveAsync(Entry("aud_1", AuditAct.LettersDiscarded, ("discarded", 3)), CancellationToken.None);
        await audit.SaveAsync(Entry("aud_2", AuditAct.LogsDeleted, ("dead_letters", 2), ("logs", 9)), CancellationToken.None);
        await audit.SaveAsync(Entry("aud_3", AuditAct.LettersRedriven, ("redriven", 7)), CancellationToken.None);
        await audit.SaveAsync(
            Entry("aud_4", AuditAct.LettersDiscarded) with { Outcome = AuditOutcome.Begun, SubjectCount = 4 },
            CancellationToken.None);

        var (counts, faults) = await CheckAsync();

        (counts.Discarded, counts.DiscardedPerhaps).ShouldBe((5, 4));
        faults.ShouldBeEmpty();
    }

    private static AuditEntry Entry(string id, AuditAct act, params (string Name, long Count)[] counts) => new()
    {
        Id = id,
        At = Some.Time,
        Actor = "a",
        Origin = "b",
        Act = act,
        Outcome = AuditOutcome.Done,
        Counts = counts.ToImmutableSortedDictionary(count => count.Name, count => count.Count),
    };

    [Fact]
    public async Task A_run_that_nobody_took_long_after_it_was_due_is_a_fault()
    {
        await CompleteAsync();
        (await CheckAsync()).Faults.ShouldBeEmpty();
        _time.Advance(TimeSpan.FromMinutes(5));
        (await CheckAsync()).Faults.ShouldHaveSingleItem().ShouldContain("no worker has taken it; is one running?");
    }

    [Fact]
    public void A_dead_letter_has_a_reason_that_the_worker_gives()
    {
        LetterCheck.FaultOf(Some.DeadLetter()).ShouldBeNull();
        LetterCheck.FaultOf(Some.DeadLetter(reason: "")).ShouldNotBeNull();
        LetterCheck.FaultOf(Some.DeadLetter(reason: "bad luck")).ShouldNotBeNull().ShouldContain("bad luck");
    }

    [Fact]
    public async Task What_hangs_on_a_log_that_does_not_stand_is_a_fault_each()
    {
        await CompleteAsync();
        await _sample.JudgeAsync(
            "never stored", 1, Some.EvaluatorLog("never stored"), Some.EvaluatorLog("never stored", evaluator: "ev-2"));
        await _sample.JudgeAsync("t", 1, Some.EvaluatorLog("t"));
        var run = (await _sample.Store.Runs.ReadAsync("never stored", CancellationToken.None))!;
        await _sample.Store.Runs.SaveAsync(
            run, [Some.Decision("never stored"), Some.Decision("never stored", revision: 2)], CancellationToken.None);

        var (counts, faults) = await CheckAsync();

        faults.ShouldBe(
        [
            "Log never stored is not stored, or was deleted, and still has a run; a log.deleted for it drops what is left.",
            "Log never stored is not stored, or was deleted, and still has decisions; a log.deleted for it drops what is left.",
            "Log never stored is not stored, or was deleted, and still has Evaluator Logs; a log.deleted for it drops what is left.",
        ]);
        (counts.Runs, counts.RunsWithoutLog, counts.DecisionsWithoutLog, counts.VerdictsWithoutLog).ShouldBe(
            (3, 1, 2, 2));

        await _sample.TakeInAsync(["""{"type":"log.deleted","log_id":"never stored"}"""]);
        (await CheckAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_left_on_a_deleted_log_is_a_fault()
    {
        await CompleteAsync();
        await _sample.TakeInAsync(["""{"type":"log.deleted","log_id":"f"}"""]);
        (await CheckAsync()).Faults.ShouldBeEmpty();

        await _sample.JudgeAsync("f", 1, Some.EvaluatorLog("f"));

        (await CheckAsync()).Faults.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_letter_with_the_body_of_a_message_for_a_withheld_log_is_a_fault()
    {
        await _sample.TakeInAsync(["""{"type":"tool.logged","log_id":"t","save":false}""", """{"type":"tool.logged","log_id":"open"}"""]);
        var letter = Some.DeadLetter("told") with { LogId = "t" };

        // More than a page of letters, and the one in question in the last.
        var (counts, faults) = await CheckAsync(
        [
            letter with { DeadLetterId = "kept back", Body = null, Withheld = true },
            letter with { DeadLetterId = "of another", LogId = "open" },
            letter with { DeadLetterId = "of nobody", LogId = null },
            .. Enumerable.Range(0, 150).Select(number => letter with { DeadLetterId = $"{number}", LogId = "unknown" }),
            letter,
        ]);

        faults.ShouldBe(
            ["Dead letter told holds the body of a message for Log t, which asked not to be saved; discard it."]);
        (counts.DeadLetters, counts.LettersWithABody).ShouldBe((154, 1));
    }

    private Task CompleteAsync() => _sample.TakeInAsync(
    [
        """{"type":"tool.logged","log_id":"t"}""",
        """{"type":"flow.logged","log_id":"f","output":"x","trace_status":"complete"}""",
        """{"type":"flow.logged","log_id":"open","output":"x"}""",
    ]);

    private async Task SaveAsync(Func<Run, Run> change, params Decision[] decisions) =>
        (await _sample.Store.Runs.SaveAsync(change((await _sample.Store.Runs.ReadAsync("f", CancellationToken.None))!), decisions, CancellationToken.None)).ShouldBeTrue();

    private async Task<(StoreCounts Counts, List<string> Faults)> CheckAsync(params DeadLetter[] letters)
    {
        List<string> faults = [];
        var store = _sample.Store;
        var check = new StoreCheck(
            new FlowCheck(store.Traces, store.Runs, new(store.Runs, store.Verdicts, _time, Runners.Policy)),
            new LeftoverCheck(
                store.Traces,
                store.Logs,
                store.Runs,
                store.Verdicts,
                store.Posted,
                new(store.Runs, store.Verdicts, new(store.Runs, store.Verdicts, _time, Runners.Policy))),
            new LetterCheck(store.Logs),
            new RemovalCheck(store.Removals, store.Pins, store.Traces, _time),
            new DiscardCount(store.Audit));
        var counts = await check.CheckAsync(letters.ToAsyncEnumerable(), faults.Add, CancellationToken.None);
        counts.Faults.ShouldBe(faults.Count);
        return (counts, faults);
    }
}
