namespace Worker.Storage.Sqlite;

/// <summary>The embedded store: one file, nothing to install.</summary>
internal sealed class SqliteStore(SqliteDatabase database) : IStore
{
    public string Description => database.Description;

    public bool IsShared => false;

    public bool Exists => database.Exists;

    public IDisposable Hold() => WorkerLock.Take(Path.GetDirectoryName(database.File)!);

    public Task PrepareAsync(CancellationToken cancellationToken) => database.OpenAsync(cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Prepare(
                """
                INSERT INTO probe (id, probes) VALUES (1, 1)
                ON CONFLICT (id) DO UPDATE SET probes = probes + 1
                """).Run(),
            cancellationToken);
}
