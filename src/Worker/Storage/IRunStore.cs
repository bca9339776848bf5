using Worker.Errors;
using Worker.Runs;

namespace Worker.Storage;

/// <summary>
/// Runs, their timers and their decisions. Throws <see cref="StoreUnavailableException"/>; what returned is durable.
/// </summary>
internal interface IRunStore
{
    /// <summary>
    /// Makes each woken run due (see <see cref="WakeTimers.Due"/>), creating its document where there is none, raising
    /// its version, and leaving its state alone. Free to repeat. Each Log occurs at most once.
    /// </summary>
    Task WakeAsync(
        IReadOnlyCollection<Wake> wakes, WakeTimers timers, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Claims runs that are due at <paramref name="now"/> and under nobody's lease, oldest first: sets owner and lease.
    /// No two claims take one run. Does not change a run's version, so that a wake after the claim still wins over what
    /// follows it. What a clock that was set back has left behind holds up nothing: a <c>due</c> after
    /// <paramref name="latestDue"/> is void, and so is a lease after <see cref="Leases.Latest"/>; a run with the one is
    /// claimed as if it were due, one with the other as if it were under no lease.
    /// </summary>
    Task<IReadOnlyList<string>> ClaimDueAsync(
        DateTimeOffset now,
        DateTimeOffset latestDue,
        string owner,
        DateTimeOffset leaseUntil,
        int limit,
        CancellationToken cancellationToken);

    /// <summary>
    /// Sets when the owner's claim on a run lapses. Does nothing where another holds it, or nobody does. Does not
    /// change a run's version, as claiming does not.
    /// </summary>
    Task RenewAsync(string logId, string owner, DateTimeOffset leaseUntil, CancellationToken cancellationToken);

    /// <summary>
    /// How many runs are due at <paramref name="now"/>, whoever has claimed them, and since when the oldest is; null
    /// where none is. Counts to <paramref name="most"/>. Cheap, and exact only while nobody claims any.
    /// </summary>
    Task<(long Due, DateTimeOffset? Oldest)> BacklogAsync(
        DateTimeOffset now, int most, CancellationToken cancellationToken);

    /// <summary>Null when there is none.</summary>
    Task<Run?> ReadAsync(string logId, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the run whose stored version is <see cref="Run.Version"/> and whose document exists; the stored version
    /// becomes one more. Adds the decisions, all on its Log, which replace those of the same revision and Evaluator.
    /// When the race is lost, the run is not written; decisions may be, but never a waiting or superseded one over an
    /// outcome.
    /// </summary>
    /// <returns>False when another writer, a wake included, was first, or the run was dropped.</returns>
    Task<bool> SaveAsync(Run run, IReadOnlyCollection<Decision> decisions, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="SaveAsync"/>, with the verdicts of the revision that the run begins, inserted if absent (see
    /// <see cref="IEvaluatorLogStore.AddAsync"/>): all of it, or nothing where the race is lost, so that no verdict on
    /// other content ever stands under that revision. Where the store writes one document at a time it writes
    /// <paramref name="begun"/> first, with the decisions on earlier revisions, the verdicts next, and
    /// <paramref name="judged"/> last: whoever is killed in between leaves a revision that has begun and falls due.
    /// </summary>
    /// <param name="begun">The run as its revision has begun, with the watch over what has not answered.</param>
    /// <param name="judged">The same with the verdicts taken up.</param>
    /// <returns>False when another writer, a wake included, was first, or the run was dropped.</returns>
    Task<bool> JudgeAsync(
        Run begun,
        Run judged,
        IReadOnlyCollection<Decision> decisions,
        IReadOnlyCollection<EvaluatorLog> verdicts,
        CancellationToken cancellationToken);

    /// <summary>All decisions on a Log, by revision and Evaluator.</summary>
    Task<IReadOnlyList<Decision>> DecisionsAsync(string logId, CancellationToken cancellationToken);

    /// <summary>The Logs of all runs, in pages, in the order of ids.</summary>
    IAsyncEnumerable<string> LogsWithRunsAsync(CancellationToken cancellationToken);

    /// <summary>The Logs on which there are decisions, each once, in pages, in the order of ids.</summary>
    IAsyncEnumerable<string> LogsWithDecisionsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The verdicts on those Logs that have runs of their own (see <see cref="Run.JudgedId"/>), in the order of ids,
    /// whether they are stored yet or not. Cost grows with them, not with what is stored.
    /// </summary>
    Task<IReadOnlyList<string>> JudgedVerdictsAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken);

    /// <summary>
    /// Drops the runs of deleted Logs with their decisions, attempts and Evaluator Logs, and likewise the runs of the
    /// verdicts on them, at any depth, the deepest first. Free to repeat.
    /// </summary>
    Task DropAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken);
}
