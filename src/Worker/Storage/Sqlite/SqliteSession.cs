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

    /// <summary>Null until a Log was stored.</summary>
    public RecentLogIds? RecentLogIds { get; set; }

    /// <summary>The row that was inserted last.</summary>
    public long LastRowId => raw.sqlite3_last_insert_rowid(Handle);

    /// <summary>Rows that this session has ever changed, those of SQLite's own tables among them.</summary>
    public int TotalChanges => raw.sqlite3_total_changes(Handle);

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

    /// <summary>
    /// Makes the other file what this one is at this moment, whoever writes to it meanwhile: page by page, from within
    /// one read transaction.
    /// </summary>
    /// <param name="show">Is told how many bytes are copied, of how many.</param>
    public void CopyTo(SqliteSession other, Action<long, long> show, CancellationToken cancellationToken)
    {
        const int Pages = 1024;
        Begin();
        var pageSize = Prepare("PRAGMA page_size").All(row => row.Long(0))[0];
        Prepare("SELECT count(*) FROM sqlite_schema").All(row => row.Long(0));
        using (var copy = raw.sqlite3_backup_init(other.Handle, "main", Handle, "main"))
        {
            if (copy.IsInvalid)
                SqliteException.ThrowExceptionForRC(raw.sqlite3_errcode(other.Handle), other.Handle);
            for (var code = raw.SQLITE_OK; code != raw.SQLITE_DONE;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                code = raw.sqlite3_backup_step(copy, Pages);
                if (code is not (raw.SQLITE_OK or raw.SQLITE_DONE))
                    SqliteException.ThrowExceptionForRC(code, other.Handle);
                var total = raw.sqlite3_backup_pagecount(copy) * pageSize;
                show(total - (raw.sqlite3_backup_remaining(copy) * pageSize), total);
            }
        }

        Rollback();
    }

    public void Dispose()
    {
        foreach (var (_, handle) in _statements.Values)
            handle.Dispose();
        _connection.Dispose();
    }
}
