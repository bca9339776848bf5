namespace Worker.Storage;

/// <summary>Which acts are meant: all when nothing is given.</summary>
/// <param name="Since">Begun then or later.</param>
/// <param name="Until">Begun before.</param>
/// <param name="Actor">Its name, or its key's id.</param>
/// <param name="Subject">An id that the entry keeps.</param>
internal sealed record AuditQuery(
    DateTimeOffset? Since = null,
    DateTimeOffset? Until = null,
    AuditAct? Act = null,
    string? Actor = null,
    string? Subject = null)
{
    public bool Matches(AuditEntry entry) =>
        !(entry.At < Since) && !(entry.At >= Until) && (Act ?? entry.Act) == entry.Act
        && (Actor is null || Actor == entry.Actor || Actor == entry.KeyId)
        && (Subject is null || entry.Subjects.Contains(Subject));
}
