using Microsoft.Extensions.Logging.Abstractions;
using Worker.Storage.Sqlite;

namespace Worker.Testing;

/// <summary>SQLite stores in a temporary folder of their own.</summary>
public sealed class SqliteTestStore : ITestStore, IDisposable
{
    /// <summary>Short where a test wants to see it pass.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public string Folder { get; } = Directory.CreateTempSubdirectory("worker-test-").FullName;

    public string File => Path.Combine(Folder, "worker.db");

    /// <summary>A prepared store: one more worker on the same file.</summary>
    internal async Task<StoreUnderTest> OpenAsync(CancellationToken cancellationToken)
    {
        var store = Create();
        await store.Store.PrepareAsync(cancellationToken);
        return store;
    }

    /// <summary>One that is not prepared yet.</summary>
    internal StoreUnderTest Create()
    {
        var database = new SqliteDatabase(Folder, BusyTimeout, NullLogger<SqliteDatabase>.Instance);
        return new StoreUnderTest(
            new SqliteStore(database),
            new SqliteLogStore(database),
            new SqliteLogListing(database),
            new SqliteTraceStore(database),
            new SqliteFileStore(database, TimeProvider.System),
            new SqliteFileListing(database),
            new SqliteMonitoringStore(database),
            new SqliteRunStore(database),
            new SqliteEvaluatorLogStore(database),
            new SqliteAttemptStore(database),
            new SqliteDeadLetterStore(database),
            new SqliteInbox(database),
            new SqlitePoisonStore(database),
            new SqliteKeyStore(database),
            new SqliteBudgetStore(database),
            new SqlitePostedVerdictStore(database),
            new SqliteAlertStore(database),
            new SqliteVerdictListing(database),
            new SqliteAgeListing(database),
            new SqliteRemovalStore(database),
            new SqlitePinStore(database),
            new SqliteAuditStore(database),
            new SqliteWorkerStore(database),
            new SqliteSpace(database),
            database);
    }

    /// <summary>Runs something of the test's own on that store's writer.</summary>
    internal static Task WriteAsync(
        StoreUnderTest store, Action<SqliteSession> operation, CancellationToken cancellationToken) =>
        ((SqliteDatabase)store.Owner!).WriteAsync(operation, cancellationToken);

    /// <summary>
    /// Lets the file of that store grow no further than about a megabyte more, as on a disk that is nearly full.
    /// </summary>
    internal static Task LimitPagesAsync(StoreUnderTest store, CancellationToken cancellationToken) =>
        WriteAsync(
            store,
            session =>
            {
                using var pages = session.Prepare("PRAGMA page_count");
                pages.Next();
                session.Execute($"PRAGMA max_page_count = {pages.Int(0) + 256}");
            },
            cancellationToken);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    Task<StoreUnderTest> ITestStore.OpenAsync(CancellationToken cancellationToken) => OpenAsync(cancellationToken);
}
