using Microsoft.Data.Sqlite;
using SQLitePCL;
using Worker.Errors;

namespace Worker.Storage.Sqlite;

/// <summary>What SQLite's errors mean to whoever runs the worker: one sentence each, with what to do.</summary>
internal static class SqliteErrors
{
    /// <summary>The exception to throw instead; the same one when it is a mistake of ours.</summary>
    public static Exception Translate(Exception exception, string file) => exception is SqliteException error
        ? Translate(error, file)
        : exception;

    private static Exception Translate(SqliteException error, string file) => error.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new StoreUnavailableException(
            $"The database {file} is locked by another process: end that process, or wait until it has finished.",
            error),
        raw.SQLITE_FULL => new StoreUnavailableException(
            $"The disk that holds the database {file} is full: free some space.", error),
        raw.SQLITE_IOERR or raw.SQLITE_NOMEM => new StoreUnavailableException(
            $"The database {file} could not be read or written ({error.Message}): " +
            "check the disk and the memory of this machine.",
            error),
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => new StoreUnusableException(
            $"The database {file} is read-only: make the file and its folder writable, " +
            "or set Storage:Path to another folder.",
            error),
        raw.SQLITE_CANTOPEN => new StoreUnusableException(
            $"The database {file} cannot be opened: see that it is a file in a folder that may be written, " +
            "or set Storage:Path to another folder.",
            error),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new StoreUnusableException(
            $"The file {file} is not a database or is damaged: restore it from a backup, " +
            "or move it away to begin with an empty one.",
            error),
        _ => error,
    };
}
