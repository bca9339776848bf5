using Microsoft.Data.Sqlite;
using SQLitePCL;
using Worker.Errors;

namespace Worker.Storage.Sqlite;

/// <summary>
/// Copies <c>worker.db</c> with all that is local in it: Logs, runs and verdicts, inbox, dead letters, keys.
/// </summary>
internal sealed class SqliteBackup(SqliteDatabase database) : IBackup
{
    /// <summary>Who has the file open is not waited for.</summary>
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(1);

    public Task<BackupReport> WriteAsync(
        string file, bool replace, Action<BackupProgress> show, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var target = Path.GetFullPath(file);
            if (File.Exists(target) && !replace)
                throw new StoreUnusableException($"The file {target} is there already: name another, or say --force.");
            if (target == database.File)
                throw new StoreUnusableException($"{target} is the database itself: name another file.");
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var part = target + ".part";
            try
            {
                var report = SqliteCopy.Make(database.File, part, Busy, show, cancellationToken);
                File.Move(part, target, replace);
                return report;
            }
            finally
            {
                File.Delete(part);
            }
        },
        cancellationToken);

    public Task<BackupReport> RestoreAsync(
        string file, bool replace, Action<BackupProgress> show, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var source = Path.GetFullPath(file);
            if (source == database.File)
                throw new StoreUnusableException($"{source} is the database itself: name a backup of it.");
            using var hold = WorkerLock.Take(Path.GetDirectoryName(database.File)!);
            if (!replace && HoldsSomething())
            {
                throw new StoreUnusableException(
                    $"The database {database.File} holds something already: " +
                    "set Storage:Path to another folder, or say --force to lose what it holds.");
            }

            var part = database.File + ".part";
            try
            {
                var report = SqliteCopy.Make(source, part, Busy, show, cancellationToken);
                Check(part, source);
                Replace(part);
                return report;
            }
            finally
            {
                File.Delete(part);
            }
        },
        cancellationToken);

    /// <summary>A backup of a later version would be refused by the worker that starts on it.</summary>
    private static void Check(string part, string source)
    {
        using var session = new SqliteSession(part, SqliteOpenMode.ReadOnly, Busy);
        SqliteSchema.Read(session, source).MustBeUsable("name an earlier backup");
    }

    private bool HoldsSomething()
    {
        if (!File.Exists(database.File))
            return false;
        try
        {
            return database.Look(session =>
            {
                var tables = session.Prepare(
                    """
                    SELECT name FROM sqlite_schema
                    WHERE type = 'table'
                        AND name NOT IN ('probe', 'worker_schema', 'log_id_seed', 'sqlite_sequence', 'workers')
                        AND name NOT GLOB 'log_text*'
                    """).All(row => row.Text(0));
                return tables.Exists(table =>
                    session.Prepare($"SELECT EXISTS (SELECT 1 FROM \"{table}\")").All(row => row.Int(0))[0] > 0);
            });
        }
        catch (StoreUnusableException)
        {
            // Damaged: nobody can say what it holds.
            return true;
        }
    }

    /// <summary>
    /// Puts the new file into the place of the old one, whose log must not stand beside the new one. Both are on the
    /// disk before.
    /// </summary>
    private void Replace(string part)
    {
        using var old = File.Exists(database.File) ? CloseOld() : null;
        File.Delete(database.File + "-wal");
        File.Delete(database.File + "-shm");
        File.Move(part, database.File, overwrite: true);
    }

    /// <summary>
    /// The old file without its log, locked: that can be had only while nobody else has it open. Null where it is
    /// damaged, and its log worth nothing.
    /// </summary>
    private SqliteSession? CloseOld()
    {
        var session = new SqliteSession(database.File, SqliteOpenMode.ReadWrite, Busy);
        try
        {
            session.Execute("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
            return session;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT)
        {
            session.Dispose();
            return null;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            session.Dispose();
            throw new StoreUnavailableException(
                $"Another process has the database {database.File} open: end it, worker serve included, and try again.",
                exception);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
