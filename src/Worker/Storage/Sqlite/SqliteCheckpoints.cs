using Microsoft.Data.Sqlite;

namespace Worker.Storage.Sqlite;

/// <summary>
/// Copies the write-ahead log into the database file, by size: a session of its own copies what is there while the
/// writer goes on, and the writer what has come meanwhile, between two of its transactions. Not SQLite's own automatic
/// checkpoint: that is made within a commit, whose callers would wait for it, and at every commit while somebody reads
/// what keeps the log from being begun anew.
/// </summary>
/// <param name="bytes">
/// What the log grows by before it is copied. With random ids every insert dirties another page of the index: the
/// longer the log, the more often one copy stands for several.
/// </param>
internal sealed partial class SqliteCheckpoints(
    SqliteSession session, string file, ILogger logger, long bytes = SqliteCheckpoints.Bytes) : IAsyncDisposable
{
    public const long Bytes = 64 * 1024 * 1024;

    private readonly long _pageSize = session.Prepare("PRAGMA page_size").All(row => row.Long(0))[0];

    // What a killed process left in the log is copied soon, or a chain of crashes would let it grow for ever.
    private long _written = new FileInfo(file + "-wal") is { Exists: true } log ? log.Length : 0;
    private long _limit = 2 * bytes;
    private SqliteSession? _copying;
    private Task? _copy;

    /// <summary>
    /// Called by the writer after each of its transactions. Waits where it writes faster than is copied.
    /// </summary>
    public async ValueTask RunWhenLargeAsync()
    {
        try
        {
            _written += session.TakePagesWritten() * _pageSize;
            if (_copy is null)
            {
                if (_written < bytes)
                    return;
                _written = 0;
                _copy = Task.Run(Copy);
            }
            else if (_copy.IsCompleted || _written >= bytes / 2)
            {
                _written = 0;
                await _copy;
                _copy = null;
                Finish();
            }
        }
        catch (SqliteException exception)
        {
            // What was committed stands in the log; it is tried again when as much has come to it.
            _copy = null;
            CheckpointFailed(file, SqliteErrors.Translate(exception, file).Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_copy is not null)
            await _copy.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _copying?.Dispose();
    }

    /// <summary>PASSIVE waits for nobody, and nobody for it. What is copied is on the disk when it returns.</summary>
    private void Copy()
    {
        if (_copying is null)
        {
            _copying = new SqliteSession(file, SqliteOpenMode.ReadWrite, TimeSpan.Zero);
            _copying.Execute("PRAGMA synchronous = FULL; PRAGMA cache_size = -256; PRAGMA mmap_size = 0");
        }

        _copying.Checkpoint("PASSIVE");
    }

    /// <summary>
    /// After PASSIVE a log that nobody reads is begun anew by the next commit. Where readers follow upon each other
    /// there is no such moment: once the log is twice as long, TRUNCATE makes one, which may wait for readers as long
    /// as for a lock. Where one stays longer than that, the log may become twice as long again before the next wait.
    /// </summary>
    private void Finish()
    {
        if (session.Checkpoint("PASSIVE").Log * _pageSize < _limit)
            return;
        var (isDone, log) = session.Checkpoint("TRUNCATE");
        _limit = isDone ? 2 * bytes : 2 * log * _pageSize;
        if (!isDone)
            CheckpointFailed(file, "somebody has been reading for long");
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The log of {File} could not be copied into it, and keeps growing: {Reason}")]
    private partial void CheckpointFailed(string file, string reason);
}
