using Worker.Errors;
using Worker.Runs;

namespace Worker.Storage;

/// <summary>
/// Verdicts, inserted if absent. Throws <see cref="StoreUnavailableException"/>; what returned is durable.
/// </summary>
internal interface IEvaluatorLogStore
{
    /// <summary>
    /// Adds verdicts. One whose id is there already is passed over: the first stands. One on a Log without a run
    /// (deleted in the meantime) is dropped.
    /// </summary>
    Task AddAsync(IReadOnlyCollection<EvaluatorLog> logs, CancellationToken cancellationToken);

    /// <summary>All verdicts on those Logs, every revision, by Log, revision and Evaluator.</summary>
    Task<IReadOnlyList<EvaluatorLog>> ReadAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken);

    /// <summary>
    /// The Log that a verdict is on; null where no verdict has that id. For people who ask: may read through the ids of
    /// all verdicts.
    /// </summary>
    Task<string?> JudgedByAsync(string id, CancellationToken cancellationToken);

    /// <summary>The Logs on which there are verdicts, each once, in pages, in the order of ids.</summary>
    IAsyncEnumerable<string> LogsWithVerdictsAsync(CancellationToken cancellationToken);
}
