using System.Collections.Immutable;
using System.Globalization;
using Worker.Traces;

namespace Worker.Storage.Sqlite;

/// <summary>How it stands with the alerts.</summary>
internal sealed class SqliteAlertStore(SqliteDatabase database) : IAlertStore
{
    private const string Columns =
        "name, version, condition, since, opened_at, checked_at, value, count, breach, notices";

    private const string Add =
        $"INSERT INTO alerts ({Columns}) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING";

    private const string Replace =
        """
        UPDATE alerts SET version = version + 1, condition = ?2, since = ?3, opened_at = ?4, checked_at = ?5,
            value = ?6, count = ?7, breach = ?8, notices = ?9
        WHERE name = ?1 AND version = ?10
        """;

    private const string Find = $"SELECT {Columns} FROM alerts WHERE name = ?";

    private const string FindAll = $"SELECT {Columns} FROM alerts ORDER BY name";

    public Task<IReadOnlyList<AlertState>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync(
        IReadOnlyList<AlertState> (session) => session.Prepare(FindAll).All(ToState), cancellationToken);

    public Task<AlertState?> ReadAsync(string name, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.Prepare(Find).Bind(name).All(ToState).SingleOrDefault(), cancellationToken);

    public Task<bool> SaveAsync(AlertState state, CancellationToken cancellationToken) => database.WriteAsync(
        session => state.Version == 0
            ? Bind(session.Prepare(Add), state).Run() == 1
            : Bind(session.Prepare(Replace), state).Bind(state.Version).Run() == 1,
        cancellationToken);

    private static SqliteStatement Bind(SqliteStatement statement, AlertState state) => statement
        .Bind(state.Name)
        .Bind(EnumName<AlertCondition>.Of(state.Condition))
        .Bind(state.Since)
        .Bind(state.OpenedAt)
        .Bind(state.CheckedAt)
        .Bind(state.Value?.ToString("R", CultureInfo.InvariantCulture))
        .Bind(state.Count)
        .Bind(state.Breach)
        .Bind(SqliteJson.Write(state.Notices.Select(Row.Of)));

    private static AlertState ToState(SqliteStatement row) => new()
    {
        Name = row.Text(0),
        Version = row.Int(1),
        Condition = EnumName<AlertCondition>.Parse(row.Text(2)),
        Since = row.Instant(3),
        OpenedAt = row.Instant(4),
        CheckedAt = row.InstantOrNull(5),
        Value = row.TextOrNull(6) is { } value ? double.Parse(value, CultureInfo.InvariantCulture) : null,
        Count = row.Long(7),
        Breach = row.TextOrNull(8),
        Notices = [.. SqliteJson.Read<ImmutableArray<Row>>(row.Bytes(9)).Select(notice => notice.ToNotice())],
    };

    /// <summary>A notice inside the column.</summary>
    private sealed record Row(string Key, string Body, DateTimeOffset NotBefore, int Tries)
    {
        public static Row Of(AlertNotice notice) =>
            new(notice.Key, notice.Body.ToString(), notice.NotBefore, notice.Tries);

        public AlertNotice ToNotice() => new(Key, JsonValue.Parse(Body), NotBefore, Tries);
    }
}
