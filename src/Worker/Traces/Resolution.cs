namespace Worker.Traces;

/// <summary>The File and Version a Log was found to belong to, pinned when it was first stored.</summary>
/// <param name="FileId">Null when nothing names a File.</param>
/// <param name="VersionId">Null when there is no File, or when <paramref name="Missing"/> is set.</param>
/// <param name="Source">How it was found.</param>
/// <param name="Missing">
/// The key of the thing that was asked for and does not exist yet (see <see cref="VersionRequest"/>): the Log is
/// <c>unresolved</c>, and is resolved again when that thing appears. Null when resolved.
/// </param>
internal sealed record Resolution(string? FileId, string? VersionId, VersionSource Source, string? Missing)
{
    public static readonly Resolution None = new(null, null, VersionSource.None, null);
}
