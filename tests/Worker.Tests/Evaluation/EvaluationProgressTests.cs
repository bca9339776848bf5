using Worker.Runs;

namespace Worker.Tests.Evaluation;

public sealed class EvaluationProgressTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly EvaluationPolicy Policy = new(Some.Timers, LatePolicy.Rejudge, Lease);
    private static readonly EvaluationPolicy Ignore = Policy with { Late = LatePolicy.Ignore };
    private static readonly RunContent Content = new(
        null, false, "digest-1", ["flow-1", "a"], [Some.Pin("ev-1"), Some.Pin("ev-2")]);
    private static readonly RunContent More = Content with { Digest = "digest-2", Members = ["flow-1", "a", "b"] };
    private static readonly Run Woken = Some.Run() with { Version = 1, Complete = true, Due = Some.At(500), Owner = "worker", LeaseUntil = Some.At(30_500) };

    [Fact]
    public void A_due_run_begins_its_first_revision()
    {
        var change = EvaluationProgress.WhenDue(Woken, Content, [], Policy, Some.At(500));

        change.Begins.ShouldBeTrue();
        change.RunsEvaluators.ShouldBeTrue();
        change.Run.ShouldBe(Woken with
        {
            State = RunState.Evaluating,
            Revision = 1,
            Digest = "digest-1",
            BegunAt = Some.At(500),
            FinishedBy = FinishedBy.Flag,
            Pins = change.Run.Pins,
            Due = Some.At(30_500),
            WatchVersion = 2,
            Owner = null,
            LeaseUntil = null,
        });
        change.Run.Pins.ShouldBe(Content.Evaluators);
        change.Decisions.Select(decision => (decision.Revision, decision.EvaluatorId, decision.Outcome))
            .ShouldBe([(1, "ev-1", Outcome.Waiting), (1, "ev-2", Outcome.Waiting)]);
    }

    [Fact]
    public void Without_evaluators_the_content_is_judged_at_once()
    {
        var change = EvaluationProgress.WhenDue(Woken, Content with { Evaluators = [] }, [], Policy, Some.At(500));

        (change.Run.State, change.Run.Revision, change.Run.Due, change.RunsEvaluators).ShouldBe(
            (RunState.Judged, 1, null, false));
        change.Run.JudgedAt.ShouldBe(Some.At(500));
    }

    [Fact]
    public void A_run_that_a_wake_has_moved_on_is_let_go()
    {
        EvaluationProgress.IsDue(Woken, Policy, Some.At(499)).ShouldBeFalse();
        EvaluationProgress.IsDue(Woken with { Due = null }, Policy, Some.At(499)).ShouldBeFalse();
        EvaluationProgress.Release(Woken)!.Run.ShouldBe(Woken with { Owner = null, LeaseUntil = null });
        EvaluationProgress.Release(Woken with { Owner = null, LeaseUntil = null }).ShouldBeNull();
    }

    [Theory]
    [InlineData(null, null, 31 * 60)]
    [InlineData(10, 20, 31 * 60)]
    [InlineData(3600, null, 61 * 60)]
    [InlineData(3600, 7200, 121 * 60)]
    public void No_setting_makes_a_run_due_later_than_the_longest_of_them_and_a_minute(
        int? quiet, int? maxAge, int seconds)
    {
        var policy = Policy with { Timers = Some.Timers with { Quiet = Seconds(quiet), MaxAge = Seconds(maxAge) } };

        policy.LatestDue(Some.Time).ShouldBe(Some.At(1_000 * seconds));
        EvaluationProgress.IsDue(Woken with { Due = Some.At(1_000 * seconds) }, policy, Some.Time).ShouldBeFalse();
        EvaluationProgress.IsDue(Woken with { Due = Some.At((1_000 * seconds) + 1) }, policy, Some.Time).ShouldBeTrue(
            "the clock was set back");
        (policy with { Lease = TimeSpan.FromHours(5) }).LatestDue(Some.Time).ShouldBe(
            Some.At(1_000 * ((5 * 3600) + 60)));
        (policy with { Timers = policy.Timers with { Settle = TimeSpan.FromHours(6) } }).LatestDue(Some.Time).ShouldBe(
            Some.At(1_000 * ((6 * 3600) + 60)));
    }

    [Fact]
    public void A_complete_run_of_before_the_clock_was_set_back_is_judged_now()
    {
        var change = EvaluationProgress.WhenDue(
            Woken with { Due = Some.At(3_600_000) }, Content, [], Policy, Some.At(500));

        (change.Begins, change.Run.Due, change.Run.Owner).ShouldBe((true, Some.At(30_500), null));
    }

    [Theory]
    [InlineData(60, null, 60_500)]
    [InlineData(60, 7200, 60_500)]
    [InlineData(null, 7200, 7_200_500)]
    [InlineData(7200, 60, 60_500)]
    [InlineData(null, null, null)]
    public void An_unfinished_run_of_before_the_clock_was_set_back_is_not_judged_for_that_but_waits_anew(
        int? quiet, int? maxAge, int? due)
    {
        var policy = Policy with { Timers = Some.Timers with { Quiet = Seconds(quiet), MaxAge = Seconds(maxAge) } };
        var left = Woken with { Complete = false, OpenedAt = Some.At(3_600_000), Due = Some.At(20_000_000) };
        EvaluationProgress.IsDue(left, policy, Some.At(500)).ShouldBeTrue();

        var change = EvaluationProgress.WhenDue(
            left, Content with { Missing = "output or error" }, [], policy, Some.At(500));

        change.Begins.ShouldBeFalse();
        change.Run.Due.ShouldBe(due is { } milliseconds ? Some.At(milliseconds) : null);
        (change.Run.Owner, change.Run.LeaseUntil, change.Run.WaitingFor).ShouldBe((null, null, "output or error"));
        EvaluationProgress.IsDue(change.Run, policy, Some.At(500)).ShouldBeFalse(
            "or it would be looked at again and again");
    }

    [Fact]
    public void Content_that_was_judged_already_owes_nothing()
    {
        var judged = Woken with { State = RunState.Judged, Revision = 1, Digest = "digest-1", Pins = [Some.Pin(outcome: Outcome.Ran)], JudgedAt = Some.Time };

        var change = EvaluationProgress.WhenDue(judged, Content, [], Policy, Some.At(900));

        change.Run.ShouldBe(judged with { Due = null, Owner = null, LeaseUntil = null });
        (change.Begins, change.RunsEvaluators, change.Decisions.Length).ShouldBe((false, false, 0));
    }

    [Fact]
    public void Verdicts_are_taken_up_one_by_one_and_the_last_one_judges()
    {
        var begun = Begun();

        var first = EvaluationProgress.WhenVerdictsCame(begun, [Verdict("ev-2", at: 600)], Policy, Some.At(1_000))!;
        first.Run.State.ShouldBe(RunState.Evaluating);
        first.Run.Pins.Select(pin => pin.Outcome).ShouldBe([Outcome.Waiting, Outcome.Ran]);
        first.Run.Due.ShouldBe(Some.At(30_500), "the watch stays");

        var last = EvaluationProgress.WhenVerdictsCame(Stored(first.Run), [Verdict("ev-1", at: 700, error: "no"), Verdict("ev-2", at: 600)], Policy, Some.At(1_000))!;
        (last.Run.State, last.Run.Due, last.Run.JudgedAt).ShouldBe((RunState.Judged, null, Some.At(700)));
        last.Run.Pins.ShouldBe([Some.Pin("ev-1", Outcome.Failed, "no"), Some.Pin("ev-2", Outcome.Ran)]);
        last.Decisions.ShouldBe([new Decision("flow-1", 1, "ev-1", "ev-1-v1", Outcome.Failed, "no", Some.At(700))]);

        EvaluationProgress.WhenVerdictsCame(Stored(last.Run), [Verdict("ev-1", at: 700, error: "no"), Verdict("ev-2", at: 600)], Policy, Some.At(1_000)).ShouldBeNull();
    }

    [Fact]
    public void A_wake_that_came_while_evaluating_still_stands_when_all_have_answered()
    {
        var woken = Begun() with { Version = 3, Due = Some.At(1_600) };

        var change = EvaluationProgress.WhenVerdictsCame(woken, [Verdict("ev-1"), Verdict("ev-2")], Policy, Some.At(1_000))!;

        (change.Run.State, change.Run.Due).ShouldBe((RunState.Judged, Some.At(1_600)));
    }

    [Fact]
    public void Verdicts_on_other_versions_or_revisions_answer_nothing()
    {
        var begun = Begun();

        EvaluationProgress.WhenVerdictsCame(begun, [Verdict("ev-1") with { EvaluatorVersionId = "another" }], Policy, Some.At(1_000)).ShouldBeNull();
        EvaluationProgress.WhenVerdictsCame(begun, [Verdict("ev-1", revision: 2)], Policy, Some.At(1_000)).ShouldBeNull();
    }

    [Fact]
    public void An_attempt_that_left_no_verdict_is_made_again_under_its_pins()
    {
        var change = EvaluationProgress.WhenDue(
            Begun(), Content with { Evaluators = [Some.Pin("new")] }, [Verdict("ev-1")], Policy, Some.At(30_500));

        (change.Begins, change.RunsEvaluators, change.Run.Revision, change.Run.Due).ShouldBe(
            (false, true, 1, Some.At(60_500)));
        change.Run.Pins.Select(pin => (pin.EvaluatorId, pin.Outcome)).ShouldBe(
            [("ev-1", Outcome.Ran), ("ev-2", Outcome.Waiting)]);
    }

    [Fact]
    public void Verdicts_that_nobody_told_of_are_found_when_the_watch_falls_due()
    {
        var change = EvaluationProgress.WhenDue(
            Begun(), Content, [Verdict("ev-1"), Verdict("ev-2")], Policy, Some.At(30_500));

        (change.Run.State, change.Run.Due, change.RunsEvaluators).ShouldBe((RunState.Judged, null, false));
    }

    [Fact]
    public void New_content_supersedes_what_has_not_answered_and_begins_the_next_revision()
    {
        var change = EvaluationProgress.WhenDue(
            Begun() with { Version = 3, Due = Some.At(1_500) }, More, [Verdict("ev-1")], Policy, Some.At(1_500));

        (change.Begins, change.Run.Revision, change.Run.Digest).ShouldBe((true, 2, "digest-2"));
        change.Decisions.Select(decision => (decision.Revision, decision.EvaluatorId, decision.Outcome)).ShouldBe(
        [
            (1, "ev-1", Outcome.Ran), (1, "ev-2", Outcome.Superseded), (2, "ev-1", Outcome.Waiting), (2, "ev-2", Outcome.Waiting),
        ]);
    }

    [Fact]
    public void An_attempt_that_was_running_finishes_under_its_own_revision()
    {
        var second = Stored(
            EvaluationProgress.WhenDue(Begun() with { Due = Some.At(1_500) }, More, [], Policy, Some.At(1_500)).Run);

        var change = EvaluationProgress.WhenVerdictsCame(second, [Verdict("ev-1", revision: 1, at: 1_600)], Policy, Some.At(1_000))!;

        change.Decisions.Select(decision => (decision.Revision, decision.EvaluatorId, decision.Outcome)).ShouldBe(
            [(1, "ev-1", Outcome.Ran)]);
        change.Run.Pins.ShouldAllBe(pin => pin.Outcome == Outcome.Waiting);
    }

    [Fact]
    public void A_trace_without_output_waits_and_says_for_what()
    {
        var change = EvaluationProgress.WhenDue(
            Woken with { Complete = false }, Content with { Missing = "output or error" }, [], Policy, Some.At(500));

        (change.Run.State, change.Run.WaitingFor, change.Run.Due, change.Run.Revision).ShouldBe(
            (RunState.Settling, "output or error", null, 0));
        change.Decisions.Select(decision => (decision.Revision, decision.Outcome, decision.Reason))
            .ShouldBe([(1, Outcome.Waiting, "output or error"), (1, Outcome.Waiting, "output or error")]);
    }

    [Theory]
    [InlineData(60, null, 500, "Quiet")]
    [InlineData(null, 60, 60_000, "MaxAge")]
    [InlineData(60, 60, 60_000, "MaxAge")]
    public void Quiet_and_age_finish_a_trace_that_nobody_completes(int? quiet, int? maxAge, int at, string finishedBy)
    {
        var policy = Policy with { Timers = Some.Timers with { Quiet = Seconds(quiet), MaxAge = Seconds(maxAge) } };

        var change = EvaluationProgress.WhenDue(
            Woken with { Complete = false },
            Content with { Missing = "trace_status complete" },
            [],
            policy,
            Some.At(at));

        (change.Begins, change.Run.FinishedBy.ToString()).ShouldBe((true, finishedBy));
    }

    [Fact]
    public void A_trace_that_is_not_old_enough_waits_until_it_is()
    {
        var policy = Policy with { Timers = Some.Timers with { MaxAge = TimeSpan.FromSeconds(60) } };

        var change = EvaluationProgress.WhenDue(
            Woken with { Complete = false },
            Content with { Missing = "trace_status complete" },
            [],
            policy,
            Some.At(500));

        (change.Begins, change.Run.Due).ShouldBe((false, Some.At(60_000)));
    }

    [Fact]
    public void A_log_on_a_cycle_is_not_judged_and_says_so()
    {
        var change = EvaluationProgress.WhenDue(Woken, Content with { IsOnCycle = true }, [], Policy, Some.At(500));

        (change.Begins, change.Run.State, change.Run.Due).ShouldBe((false, RunState.Settling, null));
        change.Run.WaitingFor!.ShouldContain("cycle");
    }

    [Fact]
    public void A_log_that_is_gone_owes_nothing()
    {
        var change = EvaluationProgress.WhenDue(Woken, null, [], Policy, Some.At(500));

        (change.Begins, change.Run.Due).ShouldBe((false, null));
        change.Run.WaitingFor!.ShouldContain("not stored");
    }

    [Fact]
    public void Where_late_content_is_ignored_it_is_marked_and_not_judged()
    {
        var begun = EvaluationProgress.WhenDue(Woken, Content, [], Ignore, Some.At(500));
        begun.Run.Members!.Value.ShouldBe(["flow-1", "a"]);
        var judged = EvaluationProgress.WhenVerdictsCame(Stored(begun.Run), [Verdict("ev-1"), Verdict("ev-2")], Policy, Some.At(1_000))!.Run;

        var change = EvaluationProgress.WhenDue(
            Stored(judged) with { Due = Some.At(1_500) }, More, [], Ignore, Some.At(1_500));

        (change.Begins, change.Run.State, change.Run.Revision, change.Run.Due).ShouldBe(
            (false, RunState.Judged, 1, null));
        change.Late.ShouldBe(["b"]);
        change.Decisions.Select(decision => (decision.Revision, decision.EvaluatorId, decision.Outcome))
            .ShouldBe([(2, "ev-1", Outcome.Late), (2, "ev-2", Outcome.Late)]);
    }

    [Fact]
    public void Where_late_content_is_ignored_content_before_the_judgement_is_still_judged()
    {
        var begun = Stored(EvaluationProgress.WhenDue(Woken, Content, [], Ignore, Some.At(500)).Run);

        EvaluationProgress.WhenDue(begun with { Due = Some.At(1_500) }, More, [], Ignore, Some.At(1_500)).Run.Revision.ShouldBe(2);
    }

    private static Run Begun() => Stored(EvaluationProgress.WhenDue(Woken, Content, [], Policy, Some.At(500)).Run);

    private static Run Stored(Run run) => run with { Version = run.Version + 1 };

    private static EvaluatorLog Verdict(string evaluator, int revision = 1, double at = 600, string? error = null) =>
        Some.EvaluatorLog(revision: revision, evaluator: evaluator, error: error) with { EndTime = Some.At(at) };

    private static TimeSpan? Seconds(int? seconds) => seconds is { } count ? TimeSpan.FromSeconds(count) : null;
}
