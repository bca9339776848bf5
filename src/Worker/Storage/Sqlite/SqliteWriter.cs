using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Worker.Storage.Sqlite;

/// <summary>
/// The one writer of this process. Whatever is waiting when it is free becomes one transaction, with one flush to disk
/// (group commit); the callers hear of it after that. When one operation fails, the group is undone and each runs alone, so
/// that a failure fails only itself.
/// </summary>
internal sealed partial class SqliteWriter : IAsyncDisposable
{
    /// <summary>
    /// Pages (4 KiB) that the log grows by before they are copied into the database file. With random ids every insert dirties
    /// another page of the index: the longer the log, the more often one copy stands for several.
    /// </summary>
    private const int CheckpointPages = 16384;

    private const int MaxGroup = 64;

    private readonly Channel<SqliteWork> _waiting = Channel.CreateBounded<SqliteWork>(new BoundedChannelOptions(MaxGroup) { SingleReader = true });
    private readonly SqliteSession _session;
    private readonly string _file;
    private readonly ILogger _logger;
    private readonly Task _loop;
    private long _pagesInLog;

    public SqliteWriter(SqliteSession session, string file, ILogger logger)
    {
        _session = session;
        _file = file;
        _logger = logger;

        // What a killed process left in the log is copied soon, or a chain of crashes would let it grow for ever.
        var log = new FileInfo(file + "-wal");
        _pagesInLog = log.Exists ? log.Length / 4096 : 0;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Runs <paramref name="operation"/> in a transaction; durable on return. It must bear being run again from the start.</summary>
    public async Task<T> RunAsync<T>(Func<SqliteSession, T> operation, CancellationToken cancellationToken)
    {
        var work = new SqliteWork<T>(operation);
        await _waiting.Writer.WriteAsync(work, cancellationToken);
        return await work.Completion;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
        _session.Dispose();
    }

    private async Task LoopAsync()
    {
        var group = new List<SqliteWork>(MaxGroup);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (group.Count < MaxGroup && _waiting.Reader.TryRead(out var work))
                group.Add(work);
            RunTogether(group);
            group.Clear();
            CheckpointWhenLarge();
        }
    }

    private void RunTogether(List<SqliteWork> group)
    {
        try
        {
            _session.Rollback();
            _session.BeginWrite();
        }
        catch (SqliteException exception)
        {
            Fail(group, exception);
            return;
        }

        try
        {
            foreach (var work in group)
                work.Run(_session);
            _session.Commit();
        }
        catch (Exception exception)
        {
            Undo();
            if (group.Count == 1)
                Fail(group, exception);
            else
                RunEachAlone(group);
            return;
        }

        foreach (var work in group)
            work.Complete();
    }

    private void Undo()
    {
        try
        {
            _session.Rollback();
        }
        catch (SqliteException)
        {
            // The cause is about to be told; the rollback is tried again before the next transaction.
        }
    }

    private void RunEachAlone(List<SqliteWork> group)
    {
        foreach (var work in group)
            RunTogether([work]);
    }

    private void Fail(List<SqliteWork> group, Exception exception)
    {
        foreach (var work in group)
            work.Fail(SqliteErrors.Translate(exception, _file));
    }

    /// <summary>
    /// Copies the log into the database file. FULL, and never SQLite's own automatic checkpoint: FULL holds the write lock, so
    /// that no other process commits meanwhile. SQLite before 3.51.3 can lose a commit that restarts the log during a checkpoint.
    /// </summary>
    private void CheckpointWhenLarge()
    {
        try
        {
            _pagesInLog += _session.TakePagesWritten();
            if (_pagesInLog < CheckpointPages)
                return;
            _session.Execute("PRAGMA wal_checkpoint(FULL)");
            _pagesInLog = 0;
        }
        catch (SqliteException exception)
        {
            // What was committed stands in the log; the next commit tries again.
            LogCheckpointFailed(_file, SqliteErrors.Translate(exception, _file).Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, EventName = "CheckpointFailed", Message = "The log of {File} could not be copied into it, and keeps growing: {Reason}")]
    private partial void LogCheckpointFailed(string file, string reason);
}
