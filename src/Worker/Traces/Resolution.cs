namespace Worker.Traces;

/// <summary>The File and Version a Log was found to belong to, pinned when it was first stored.</summary>
/// <param name="FileId">Null when nothing names a File.</param>
/// <param name="VersionId">Null when there is no File, or while the Log <see cref="Waits"/>.</param>
/// <param name="Source">How it was found.</param>
/// <param name="Missing">
/// What was asked for and does not exist yet: the Log is <c>unresolved</c>, is found by this key, and is resolved again
/// when the thing appears. It stays beside the found Version until the Log's traces are woken
/// (<see cref="IsOwedAWake"/>); then it is null.
/// </param>
internal sealed record Resolution(string? FileId, string? VersionId, VersionSource Source, CatalogKey? Missing)
{
    public static readonly Resolution None = new(null, null, VersionSource.None, null);

    /// <summary>It has to be resolved again when <see cref="Missing"/> appears.</summary>
    public bool Waits => VersionId is null && Missing is not null;

    /// <summary>
    /// It was resolved late, and the Log's traces are still to be woken. Should the worker that resolved it end before
    /// that, the next one that looks for Logs that waited finds this one again.
    /// </summary>
    public bool IsOwedAWake => VersionId is not null && Missing is not null;

    /// <summary>The same, once the Log's traces are woken, or will be with the message in hand.</summary>
    public Resolution Woken() => IsOwedAWake ? this with { Missing = null } : this;
}
