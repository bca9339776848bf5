using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Worker.Storage.Sqlite;

/// <summary>
/// A few read-only sessions. A read sees everything that was committed before it began, and nothing that comes later.
/// </summary>
internal sealed class SqliteReaders(string file, TimeSpan busyTimeout) : IDisposable
{
    private const int MaxReaders = 4;

    private readonly SemaphoreSlim _free = new(MaxReaders);

    // The one that was used last first: of what it has read before, most still stands.
    private readonly ConcurrentStack<SqliteSession> _idle = [];

    public async Task<T> RunAsync<T>(Func<SqliteSession, T> operation, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return Run(operation);
        }
        catch (SqliteException exception)
        {
            throw SqliteErrors.Translate(exception, file);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        while (_idle.TryPop(out var session))
            session.Dispose();
        _free.Dispose();
    }

    private T Run<T>(Func<SqliteSession, T> operation)
    {
        if (!_idle.TryPop(out var session))
            session = Open();
        try
        {
            session.Begin();
            var result = operation(session);
            session.Commit();
            _idle.Push(session);
            return result;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private SqliteSession Open()
    {
        var session = new SqliteSession(file, SqliteOpenMode.ReadOnly, busyTimeout);
        session.Execute("PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0");
        return session;
    }
}
