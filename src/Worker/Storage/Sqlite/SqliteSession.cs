using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Worker.Storage.Sqlite;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, (SqliteStatement Statement, sqlite3_stmt Handle)> _statements = new(
        StringComparer.Ordinal);

    public SqliteSession(string file, SqliteOpenMode mode, TimeSpan busyTimeout)
    {
        // Pooling is ours: sessions keep their statements.
        var settings = new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false };
        _connection = new SqliteConnection(settings.ToString());
        _connection.Open();
        _ = raw.sqlite3_busy_timeout(Handle, (int)busyTimeout.TotalMilliseconds);
    }

    /// <summary>True between begin and commit or rollback.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    /// <summary>See <see cref="SqliteLogIds"/>; null until it was needed.</summary>
    public long? LogIdSeed { get; set; }

    /// <summary>The row that was inserted last.</summary>
    public long LastRowId => raw.sqlite3_last_insert_rowid(Handle);

    private sqlite3 Handle => _connection.Handle!;

    /// <summary>The statement for that text, ready for its values. One text is in one use at a time.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (_statements.TryGetValue(sql, out var known))
            return known.Statement;

        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_prepare_v3(Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle), Handle);
        var statement = new SqliteStatement(Handle, handle);
        _statements.Add(sql, (statement, handle));
        return statement;
    }

    public void Begin() => Prepare("BEGIN").Run();

    /// <summary>Takes the write lock at once, so that nothing read inside can be overtaken.</summary>
    public void BeginWrite() => Prepare("BEGIN IMMEDIATE").Run();

    public void Commit() => Prepare("COMMIT").Run();

    /// <summary>
    /// Undoes the open transaction; nothing where SQLite has done so itself, as it does when a disk is full.
    /// </summary>
    public void Rollback()
    {
        if (IsInTransaction)
            Prepare("ROLLBACK").Run();
    }

    /// <summary>Runs statements that are not worth keeping, and ignores their rows.</summary>
    public void Execute(string script) => SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(Handle, script), Handle);

    /// <summary>Pages written to the log by this session since the last call.</summary>
    public int TakePagesWritten()
    {
        const int CacheWrite = 9;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_db_status(Handle, CacheWrite, out var pages, out _, 1), Handle);
        return pages;
    }

    /// <summary>Copies the log into the database file, as far as the mode goes.</summary>
    /// <returns>Whether it went that far, and how many pages the log holds.</returns>
    public (bool IsDone, int Log) Checkpoint(string mode)
    {
        using var row = Prepare($"PRAGMA wal_checkpoint({mode})");
        row.Next();
        return (row.Int(0) == 0, row.Int(1));
    }

    public void Dispose()
    {
        foreach (var (_, handle) in _statements.Values)
            handle.Dispose();
        _connection.Dispose();
    }
}
