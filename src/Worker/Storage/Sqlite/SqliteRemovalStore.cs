using System.Collections.Immutable;

namespace Worker.Storage.Sqlite;

/// <summary>What is being removed.</summary>
internal sealed class SqliteRemovalStore(SqliteDatabase database) : IRemovalStore
{
    private const string Save = "INSERT OR REPLACE INTO removals (id, heads, log_ids, at) VALUES (?, ?, ?, ?)";

    private const string Find = "SELECT heads, log_ids, at FROM removals ORDER BY id";

    private const string Close = "DELETE FROM removals WHERE id = ?";

    private const string Forget = "DELETE FROM logs WHERE seq = ? AND deleted_at IS NOT NULL";

    private const string ForgetLabel = "DELETE FROM labels WHERE seq = ?";

    public Task SaveAsync(Removal removal, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Prepare(Save)
                .Bind(removal.Id)
                .Bind(SqliteJson.Write(removal.Heads))
                .Bind(SqliteJson.Write(removal.LogIds))
                .Bind(removal.At)
                .Run(),
            cancellationToken);

    public Task<IReadOnlyList<Removal>> OpenAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            IReadOnlyList<Removal> (session) => session.Prepare(Find).All(row => new Removal(
                SqliteJson.Read<ImmutableArray<string>>(row.Bytes(0)),
                SqliteJson.Read<ImmutableArray<string>>(row.Bytes(1)),
                row.Instant(2))),
            cancellationToken);

    public Task CloseAsync(string id, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.Prepare(Close).Bind(id).Run(), cancellationToken);

    public Task<int> ForgetAsync(IReadOnlyCollection<string> logIds, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var forgotten = 0;
                foreach (var id in logIds)
                {
                    if (session.SeqOf(id) is not { } seq || session.Prepare(Forget).Bind(seq).Run() == 0)
                        continue;
                    session.Prepare(ForgetLabel).Bind(seq).Run();
                    session.RemoveLogId(id, seq);
                    forgotten++;
                }

                return forgotten;
            },
            cancellationToken);
}
