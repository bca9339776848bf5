using Worker.Errors;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>
/// Verdicts from outside: Evaluator Logs, which are Logs like others, found by the Log that they are on. Reads see
/// every write that was acknowledged before they began, by any worker. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal interface IPostedVerdictStore
{
    /// <summary>
    /// Those among the Logs that have such verdicts, be they stored themselves or not. No document is read.
    /// </summary>
    Task<IReadOnlySet<string>> JudgedAmongAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken);

    /// <summary>
    /// Of those Logs that are such verdicts themselves and stand, by id, what each is on. No document is read.
    /// </summary>
    Task<IReadOnlyDictionary<string, string>> JudgedByAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken);

    /// <summary>
    /// The verdicts on one Log, each once, in pages (see <see cref="MemberPage"/>), in an order that does not change.
    /// Cost grows with them, not with what is stored. What is deleted while they are read may still be among them.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<Log>> OnAsync(string logId, CancellationToken cancellationToken);

    /// <summary>
    /// The Logs that have such verdicts, stored themselves or not, each once, in pages, in the order of ids.
    /// </summary>
    IAsyncEnumerable<string> JudgedAsync(CancellationToken cancellationToken);
}
