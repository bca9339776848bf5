using Microsoft.Data.Sqlite;
using Worker.Errors;

namespace Worker.Storage.Sqlite;

/// <summary>
/// The file <c>worker.db</c> and this process's sessions on it: one writer, a few readers. Other processes may have
/// theirs; each waits <paramref name="busyTimeout"/> for another's transaction.
/// </summary>
/// <param name="migrates">False: a file whose schema is behind is refused, but one that is empty.</param>
internal sealed class SqliteDatabase(
    string folder,
    TimeSpan busyTimeout,
    ILogger<SqliteDatabase> logger,
    StoreMetrics? metrics = null,
    bool migrates = true)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1);
    private SqliteReaders? _readers;
    private SqliteWriter? _writer;

    public bool Exists => Directory.Exists(Path.GetDirectoryName(File));

    public string Description => "SQLite " + File;

    public string File { get; } = Path.Combine(Path.GetFullPath(folder), "worker.db");

    /// <summary>
    /// Makes folder and file where they are missing, brings the schema up to date, and starts the writer. Idempotent;
    /// what is written or read first does it, too.
    /// </summary>
    /// <param name="show">Is told of the steps that the schema takes; where given, these are taken in any case.</param>
    public async Task OpenAsync(CancellationToken cancellationToken, Action<SchemaProgress>? show = null)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_writer is not null)
                return;
            var session = OpenForWriting(show, migrates || show is not null, cancellationToken);
            _readers = new SqliteReaders(File, busyTimeout);
            _writer = new SqliteWriter(session, File, logger);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>
    /// Runs <paramref name="operation"/> in a write transaction; durable on return. It must bear being run again from
    /// the start.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> operation, CancellationToken cancellationToken)
    {
        if (_writer is null)
            await OpenAsync(cancellationToken);
        using var timing = metrics?.Time("sqlite", "write");
        return await _writer!.RunAsync(operation, cancellationToken);
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<SqliteSession> operation, CancellationToken cancellationToken) =>
        WriteAsync(
            session =>
            {
                operation(session);
                return true;
            },
            cancellationToken);

    /// <summary>Runs <paramref name="operation"/> on one state of the database, the latest.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> operation, CancellationToken cancellationToken)
    {
        if (_writer is null)
            await OpenAsync(cancellationToken);
        using var timing = metrics?.Time("sqlite", "read");
        return await _readers!.RunAsync(operation, cancellationToken);
    }

    /// <summary>
    /// Runs <paramref name="operation"/> on a session of its own, in no transaction: for what SQLite does in none.
    /// </summary>
    public async Task<T> RunAloneAsync<T>(Func<SqliteSession, T> operation, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        try
        {
            return await Task.Run(
                () =>
                {
                    using var session = new SqliteSession(File, SqliteOpenMode.ReadWrite, busyTimeout);
                    return operation(session);
                },
                cancellationToken);
        }
        catch (SqliteException exception)
        {
            throw SqliteErrors.Translate(exception, File);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The writer last: who closes the file last also empties its log.
        _readers?.Dispose();
        if (_writer is not null)
            await _writer.DisposeAsync();
        _opening.Dispose();
    }

    /// <summary>
    /// A session of its own on the file as it is, whatever its schema; nothing is made or changed by opening it.
    /// </summary>
    public T Look<T>(Func<SqliteSession, T> operation)
    {
        try
        {
            using var session = new SqliteSession(File, SqliteOpenMode.ReadOnly, busyTimeout);
            return operation(session);
        }
        catch (SqliteException exception)
        {
            throw SqliteErrors.Translate(exception, File);
        }
    }

    private SqliteSession OpenForWriting(
        Action<SchemaProgress>? show, bool mayMigrate, CancellationToken cancellationToken)
    {
        SqliteSession? session = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(File)!);
            session = new SqliteSession(File, SqliteOpenMode.ReadWriteCreate, busyTimeout);
            Configure(session);
            if (!mayMigrate)
                SqliteSchema.Read(session, File).MustBeMigrated();
            SqliteSchema.Migrate(
                session, File, show ?? SchemaLog.Of(logger, Description), cancellationToken: cancellationToken);
            return session;
        }
        catch (Exception exception)
        {
            session?.Dispose();
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw new StoreUnusableException(
                    $"The folder of {File} cannot be made ({exception.Message}): " +
                    "set Storage:Path to a folder that may be written.",
                    exception);
            }

            if (SqliteErrors.Translate(exception, File) is var translated && translated != exception)
                throw translated;
            throw;
        }
    }

    private void Configure(SqliteSession session)
    {
        // Of a file that is made now, before anything else is written to it: what is freed can be given back. Of one
        // that is there it would say nothing, and wait for its writer.
        if (session.Prepare("PRAGMA page_count").All(row => row.Long(0))[0] == 0)
            session.Execute("PRAGMA auto_vacuum = INCREMENTAL");

        using (var mode = session.Prepare("PRAGMA journal_mode = WAL"))
        {
            if (!mode.Next() || mode.Text(0) != "wal")
            {
                throw new StoreUnusableException(
                    $"The file system that holds {File} cannot keep a write-ahead log: " +
                    "set Storage:Path to a folder on a local disk.");
            }
        }

        // FULL: a commit returns when it is on the disk. Checkpoints are the writer's own: see SqliteCheckpoints.
        // What is erased is overwritten.
        session.Execute(
            """
            PRAGMA synchronous = FULL;
            PRAGMA secure_delete = ON;
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA journal_size_limit = 134217728;
            PRAGMA cache_size = -57344;
            PRAGMA temp_store = MEMORY;
            PRAGMA mmap_size = 0;
            """);
    }
}
