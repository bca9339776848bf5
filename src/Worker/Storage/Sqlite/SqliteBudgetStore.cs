namespace Worker.Storage.Sqlite;

/// <summary>What was spent.</summary>
internal sealed class SqliteBudgetStore(SqliteDatabase database) : IBudgetStore
{
    private const string Add =
        """
        INSERT INTO budgets (spent_in, calls, tokens, cost) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (spent_in) DO UPDATE SET calls = calls + ?2, tokens = tokens + ?3, cost = cost + ?4
        """;

    private const string Find = "SELECT calls, tokens, cost FROM budgets WHERE spent_in = ?";

    public Task<bool> TryAddAsync(
        string window, BudgetAmounts amounts, BudgetAmounts limits, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (!(Read(session, window) + amounts).IsWithin(limits))
                    return false;
                Write(session, window, amounts);
                return true;
            },
            cancellationToken);

    public Task AddAsync(string window, BudgetAmounts amounts, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Write(session, window, amounts), cancellationToken);

    public Task<BudgetAmounts> ReadAsync(string window, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Read(session, window), cancellationToken);

    private static void Write(SqliteSession session, string window, BudgetAmounts amounts) => session.Prepare(Add)
        .Bind(window)
        .Bind(amounts.Calls)
        .Bind(amounts.Tokens)
        .Bind(amounts.Cost)
        .Run();

    private static BudgetAmounts Read(SqliteSession session, string window)
    {
        using var row = session.Prepare(Find).Bind(window);
        return row.Next() ? new(row.Long(0), row.Long(1), row.Long(2)) : default;
    }
}
