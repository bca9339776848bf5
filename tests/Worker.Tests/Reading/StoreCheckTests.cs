using Microsoft.Extensions.Options;
using Shouldly;
using Worker.Evaluation;
using Worker.Reading;
using Worker.Testing;
using Xunit;

namespace Worker.Tests.Reading;

public sealed class StoreCheckTests
{
    private readonly SampleStore _sample = new();
    private readonly ManualTimeProvider _time = new();

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
            "Evaluator ev-1 ran on revision 1 of f and has 0 Evaluator Logs; it takes exactly one.",
        ]);
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
        StoreCheck.FaultOf(Some.DeadLetter()).ShouldBeNull();
        StoreCheck.FaultOf(Some.DeadLetter(reason: "")).ShouldNotBeNull();
        StoreCheck.FaultOf(Some.DeadLetter(reason: "bad luck")).ShouldNotBeNull().ShouldContain("bad luck");
    }

    private Task CompleteAsync() => _sample.TakeInAsync(
    [
        """{"type":"flow.logged","log_id":"f","output":"x","trace_status":"complete"}""",
        """{"type":"flow.logged","log_id":"open","output":"x"}""",
    ]);

    private async Task SaveAsync(Func<Run, Run> change, params Decision[] decisions) =>
        (await _sample.Store.Runs.SaveAsync(change((await _sample.Store.Runs.ReadAsync("f", CancellationToken.None))!), decisions, CancellationToken.None)).ShouldBeTrue();

    private async Task<(StoreCounts Counts, List<string> Faults)> CheckAsync()
    {
        List<string> faults = [];
        var check = new StoreCheck(_sample.Store.Traces, _sample.Store.Runs, _sample.Store.Verdicts, _time, Options.Create(new EvaluationOptions()));
        var counts = await check.CheckAsync(faults.Add, CancellationToken.None);
        counts.Faults.ShouldBe(faults.Count);
        return (counts, faults);
    }
}
