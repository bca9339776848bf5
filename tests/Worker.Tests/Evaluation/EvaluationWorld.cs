using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Worker.Evaluation;
using Worker.Evaluation.Bus;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Evaluation;

/// <summary>
/// Workers over one store and a bus that loses, repeats and reorders: every step of the conversation is taken by hand,
/// so that a worker can be ended between any two of them.
/// </summary>
internal sealed class EvaluationWorld
{
    /// <summary>Two rules, and one that is called.</summary>
    public const int Evaluators = 3;

    private readonly Worker.Evaluation.Evaluator[] _rules =
        [Rules.Evaluator(path: "one"), Rules.Evaluator("count: { of: logs }", "two", "number")];

    private readonly Worker.Evaluation.Evaluator _called;
    private readonly EvaluatorCatalog _catalog;
    private readonly EvaluationOptions _options = new();
    private readonly WorldKind _kind;
    private readonly TraceOptions _traces;
    private readonly List<EvaluationWorldWorker> _workers = [];
    private string? _digest;

    private EvaluationWorld(WorldKind kind, LatePolicy late)
    {
        _kind = kind;
        _traces = new TraceOptions { Late = late };
        _called = Rules.Called(
            (input, _) => AnswerAsync(input), "three", CallLimits.Default with { Retries = 0, Tries = 100 });
        _catalog = new([.. _rules, _called]);
    }

    /// <summary>The ids of the verdicts that the called Evaluator was asked for, one for each call.</summary>
    public List<string> Calls { get; } = [];

    public static async Task<EvaluationWorld> BeginAsync(WorldKind kind, LatePolicy late, int workers = 2)
    {
        var world = new EvaluationWorld(kind, late);
        await new EvaluatorVersions(world._catalog, world.Store, Rules.Reader).StoreAsync(CancellationToken.None);
        for (var i = 0; i < workers; i++)
            world._workers.Add(world.NewWorker($"worker-{i}"));
        return world;
    }

    public InMemoryStore Store { get; } = new();

    public FakeTimeProvider Time { get; } = new(Some.Time);

    /// <summary>What is under way on the bus.</summary>
    public List<object> Messages { get; } = [];

    public IReadOnlyList<EvaluationWorldWorker> Workers => _workers;

    /// <summary>How often content changed: no run may have more revisions.</summary>
    public int Changes { get; private set; }

    private IRunStore Runs => Store;

    /// <summary>Stores the Log and then wakes the head, as ingestion does.</summary>
    public async Task WriteAsync(Log log)
    {
        var stored = await ((ILogStore)Store).ReadAsync([log.Id], CancellationToken.None);
        await Store.WriteAsync(
            [log with { Version = stored.GetValueOrDefault(log.Id)?.Version ?? 0 }], CancellationToken.None);
        var digest = TraceDigest.Of(await ((ITraceStore)Store).AllMembersAsync("f", CancellationToken.None));
        if (digest != _digest)
            Changes++;
        _digest = digest;
        await WakeAsync();
    }

    public Task WakeAsync() =>
        Runs.WakeAsync([new Wake("f", true)], _traces.Timers, Time.GetUtcNow(), CancellationToken.None);

    /// <summary>The id of the called Evaluator's verdict on that revision.</summary>
    public string KeyOf(int revision) =>
        DerivedIds.EvaluatorLog("f", revision, _called.Id, _called.VersionId);

    /// <summary>It answers every third time; before that it is busy, or can judge nothing.</summary>
    private Task<EvaluatorAnswer> AnswerAsync(EvaluatorInput input)
    {
        Calls.Add(input.Key);
        return (Calls.Count % 6) switch
        {
            0 or 3 => Task.FromResult(new EvaluatorAnswer(Some.Json("true"))),
            2 => throw new EvaluatorPausedException("It is broken."),
            _ => throw new TransientCallException("It is busy."),
        };
    }

    /// <summary>A worker claims what is due and tells the bus.</summary>
    public async Task ClaimAsync(EvaluationWorldWorker worker)
    {
        var now = Time.GetUtcNow();
        foreach (var logId in await Runs.ClaimDueAsync(now, DateTimeOffset.MaxValue, worker.Name, now + _options.Lease, 10, CancellationToken.None))
            Messages.Add(new RunDue(logId));
    }

    /// <summary>The worker's memory is gone, and what it was doing with it.</summary>
    public void Kill(EvaluationWorldWorker worker) => _workers[_workers.IndexOf(worker)] = NewWorker(worker.Name + "'");

    /// <summary>The worker takes the message; it may end on the way.</summary>
    /// <param name="meanwhile">Happens between reading and writing.</param>
    /// <param name="between">Happens between two writes of one step, where there are two.</param>
    public async Task DeliverAsync(
        object message, EvaluationWorldWorker worker, Func<Task>? meanwhile = null, Func<Task>? between = null, Death dies = Death.None)
    {
        switch (message)
        {
            case RunDue due:
                await SagaAsync(
                    due.LogId, run => worker.Steps.LookAsync(run, CancellationToken.None), meanwhile, between, dies);
                break;
            case EvaluatorsFinished finished:
                await SagaAsync(
                    finished.LogId,
                    run => worker.Steps.FinishAsync(run, CancellationToken.None),
                    meanwhile,
                    between,
                    dies);
                break;
            case RunEvaluators(var logId, var revision):
                await EvaluateAsync(logId, revision, worker, meanwhile, dies);
                break;
        }
    }

    /// <summary>
    /// Nothing else happens any more: time passes, and everything is delivered in order, until nothing is owed.
    /// </summary>
    public async Task<Run> CalmAsync()
    {
        for (var round = 0; round < 50; round++)
        {
            while (Messages.Count > 0)
            {
                var message = Messages[0];
                Messages.RemoveAt(0);
                await DeliverAsync(message, Workers[0]);
            }

            var run = (await Runs.ReadAsync("f", CancellationToken.None))!;
            if (run.Due is null)
                return run;
            Time.Advance(run.Due - Time.GetUtcNow() is { } wait && wait > _options.Lease ? wait : _options.Lease);
            await ClaimAsync(Workers[0]);
        }

        throw new InvalidOperationException("The run never comes to rest.");
    }

    private async Task SagaAsync(
        string logId, Func<Run, Task<RunChange?>> step, Func<Task>? meanwhile, Func<Task>? between, Death dies)
    {
        while (await Runs.ReadAsync(logId, CancellationToken.None) is { } run)
        {
            var change = await step(run);
            if (meanwhile is not null)
                await meanwhile();
            meanwhile = null;
            if (dies == Death.BeforeSaving)
                return;
            if (change is not null && !await SaveAsync(change, between, dies))
                continue;
            if (change is { RunsEvaluators: true } && dies == Death.None)
                Messages.Add(new RunEvaluators(logId, change.Run.Revision));
            return;
        }
    }

    private async Task<bool> SaveAsync(RunChange change, Func<Task>? between, Death dies)
    {
        if (change.Begun is not { } begun)
            return await Runs.SaveAsync(change.Run, change.Decisions, CancellationToken.None);
        if (!_kind.WritesOneByOne)
            return await Runs.JudgeAsync(begun, change.Run, change.Decisions, change.Verdicts, CancellationToken.None);

        // As a store does that writes one document at a time.
        var byRevision = change.Decisions.ToLookup(decision => decision.Revision == begun.Revision);
        if (!await Runs.SaveAsync(begun, [.. byRevision[false]], CancellationToken.None))
            return false;
        if (between is not null)
            await between();
        if (dies == Death.BeforeTheVerdicts)
            return true;
        await Store.AddAsync(change.Verdicts, CancellationToken.None);
        if (dies == Death.BeforeTheEnd)
            return true;
        await Runs.SaveAsync(
            change.Run with { Version = begun.Version + 1, WatchVersion = change.Run.WatchVersion + 1 },
            [.. byRevision[true]],
            CancellationToken.None);
        return true;
    }

    private async Task EvaluateAsync(
        string logId, int revision, EvaluationWorldWorker worker, Func<Task>? meanwhile, Death dies)
    {
        if (await Runs.ReadAsync(logId, CancellationToken.None) is not { State: RunState.Evaluating } run
            || run.Revision != revision)
            return;
        foreach (var pin in run.Pins.Where(pin => pin.IsOwed(Time.GetUtcNow())))
            await EvaluateAsync(
                new Attempt(logId, revision, pin.EvaluatorId, pin.EvaluatorVersionId), pin, worker, meanwhile, dies);
    }

    private async Task EvaluateAsync(
        Attempt attempt, Pin pin, EvaluationWorldWorker worker, Func<Task>? meanwhile, Death dies)
    {
        var now = Time.GetUtcNow();
        if (!await Store.TryTakeAsync(attempt.Id, attempt.LogId, worker.Name, now, now + _options.Lease, CancellationToken.None))
            return;
        if (meanwhile is not null)
            await meanwhile();
        if (dies != Death.BeforeSaving && await worker.Runner.RunAsync(
                attempt,
                await worker.Versions.FindAsync(pin, CancellationToken.None),
                pin.EvaluatorId == _called.Id ? worker.Calls : null,
                CancellationToken.None)
            && dies == Death.None)
            Messages.Add(new EvaluatorsFinished(attempt.LogId));
    }

    private EvaluationWorldWorker NewWorker(string name)
    {
        var (traces, options) = (Options.Create(_traces), Options.Create(_options));
        var large = new LargeTraces(Time);
        var held = new HeldClaims(Store, options, Time, NullLogger<HeldClaims>.Instance);
        var store = _kind.IsLarge ? (ITraceStore)new PagesOfOne(Store) : Store;
        var versions = new EvaluatorVersions(new EvaluatorCatalog([.. _rules[.._kind.AtHand], _called]), Store, Rules.Reader);
        var verdictRuns = Runners.VerdictRunsOf(Store, Time, _catalog, _options);
        return new(
            name,
            new RunSteps(
                new JudgedTraces(store, Store),
                Store,
                _catalog,
                versions,
                verdictRuns,
                new DeletedRuns(Store, Store),
                new LabelStamp(Store, traces),
                held,
                large,
                new ClaimWindow(Time),
                new EvaluationPolicy(_traces.Timers, _traces.Late, _options.Lease),
                Time),
            versions,
            Runners.Of(Store, Time, store, verdictRuns),
            new EvaluatorCalls(_called, Runners.SpendingOf(Store, Time), Time));
    }
}

internal sealed record EvaluationWorldWorker(
    string Name, RunSteps Steps, EvaluatorVersions Versions, AttemptRunner Runner, EvaluatorCalls Calls);

/// <param name="AtHand">How many of the Evaluators judge where the revision begins; the others go the long way.</param>
/// <param name="WritesOneByOne">The store writes one document at a time.</param>
/// <param name="IsLarge">No trace fits into one page, so that each is read a second time.</param>
internal sealed record WorldKind(int AtHand, bool WritesOneByOne, bool IsLarge);

/// <summary>Where a worker ends while it deals with a message.</summary>
internal enum Death
{
    None,

    /// <summary>With everything read or taken, and nothing stored.</summary>
    BeforeSaving,

    /// <summary>With everything stored, and nobody told.</summary>
    BeforeTelling,

    /// <summary>With the revision begun, and none of the verdicts that were found stored.</summary>
    BeforeTheVerdicts,

    /// <summary>With the verdicts stored, and the run as it was begun.</summary>
    BeforeTheEnd,
}
