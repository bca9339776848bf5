using Worker.Errors;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>
/// Finds Flow Logs by what is in their texts (see <see cref="PayloadTexts"/>). It is made after the Logs and beside
/// them, so that storing them takes no longer; what it has not come to yet counts as found. Not every store has one.
/// Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal interface ITextIndex
{
    /// <summary>
    /// The Logs that may hold all of these texts, in no order, and every one that does. Null is not known: no text has
    /// three characters, or there are more than <paramref name="most"/>, or as many wait to be indexed.
    /// </summary>
    Task<IReadOnlyList<IndexedLog>?> FindAsync(
        IReadOnlyCollection<string> texts, int most, CancellationToken cancellationToken);

    /// <summary>Indexes some of what was written since, the newest first.</summary>
    Task<IndexStep> CatchUpAsync(CancellationToken cancellationToken);
}

/// <summary>What came of a step.</summary>
internal enum IndexStep
{
    /// <summary>There was nothing to do.</summary>
    None,

    /// <summary>There may be more to do.</summary>
    Done,

    /// <summary>The same, and it had to wait for others, who now wait for it.</summary>
    DoneAmongOthers,
}

/// <summary>A Log in the index.</summary>
internal readonly record struct IndexedLog(string Id, string FileId, long CreatedAt);
