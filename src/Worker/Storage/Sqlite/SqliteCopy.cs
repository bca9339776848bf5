using Microsoft.Data.Sqlite;
using SQLitePCL;
using Worker.Errors;

namespace Worker.Storage.Sqlite;

/// <summary>A database file that is a copy of another: made, looked through, and put into its place.</summary>
internal static class SqliteCopy
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Copies the database as it is at this moment, and looks through what was written. What was at
    /// <paramref name="to"/> is gone; the file is whole only when this returns.
    /// </summary>
    public static BackupReport Make(
        string from, string to, TimeSpan busyTimeout, Action<BackupProgress> show, CancellationToken cancellationToken)
    {
        Prepare(to);
        var at = from;
        try
        {
            using var source = new SqliteSession(from, SqliteOpenMode.ReadOnly, busyTimeout);
            MustBeAWorkers(source, from);
            at = to;
            using var copy = new SqliteSession(to, SqliteOpenMode.ReadWrite, busyTimeout);
            source.CopyTo(copy, (copied, total) => show(new(copied, total)), cancellationToken);

            // One file by itself, with no log beside it; whoever opens it to write makes one again.
            copy.Execute("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL");
            MustBeSound(copy, from, cancellationToken);
            return new(new FileInfo(to).Length, SqliteSchema.Read(copy, to).Found, Count(copy));
        }
        catch (SqliteException exception)
        {
            // What is damaged can only be the source; what has no room is the copy.
            var isDamage = exception.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;
            throw SqliteErrors.Translate(exception, isDamage ? from : at);
        }
    }

    /// <summary>
    /// A new file that only its owner may read: Logs are private, and a copy of them is, too.
    /// </summary>
    private static void Prepare(string file)
    {
        File.Delete(file);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Private;
        new FileStream(file, options).Dispose();
    }

    private static void MustBeAWorkers(SqliteSession session, string file)
    {
        var isOne = SqliteSchema.Read(session, file).Found > 0
            && session.Prepare("SELECT count(*) FROM sqlite_schema WHERE name IN ('logs', 'inbox')")
                .All(row => row.Long(0))[0] == 2;
        if (!isOne)
        {
            throw new StoreUnusableException(
                $"The file {file} is no database of worker, or an empty one: name one that worker backup wrote.");
        }
    }

    private static void MustBeSound(SqliteSession session, string from, CancellationToken cancellationToken)
    {
        var faults = session.Prepare("PRAGMA integrity_check(1)").All(row => row.Text(0));
        cancellationToken.ThrowIfCancellationRequested();
        if (faults is not ["ok"])
        {
            throw new StoreUnusableException(
                $"The copy of {from} is not sound ({OneLine.Of(faults[0])}): see to the disk, " +
                "and take an earlier backup where the database itself is damaged.");
        }
    }

    private static long Count(SqliteSession session) =>
        session.Prepare("SELECT count(*) FROM logs").All(row => row.Long(0))[0];
}
