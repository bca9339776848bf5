using Worker.Errors;
using Worker.Runs;

namespace Worker.Storage;

/// <summary>
/// Verdicts by when they were given, and what has none yet. Reads see every write that was acknowledged before they
/// began, by any worker. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal interface IVerdictListing
{
    /// <summary>
    /// The verdicts that workers gave for an Evaluator, every revision, whose end lies from <paramref name="from"/> to
    /// before <paramref name="until"/>: the latest first, in pages. Cost grows with them, not with what is stored.
    /// </summary>
    IAsyncEnumerable<IReadOnlyCollection<VerdictLine>> ReadAsync(
        string evaluatorId, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>What waits for an Evaluator, or for any: cost grows with how much that is.</summary>
    /// <param name="outcome"><see cref="Outcome.Paused"/> or <see cref="Outcome.OverBudget"/>.</param>
    /// <param name="evaluatorId">Null: any.</param>
    /// <param name="most">So many Logs are named at most.</param>
    Task<PutOff> PutOffAsync(Outcome outcome, string? evaluatorId, int most, CancellationToken cancellationToken);
}
