using System.Collections.Immutable;
using Worker.Traces;

namespace Worker.Storage.Sqlite;

/// <summary>Who did what, as rows.</summary>
internal sealed class SqliteAuditStore(SqliteDatabase database) : IAuditStore
{
    private const string Columns =
        "id, at, actor, key_id, origin, act, outcome, subjects, subject_count, counts, note";

    private const string Save =
        $"INSERT OR REPLACE INTO audit ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    /// <summary>
    /// Ids grow with time, so that both orders are one. A page begins at the time of the entry that it comes after.
    /// </summary>
    public const string Find =
        $"""
        SELECT {Columns} FROM audit
        WHERE at >= ?1 AND at <= min(?2, coalesce((SELECT at FROM audit WHERE id = ?6), ?2))
            AND (?3 IS NULL OR act = ?3)
            AND (?4 IS NULL OR actor = ?4 OR key_id = ?4)
            AND (?5 IS NULL OR EXISTS (SELECT 1 FROM json_each(subjects) WHERE value = ?5))
            AND (?6 IS NULL OR id < ?6)
        ORDER BY at DESC, id DESC LIMIT ?7
        """;

    public const string Forget =
        "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ? ORDER BY at, id LIMIT ?)";

    public Task SaveAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Prepare(Save)
                .Bind(entry.Id)
                .Bind(entry.At)
                .Bind(entry.Actor)
                .Bind(entry.KeyId)
                .Bind(entry.Origin)
                .Bind(EnumName<AuditAct>.Of(entry.Act))
                .Bind(EnumName<AuditOutcome>.Of(entry.Outcome))
                .Bind(SqliteJson.Write(entry.Subjects))
                .Bind(entry.SubjectCount)
                .Bind(SqliteJson.Write(entry.Counts))
                .Bind(entry.Note)
                .Run(),
            cancellationToken);

    public Task<IReadOnlyList<AuditEntry>> ListAsync(
        AuditQuery query, string? before, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<AuditEntry> (session) => session.Prepare(Find)
                .Bind(query.Since ?? DateTimeOffset.MinValue)
                .Bind(query.Until is { } until ? Timestamps.ToMicroseconds(until) - 1 : Timestamps.Last)
                .Bind(query.Act is { } act ? EnumName<AuditAct>.Of(act) : null)
                .Bind(query.Actor)
                .Bind(query.Subject)
                .Bind(before)
                .Bind(limit)
                .All(ToEntry),
            cancellationToken);

    public Task<int> ForgetAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.Prepare(Forget).Bind(until).Bind(limit).Run(), cancellationToken);

    private static AuditEntry ToEntry(SqliteStatement row) => new()
    {
        Id = row.Text(0),
        At = row.Instant(1),
        Actor = row.Text(2),
        KeyId = row.TextOrNull(3),
        Origin = row.Text(4),
        Act = EnumName<AuditAct>.Parse(row.Text(5)),
        Outcome = EnumName<AuditOutcome>.Parse(row.Text(6)),
        Subjects = SqliteJson.Read<ImmutableArray<string>>(row.Bytes(7)),
        SubjectCount = row.Long(8),
        Counts = SqliteJson.Read<ImmutableSortedDictionary<string, long>>(row.Bytes(9)),
        Note = row.TextOrNull(10),
    };
}
