using Worker.Errors;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>
/// Traces, read over <c>trace_parent_id</c>: the only truth about who belongs where. Reads see every write that was
/// acknowledged before they began, by any worker. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal interface ITraceStore
{
    /// <summary>
    /// Every Log among <paramref name="ids"/> and above them, each once, in no order. Ends at what is not stored or is
    /// deleted; a cycle ends it too. Cost grows with the height of the paths, not with what is stored; no document is
    /// read.
    /// </summary>
    Task<IReadOnlyList<Ancestor>> AncestorsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>
    /// The Log itself (first) and everything reached downward from it, each once, at any depth, in pages (see
    /// <see cref="MemberPage"/>): a Log comes after the one it is under. Deleted Logs, and what only they lead to, are
    /// left out. Empty when the Log is not stored or deleted. Each page sees every write that was acknowledged before
    /// it was asked for; what changes between two pages may be seen in part.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<Log>> MembersAsync(string logId, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="MembersAsync"/>, of each Log only what a picture of the trace is drawn from: of its fields
    /// <see cref="LogFields.Drawn"/>, under no stamps, and neither receipts, batches nor Version. Payloads are not
    /// held, nor sent by a server. Such a Log is never written.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<Log>> OutlineAsync(string logId, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="MembersAsync"/>, without the Log itself, and whether that stands or not: what is left under one
    /// that was deleted.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<Log>> BeneathAsync(string logId, CancellationToken cancellationToken);

    /// <summary>
    /// The Log itself (first) and the chain of its parents upward, as far as stored. Ends at what is not stored or is
    /// deleted, and before a Log that is already in the chain.
    /// </summary>
    Task<IReadOnlyList<Log>> PathAboveAsync(string logId, CancellationToken cancellationToken);

    /// <summary>
    /// Stamps labels on stored Logs; a label already standing is replaced. No part of the merged state or its version.
    /// </summary>
    Task LabelAsync(IReadOnlyCollection<TraceLabel> labels, CancellationToken cancellationToken);

    /// <summary>The labels of those Logs that have been stamped.</summary>
    Task<IReadOnlyDictionary<string, TraceLabel>> LabelsAsync(
        IReadOnlyCollection<string> logIds, CancellationToken cancellationToken);

    /// <summary>Which of those Logs are stored and not deleted. No document is read.</summary>
    Task<IReadOnlySet<string>> StandingAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>Every Flow Log that is complete, in pages, in the order of ids: what <c>verify</c> walks.</summary>
    IAsyncEnumerable<string> CompleteFlowsAsync(CancellationToken cancellationToken);
}
