using System.Collections.Immutable;

namespace Worker.Runs;

/// <summary>
/// The decisions of a run, as pure functions over what the store holds. Repeating them, or making them in another
/// order, leads to the same revisions and the same outcomes.
/// </summary>
internal static class EvaluationProgress
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>
    /// False when a wake has postponed the run since it was claimed, or when the run has no due time any more. A due
    /// time beyond the latest was set by a clock that has been set back since: such a run counts as due, and gets a new
    /// time.
    /// </summary>
    public static bool IsDue(Run run, EvaluationPolicy policy, DateTimeOffset now) =>
        run.Due <= now || run.Due > policy.LatestDue(now);

    /// <summary>
    /// Ends the claim on a run that is not due, so that it can be claimed when it is; null when there is none.
    /// </summary>
    public static RunChange? Release(Run run) =>
        run.Owner is null && run.LeaseUntil is null
            ? null
            : new(KeepWatch(run) with { Owner = null, LeaseUntil = null });

    /// <summary>
    /// Decides about a run that is due: nothing new, wait, begin the next revision, or run again what has not answered.
    /// </summary>
    /// <param name="run">As stored; due.</param>
    /// <param name="content">
    /// Read after <paramref name="run"/>; null when the Log is not stored, or was deleted.
    /// </param>
    /// <param name="verdicts">All on the run's Log, read after <paramref name="run"/>.</param>
    public static RunChange WhenDue(
        Run run,
        RunContent? content,
        IReadOnlyCollection<EvaluatorLog> verdicts,
        EvaluationPolicy policy,
        DateTimeOffset now)
    {
        var (answered, decisions) = Answer(run, verdicts);
        var settled = WithNothingOwed(answered);
        if (content is null)
            return Unsettled("the Log: it is not stored, or was deleted");
        if (content.IsOnCycle)
            return Unsettled("an end of the cycle: its parents lead back to it");
        if (content.Digest == run.Digest)
            return RunOrConclude(settled, decisions, policy, now);
        if (run.State == RunState.Judged && policy.Late == LatePolicy.Ignore && !content.IsConversation)
            return MarkLate(settled, decisions, content, now);
        return WhatFinished(run, content, policy.Timers, now) is { } finishedBy
            ? Begin(settled, decisions, content, finishedBy, policy, now)
            : Wait(settled, decisions, content, policy.Timers, now);

        RunChange Unsettled(string waitingFor) =>
            new(settled with { State = RunState.Settling, WaitingFor = waitingFor }) { Decisions = decisions };
    }

    /// <summary>
    /// Adds verdicts that were reached at once, in the step that began the revision or ran it again. Their Evaluators
    /// need not be waited for.
    /// </summary>
    /// <param name="change">As <see cref="WhenDue"/> decided.</param>
    /// <param name="verdicts">Of its revision, by Evaluators that have not answered.</param>
    /// <param name="filtered">Those that do not judge this content, each with why.</param>
    public static RunChange Judge(
        RunChange change,
        IReadOnlyCollection<EvaluatorLog> verdicts,
        IReadOnlyCollection<Pin> filtered,
        EvaluationPolicy policy,
        DateTimeOffset now)
    {
        var (answered, ran) = Answer(change.Run, verdicts);
        var passed = filtered.Select(pin => Decide(answered, answered.Revision, pin, pin.Outcome, pin.Reason, now));
        ImmutableArray<Decision> decisions = [.. ran, .. passed];
        answered = answered with
        {
            Pins = [.. answered.Pins.Select(pin => filtered.FirstOrDefault(other => IsSame(other, pin)) ?? pin)],
        };
        var isJudged = IsAnswered(answered);
        answered = isJudged ? answered : answered with { Due = policy.NextLook(answered, now) };
        return change with
        {
            Run = isJudged ? Judged(WithNothingOwed(answered)) : answered,
            Begun = change.Run,
            Verdicts = [.. verdicts],
            Decisions = [.. change.Decisions.Where(old => !decisions.Any(each => IsSame(each, old))), .. decisions],
            RunsEvaluators = answered.Pins.Any(pin => pin.IsOwed(now)),
        };
    }

    /// <summary>Puts an Evaluator off; null when it has answered by now, or the revision is over.</summary>
    /// <param name="run">As stored.</param>
    /// <param name="revision">Of which it was to judge.</param>
    /// <param name="evaluator">As it was pinned.</param>
    public static RunChange? Defer(
        Run run, int revision, Pin evaluator, Deferral deferral, EvaluationPolicy policy, DateTimeOffset now)
    {
        if (run.State != RunState.Evaluating || run.Revision != revision
            || run.Pins.FirstOrDefault(pin => pin.IsWaiting && IsSame(pin, evaluator)) is not { } waiting)
            return null;

        var deferred = waiting with
        {
            Reason = deferral.Reason,
            NotBefore = deferral.Until,
            Tries = waiting.Tries + (deferral.IsTry ? 1 : 0),
        };
        var put = run with { Pins = run.Pins.Replace(waiting, deferred) };
        var isWatch = run.Version == run.WatchVersion;
        return new(KeepWatch(isWatch ? put with { Due = policy.NextLook(put, now) } : put))
        {
            Decisions = [Decide(run, revision, deferred, deferral.Outcome, deferral.Reason, now)],
        };
    }

    /// <summary>
    /// Whether nothing has come since Evaluators of the run were put off, and all that have not answered still are:
    /// then its content need not be read.
    /// </summary>
    public static bool IsPutOff(Run run, DateTimeOffset now) =>
        run.State == RunState.Evaluating
        && run.Version == run.WatchVersion
        && run.Pins.Any(pin => pin.IsWaiting)
        && !run.Pins.Any(pin => pin.IsOwed(now));

    /// <summary>Leaves a run alone whose Evaluators are put off (see <see cref="IsPutOff"/>).</summary>
    public static RunChange Wait(Run run, EvaluationPolicy policy, DateTimeOffset now) =>
        new(KeepWatch(run) with { Due = policy.NextLook(run, now), Owner = null, LeaseUntil = null });

    /// <summary>
    /// Leaves a run alone whose verdict is not stored: the longer it has waited, the longer.
    /// </summary>
    public static RunChange AwaitVerdict(Run run, DateTimeOffset now)
    {
        var half = (now - run.OpenedAt) / 2;
        var wait = half < ShortestWait ? ShortestWait : half < LongestWait ? half : LongestWait;
        return new(run with
        {
            State = RunState.Settling,
            WaitingFor = "the verdict: it is not stored yet",
            Due = now + wait,
            Owner = null,
            LeaseUntil = null,
        });
    }

    /// <summary>
    /// Lets further Evaluators judge the revision that stands, which has been judged without them; null where it is not
    /// judged, or has them all. Their verdicts have the ids that they would have had at first.
    /// </summary>
    public static RunChange? Add(Run run, IReadOnlyCollection<Pin> evaluators, DateTimeOffset now)
    {
        var added = evaluators.Where(each => !run.Pins.Any(pin => IsSame(pin, each))).ToList();
        if (run.State != RunState.Judged || added.Count == 0)
            return null;

        // Of an Evaluator whose Version has changed since, the later one takes the place of the earlier one; the
        // verdicts of both stand.
        var kept = run.Pins.Where(pin => added.TrueForAll(each => each.EvaluatorId != pin.EvaluatorId));
        return new(run with { State = RunState.Evaluating, Pins = [.. kept, .. added], Due = now })
        {
            Decisions = [.. added.Select(pin => Decide(run, run.Revision, pin, pin.Outcome, pin.Reason, now))],
        };
    }

    /// <summary>Adds verdicts that were stored since; null when none is new.</summary>
    /// <param name="run">As stored.</param>
    /// <param name="verdicts">All on the run's Log, read after <paramref name="run"/>.</param>
    public static RunChange? WhenVerdictsCame(
        Run run, IReadOnlyCollection<EvaluatorLog> verdicts, EvaluationPolicy policy, DateTimeOffset now)
    {
        var (answered, decisions) = Answer(run, verdicts);
        if (decisions.IsEmpty)
            return null;

        // Only a due time that the watch has set is dropped, or set earlier. A wake that came in the meantime has
        // raised the version, and its due time stands.
        var isWatch = run.Version == run.WatchVersion;
        if (run.State == RunState.Evaluating && IsAnswered(answered))
            return new(Judged(isWatch ? WithNothingOwed(answered) : answered)) { Decisions = decisions };
        if (run.State == RunState.Evaluating && isWatch && policy.NextLook(answered, now) is var look
            && look < run.Due)
            answered = answered with { Due = look };
        return new(KeepWatch(answered)) { Decisions = decisions };
    }

    private static RunChange Begin(
        Run run,
        ImmutableArray<Decision> decisions,
        RunContent content,
        FinishedBy finishedBy,
        EvaluationPolicy policy,
        DateTimeOffset now)
    {
        var superseded = run.Pins
            .Where(pin => pin.Outcome == Outcome.Waiting)
            .Select(pin => Decide(
                run, run.Revision, pin, Outcome.Superseded, "New content came before it had answered.", now));
        var begun = run with
        {
            State = RunState.Evaluating,
            Revision = run.Revision + 1,
            Digest = content.Digest,
            BegunAt = now,
            JudgedAt = null,
            FinishedBy = finishedBy,
            Pins = content.Evaluators,
            Members = policy.Late == LatePolicy.Ignore ? [.. content.Members] : null,
        };
        var pinned = begun.Pins.Select(pin => Decide(begun, begun.Revision, pin, pin.Outcome, pin.Reason, now));
        var outside = content.Outside.SelectMany(pin => Outside(run, pin, now));
        return RunOrConclude(begun, [.. decisions, .. superseded, .. pinned, .. outside], policy, now) with
        {
            Begins = true,
        };
    }

    /// <summary>Nobody waits for a verdict from outside; that it may come is noted with each revision.</summary>
    private static IEnumerable<Decision> Outside(Run run, Pin pin, DateTimeOffset now)
    {
        if (run.Revision > 0)
            yield return Decide(
                run, run.Revision, pin, Outcome.Superseded, "New content came before it had answered.", now);
        yield return Decide(run, run.Revision + 1, pin, Outcome.Waiting, pin.Reason, now);
    }

    /// <summary>
    /// The content is what the revision judges. Where all its Evaluators have answered, it is judged; else those that
    /// have not are run, for the first time or again.
    /// </summary>
    private static RunChange RunOrConclude(
        Run run, ImmutableArray<Decision> decisions, EvaluationPolicy policy, DateTimeOffset now) =>
        IsAnswered(run)
            ? new(Judged(run)) { Decisions = decisions }
            : new(run with
            {
                State = RunState.Evaluating,
                Due = policy.NextLook(run, now),
                WatchVersion = run.Version + 1,
            })
            {
                Decisions = decisions,
                RunsEvaluators = run.Pins.Any(pin => pin.IsOwed(now)),
            };

    private static RunChange Wait(
        Run run, ImmutableArray<Decision> decisions, RunContent content, WakeTimers timers, DateTimeOffset now)
    {
        // A run that was opened in the future, by a clock that was ahead, counts as opened now.
        var due = timers.Due(now, complete: false, run.Revision, run.OpenedAt < now ? run.OpenedAt : now);
        var waiting = content.Evaluators.Select(
            pin => Decide(
                run,
                run.Revision + 1,
                pin,
                pin.Outcome,
                pin.IsWaiting ? content.Missing : pin.Reason,
                now));
        return new(run with { State = RunState.Settling, WaitingFor = content.Missing, Due = due })
        {
            Decisions = [.. decisions, .. waiting],
        };
    }

    private static RunChange MarkLate(
        Run run, ImmutableArray<Decision> decisions, RunContent content, DateTimeOffset now)
    {
        ImmutableArray<string> late = run.Members is { } members
            ? [.. content.Members.Except(members, StringComparer.Ordinal)]
            : [];
        var reason = late.IsEmpty
            ? "The content changed after judgement; Traces:Late is ignore."
            : $"Logs came after judgement ({late.Length}); Traces:Late is ignore.";
        return new(run)
        {
            Decisions = [.. decisions, .. run.Pins.Select(
                pin => Decide(run, run.Revision + 1, pin, Outcome.Late, reason, now))],
            Late = late,
        };
    }

    private static FinishedBy? WhatFinished(Run run, RunContent content, WakeTimers timers, DateTimeOffset now) =>
        content.IsConversation ? FinishedBy.Quiet
        : run.Complete || content.Missing is null ? FinishedBy.Flag
        : run.OpenedAt + timers.MaxAge <= now ? FinishedBy.MaxAge
        : timers.Quiet is not null && run.Due <= now ? FinishedBy.Quiet
        : null;

    /// <summary>
    /// The outcomes that the verdicts give. A verdict of an earlier revision counts too when it came after the next
    /// revision had begun, because it was noted as superseded then.
    /// </summary>
    private static (Run Run, ImmutableArray<Decision> Decisions) Answer(
        Run run, IReadOnlyCollection<EvaluatorLog> verdicts)
    {
        var decisions = ImmutableArray.CreateBuilder<Decision>();
        var late = verdicts.Where(verdict => verdict.Revision < run.Revision && verdict.EndTime >= run.BegunAt);
        foreach (var verdict in late)
            decisions.Add(Decide(verdict));

        var pins = run.Pins;
        for (var i = 0; i < pins.Length; i++)
        {
            var pin = pins[i];
            if (pin.Outcome != Outcome.Waiting
                || verdicts.FirstOrDefault(verdict => IsOf(verdict, run, pin)) is not { } verdict)
                continue;
            var decision = Decide(verdict);
            decisions.Add(decision);
            pins = pins.SetItem(
                i, pin with { Outcome = decision.Outcome, Reason = decision.Reason, NotBefore = null });
            run = run with { Pins = pins, JudgedAt = run.JudgedAt > verdict.EndTime ? run.JudgedAt : verdict.EndTime };
        }

        return (run, decisions.ToImmutable());
    }

    private static bool IsOf(EvaluatorLog verdict, Run run, Pin pin) =>
        verdict.Revision == run.Revision
        && verdict.EvaluatorId == pin.EvaluatorId
        && verdict.EvaluatorVersionId == pin.EvaluatorVersionId;

    private static bool IsSame(Pin one, Pin other) =>
        one.EvaluatorId == other.EvaluatorId && one.EvaluatorVersionId == other.EvaluatorVersionId;

    private static bool IsSame(Decision one, Decision other) =>
        one.Revision == other.Revision && one.EvaluatorId == other.EvaluatorId;

    private static bool IsAnswered(Run run) => run.Revision > 0 && run.Pins.All(pin => pin.Outcome != Outcome.Waiting);

    private static Run Judged(Run run) => run with { State = RunState.Judged, JudgedAt = run.JudgedAt ?? run.BegunAt };

    /// <summary>No due time and no claim: nothing but a wake brings this run back.</summary>
    private static Run WithNothingOwed(Run run) =>
        run with { Due = null, Owner = null, LeaseUntil = null, WaitingFor = null };

    /// <summary>A write that does not concern the watch moves it on to the version that the write makes.</summary>
    private static Run KeepWatch(Run run) => run.Version == run.WatchVersion
        ? run with { WatchVersion = run.Version + 1 }
        : run;

    private static Decision Decide(
        Run run, int revision, Pin pin, Outcome outcome, string? reason, DateTimeOffset at) =>
        new(run.LogId, revision, pin.EvaluatorId, pin.EvaluatorVersionId, outcome, reason, at);

    private static Decision Decide(EvaluatorLog verdict) => new(
        verdict.LogId,
        verdict.Revision,
        verdict.EvaluatorId,
        verdict.EvaluatorVersionId,
        verdict.Error is null ? Outcome.Ran : Outcome.Failed,
        verdict.Error,
        verdict.EndTime);
}
