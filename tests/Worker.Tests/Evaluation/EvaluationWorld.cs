using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Worker.Evaluation;
using Worker.Evaluation.Messaging;
using Worker.Storage;
using Worker.Testing;
using Worker.Traces;

namespace Worker.Tests.Evaluation;

/// <summary>
/// Workers over one store and a bus that loses, repeats and reorders: every step of the conversation is taken by hand, so that a
/// worker can be ended between any two of them.
/// </summary>
internal sealed class EvaluationWorld
{
    public const int Evaluators = 2;

    private readonly EvaluatorCatalog _catalog = new([Rules.Evaluator(path: "one"), Rules.Evaluator("count: { of: logs }", "two", "number")]);
    private readonly EvaluationOptions _options = new();
    private readonly TraceOptions _traces;
    private readonly List<EvaluationWorldWorker> _workers = [];
    private string? _digest;

    public EvaluationWorld(LatePolicy late = LatePolicy.Rejudge, int workers = 2)
    {
        _traces = new TraceOptions { Late = late };
        for (var i = 0; i < workers; i++)
            _workers.Add(NewWorker($"worker-{i}"));
    }

    public InMemoryStore Store { get; } = new();

    public ManualTimeProvider Time { get; } = new();

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
        await Store.WriteAsync([log with { Version = stored.GetValueOrDefault(log.Id)?.Version ?? 0 }], CancellationToken.None);
        var digest = TraceDigest.Of(await ((ITraceStore)Store).AllMembersAsync("f", CancellationToken.None));
        if (digest != _digest)
            Changes++;
        _digest = digest;
        await WakeAsync();
    }

    public Task WakeAsync() => Runs.WakeAsync([new Wake("f", true)], _traces.Timers, Time.GetUtcNow(), CancellationToken.None);

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
    public async Task DeliverAsync(object message, EvaluationWorldWorker worker, Func<Task>? meanwhile = null, Death dies = Death.None)
    {
        switch (message)
        {
            case RunDue due:
                await SagaAsync(due.LogId, run => worker.Steps.LookAsync(run, CancellationToken.None), meanwhile, dies);
                break;
            case EvaluatorsFinished finished:
                await SagaAsync(finished.LogId, run => worker.Steps.FinishAsync(run, CancellationToken.None), meanwhile, dies);
                break;
            case RunEvaluators(var logId, var revision):
                await EvaluateAsync(new Attempt(logId, revision), worker, meanwhile, dies);
                break;
        }
    }

    /// <summary>Nothing else happens any more: time passes, and everything is delivered in order, until nothing is owed.</summary>
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
            Time.Advance(_options.Lease);
            await ClaimAsync(Workers[0]);
        }

        throw new InvalidOperationException("The run never comes to rest.");
    }

    private async Task SagaAsync(string logId, Func<Run, Task<RunChange?>> step, Func<Task>? meanwhile, Death dies)
    {
        while (await Runs.ReadAsync(logId, CancellationToken.None) is { } run)
        {
            var change = await step(run);
            if (meanwhile is not null)
                await meanwhile();
            meanwhile = null;
            if (dies == Death.BeforeSaving)
                return;
            if (change is not null && !await Runs.SaveAsync(change.Run, change.Decisions, CancellationToken.None))
                continue;
            if (change is { RunsEvaluators: true } && dies != Death.BeforeTelling)
                Messages.Add(new RunEvaluators(logId, change.Run.Revision));
            return;
        }
    }

    private async Task EvaluateAsync(Attempt attempt, EvaluationWorldWorker worker, Func<Task>? meanwhile, Death dies)
    {
        var now = Time.GetUtcNow();
        if (!await Store.TryTakeAsync(attempt.Id, attempt.LogId, worker.Name, now, now + _options.Lease, CancellationToken.None))
            return;
        if (meanwhile is not null)
            await meanwhile();
        if (dies != Death.BeforeSaving && await worker.Runner.RunAsync(attempt, CancellationToken.None) && dies != Death.BeforeTelling)
            Messages.Add(new EvaluatorsFinished(attempt.LogId));
    }

    private EvaluationWorldWorker NewWorker(string name)
    {
        var (traces, options) = (Options.Create(_traces), Options.Create(_options));
        var large = new LargeTraces(Time);
        var held = new HeldClaims(Store, options, Time, NullLogger<HeldClaims>.Instance);
        return new(
            name,
            new EvaluationSteps(Store, Store, _catalog, new LabelStamp(Store, traces), held, large, new OpenClaims(Time), traces, options, Time),
            new AttemptRunner(Store, Store, Store, new EvaluatorVersions(_catalog, Store), large, new StoreResilience(Time), Time));
    }
}

internal sealed record EvaluationWorldWorker(string Name, EvaluationSteps Steps, AttemptRunner Runner);

/// <summary>Where a worker ends while it deals with a message.</summary>
internal enum Death
{
    None,

    /// <summary>With everything read or taken, and nothing stored.</summary>
    BeforeSaving,

    /// <summary>With everything stored, and nobody told.</summary>
    BeforeTelling,
}
