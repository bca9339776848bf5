using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Worker.Storage.Sqlite;

/// <summary>
/// The one writer of this process. Whatever is waiting when it is free becomes one transaction, with one flush to disk
/// (group commit); the callers hear of it after that. When one operation fails, the group is undone and each runs
/// alone, so that a failure fails only itself.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxGroup = 64;

    private readonly Channel<SqliteWork> _waiting = Channel.CreateBounded<SqliteWork>(
        new BoundedChannelOptions(MaxGroup) { SingleReader = true });
    private readonly SqliteSession _session;
    private readonly string _file;
    private readonly SqliteCheckpoints _checkpoints;
    private readonly Task _loop;

    public SqliteWriter(SqliteSession session, string file, ILogger logger)
    {
        _session = session;
        _file = file;
        _checkpoints = new SqliteCheckpoints(session, file, logger);
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>
    /// Runs <paramref name="operation"/> in a transaction; durable on return. It must bear being run again from the
    /// start.
    /// </summary>
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
        await _checkpoints.DisposeAsync();
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
            await _checkpoints.RunWhenLargeAsync();
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
}
