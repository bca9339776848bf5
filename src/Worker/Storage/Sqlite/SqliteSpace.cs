namespace Worker.Storage.Sqlite;

/// <summary>
/// The file's pages. What is freed goes back in steps of a few, each a transaction of its own, so that messages pass
/// between two; a file that an earlier build made keeps its pages, and writes into them again, until it is compacted.
/// </summary>
internal sealed class SqliteSpace(SqliteDatabase database) : ISpace
{
    /// <summary>Pages, 1 MiB: some milliseconds on a disk that is not slow.</summary>
    private const int Step = 256;

    public Task<long> InUseAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => (Pragma(session, "page_count") - Pragma(session, "freelist_count"))
                * Pragma(session, "page_size"),
            cancellationToken);

    public async Task<long> GiveBackAsync(CancellationToken cancellationToken)
    {
        var (given, last) = (0L, 0L);
        do
        {
            last = await database.WriteAsync(GiveBack, cancellationToken);
            given += last;
        }
        while (last > 0);

        // The pages are cut off the file when the log has been copied into it. Waits for nobody.
        if (given > 0)
            await database.RunAloneAsync(session => session.Checkpoint("PASSIVE"), cancellationToken);
        return given;
    }

    public Task<long> CompactAsync(CancellationToken cancellationToken) =>
        database.RunAloneAsync(
            session =>
            {
                var before = Pragma(session, "page_count");
                session.Execute("PRAGMA secure_delete = ON; PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
                session.Checkpoint("TRUNCATE");
                return (before - Pragma(session, "page_count")) * Pragma(session, "page_size");
            },
            cancellationToken);

    private static long GiveBack(SqliteSession session)
    {
        var before = Pragma(session, "page_count");
        session.Execute($"PRAGMA incremental_vacuum({Step})");
        return (before - Pragma(session, "page_count")) * Pragma(session, "page_size");
    }

    private static long Pragma(SqliteSession session, string name) =>
        session.Prepare("PRAGMA " + name).All(row => row.Long(0))[0];
}
