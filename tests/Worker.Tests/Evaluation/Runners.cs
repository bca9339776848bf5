using Microsoft.Extensions.Options;
using Worker.Diagnostics;
using Worker.Evaluation;
using Worker.Reading;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Tests.Evaluation;

/// <summary>Runners of attempts over a store in memory.</summary>
internal static class Runners
{
    public static readonly EvaluationPolicy Policy = new(
        Some.Timers, LatePolicy.Rejudge, TimeSpan.FromSeconds(30));

    /// <summary>
    /// One for all: the instruments of a meter stay in the process, and whoever listens walks past every one of them.
    /// </summary>
    private static readonly EvaluationMetrics Unheard = new(new TestMeters(), TimeProvider.System);

    public static AttemptRunner Of(
        InMemoryStore store, TimeProvider time, ITraceStore? traces = null, VerdictRuns? verdictRuns = null) => new(
        store,
        new JudgedTraces(traces ?? store, store),
        store,
        InputOf(store),
        new RecentInputs(time),
        verdictRuns ?? VerdictRunsOf(store, time, new EvaluatorCatalog([])),
        new LargeTraces(time),
        new StoreResilience(time),
        Policy,
        time);

    public static CallGate OpenGate { get; } = GateOf(new Backlog());

    public static CallGate GateOf(IBacklogSign backlog, int parallelism = 1) =>
        new(backlog, Options.Create(new EvaluationOptions { Parallelism = parallelism }), TimeProvider.System);

    public static VerdictRuns VerdictRunsOf(
        InMemoryStore store, TimeProvider time, IAttachments attachments, EvaluationOptions? options = null) =>
        new(store, attachments, new LocalDueTimes(time), Policy, Options.Create(options ?? new()), time);

    public static TraceInput InputOf(InMemoryStore store, int? maxBytes = null) => new(
        new TraceReader(store, store, store, store, store, store),
        Options.Create(new EvaluationOptions { MaxTraceBytes = maxBytes ?? new EvaluationOptions().MaxTraceBytes }));

    public static Spending SpendingOf(InMemoryStore store, TimeProvider time, BudgetOptions? total = null) =>
        new(store, Options.Create(total ?? new()), Unheard, time);

    public sealed class Backlog : IBacklogSign
    {
        public bool IsBehind { get; set; }
    }
}
