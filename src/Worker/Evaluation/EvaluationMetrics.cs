using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Worker.Runs;
using Worker.Storage;
using Worker.Telemetry;

namespace Worker.Evaluation;

/// <summary>What becomes of runs and Evaluators, as metrics. Safe to use from any thread.</summary>
internal sealed class EvaluationMetrics
{
    private const string Evaluator = "evaluator";

    private readonly BoundedLabel _paths = new();
    private readonly TimeProvider _time;
    private readonly Counter<long> _evaluations, _deferrals, _tokens;
    private readonly Counter<double> _cost;
    private readonly Histogram<double> _settle, _judge, _call;
    private readonly ObservableGauge<long> _due;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _pausedUntil = new(StringComparer.Ordinal);
    private volatile Backlog _backlog = Backlog.Unknown;
    private long _judged;

    public EvaluationMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(WorkerTelemetry.Name);
        _evaluations = meter.CreateCounter<long>(
            "worker.evaluations", "{decision}", "What became of Evaluators in the revisions of runs.");
        _deferrals = meter.CreateCounter<long>(
            "worker.evaluator.deferrals", "{deferral}", "How often Evaluators that are called were put off.");
        _tokens = meter.CreateCounter<long>(
            "worker.evaluator.tokens", "{token}", "What models read and wrote for Evaluators.");
        _cost = meter.CreateCounter<double>("worker.evaluator.cost", "{USD}", "What models cost, in US dollars.");
        _call = meter.CreateHistogram(
            "worker.evaluator.call.duration", "s", "What one call of an Evaluator took.", null, Buckets.Long);
        _settle = meter.CreateHistogram(
            "worker.run.settle.duration",
            "s",
            "From the first wake of a run until its first revision began.",
            null,
            Buckets.Long);
        _judge = meter.CreateHistogram(
            "worker.run.judge.duration",
            "s",
            "From the beginning of a revision until the last Evaluator had answered.",
            null,
            Buckets.Long);
        _due = meter.CreateObservableGauge(
            "worker.runs.due", () => _backlog.Due, "{run}", "Runs that are due, in the store.");
        meter.CreateObservableGauge(
            "worker.runs.due.age", () => _backlog.Age, "s", "How long the oldest of the due runs is due.");
        meter.CreateObservableGauge(
            "worker.evaluator.paused",
            Paused,
            "{pause}",
            "1 while an Evaluator is not asked: it is paused, or its breaker is open.");
        meter.CreateObservableGauge(
            "worker.budget.left",
            () => _backlog.Budgets,
            "1",
            "The part of today's budget that is left, from 0 to 1.");
    }

    /// <summary>Somebody wants to know how far behind the evaluation is.</summary>
    public bool WantsBacklog => _due.Enabled;

    /// <summary>
    /// The Evaluators that are not asked now, as far as this process asked them, and until when: paused, or the breaker
    /// is open.
    /// </summary>
    public IReadOnlyList<(string Path, DateTimeOffset Until)> NotAsked
    {
        get
        {
            var now = _time.GetUtcNow();
            return [.. _pausedUntil.Where(each => each.Value > now).Select(each => (each.Key, each.Value))];
        }
    }

    /// <summary>Revisions that this process has judged since it began.</summary>
    public long Judged => Interlocked.Read(ref _judged);

    /// <summary>A step of a run was saved.</summary>
    /// <param name="before">As it was read.</param>
    /// <param name="pathOf">The path of its Evaluator; null where nobody knows it.</param>
    public void Saved(Run before, Run run, RunChange change, Func<Decision, string?> pathOf)
    {
        if (change.Begins && run is { Revision: 1, BegunAt: { } begun })
            Record(_settle, begun - run.OpenedAt);
        if (IsJudgedNow(before, run) && run is { JudgedAt: { } judged, BegunAt: { } since })
        {
            Interlocked.Increment(ref _judged);
            Record(_judge, judged - since);
        }

        if (!_evaluations.Enabled)
            return;
        foreach (var decision in change.Decisions)
        {
            if (decision.Outcome != Outcome.Waiting)
                _evaluations.Add(1, Of(pathOf(decision)), Outcomes(decision.Outcome));
        }
    }

    public static bool IsJudgedNow(Run before, Run run) =>
        run.State == RunState.Judged && (before.State != RunState.Judged || before.Revision != run.Revision);

    /// <summary>An Evaluator was called once.</summary>
    /// <param name="answer">Null where it did not answer.</param>
    public void Called(Evaluator evaluator, EvaluatorAnswer? answer, TimeSpan took)
    {
        var path = Of(evaluator.Path);
        var outcome = answer is null ? "unanswered" : answer.Error is null ? "answered" : "failed";
        _call.Record(took.TotalSeconds, path, new("outcome", outcome));
        if (answer?.InputTokens is { } input)
            _tokens.Add(input, path, new("direction", "input"));
        if (answer?.OutputTokens is { } output)
            _tokens.Add(output, path, new("direction", "output"));
        if (answer?.Cost is { } cost)
            _cost.Add((double)cost, path);
    }

    /// <summary>An Evaluator was asked, however often, and answered or was put off.</summary>
    public void Asked(Evaluator evaluator, Deferral? deferral)
    {
        var path = _paths.Of(evaluator.Path);
        if (deferral is null)
        {
            _pausedUntil.TryRemove(path, out _);
            return;
        }

        _deferrals.Add(1, new(Evaluator, path), Outcomes(deferral.Outcome));

        // A wait that is no try of its own comes of the breaker: then nobody asks it, as while it is paused.
        if (deferral is { Outcome: Outcome.Paused } or { Outcome: Outcome.Waiting, IsTry: false })
            _pausedUntil[path] = deferral.Until;
    }

    /// <summary>What the watch saw last.</summary>
    /// <param name="budgets">What is left by Evaluator, or of all.</param>
    public void Seen(long due, TimeSpan age, IEnumerable<(string Path, double Left)> budgets) => _backlog = new(
        due,
        age.TotalSeconds,
        [.. budgets.Select(budget => new Measurement<double>(budget.Left, Of(budget.Path)))]);

    private static void Record(Histogram<double> histogram, TimeSpan took) =>
        histogram.Record(Math.Max(0, took.TotalSeconds));

    private static KeyValuePair<string, object?> Outcomes(Outcome outcome) =>
        new("outcome", EnumName<Outcome>.Of(outcome));

    private KeyValuePair<string, object?> Of(string? path) =>
        new(Evaluator, path is null ? "unknown" : _paths.Of(path));

    private IEnumerable<Measurement<long>> Paused()
    {
        var now = _time.GetUtcNow();
        return _pausedUntil.Select(each => new Measurement<long>(
            each.Value > now ? 1 : 0, new KeyValuePair<string, object?>(Evaluator, each.Key)));
    }

    private sealed record Backlog(long Due, double Age, IReadOnlyList<Measurement<double>> Budgets)
    {
        public static readonly Backlog Unknown = new(0, 0, []);
    }
}
