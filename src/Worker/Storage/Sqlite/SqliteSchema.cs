using Worker.Errors;

namespace Worker.Storage.Sqlite;

/// <summary>
/// The tables, as the scripts that led to them: number n takes the schema from version n to n + 1. A script that was
/// released is never changed. Times are microseconds since the Unix epoch.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>Since then ids are found by <see cref="SqliteLogIds"/>, which SQL alone cannot fill.</summary>
    private const int LogIds = 7;

    private static readonly IReadOnlyList<string> Scripts =
    [
        SqliteSchemaScripts.First,
        SqliteSchemaScripts.Second,
        SqliteSchemaScripts.Third,
        SqliteSchemaScripts.Fourth,
        SqliteSchemaScripts.Fifth,
        SqliteSchemaScripts.Sixth,
        SqliteSchemaScripts.Seventh,
        SqliteSchemaScripts.Eighth,
        SqliteSchemaScripts.Ninth,
        SqliteSchemaScripts.Tenth,
        SqliteSchemaScripts.Eleventh,
        SqliteSchemaScripts.Twelfth,
    ];

    /// <summary>
    /// Runs the scripts that the file has not seen, in one transaction: safe when several processes start together. A
    /// file that is up to date is not locked, so that reading beside a busy worker can begin at any time.
    /// </summary>
    public static void Migrate(SqliteSession session, string file)
    {
        if (VersionOf(session) == Scripts.Count)
            return;

        session.BeginWrite();
        var version = VersionOf(session);
        if (version > Scripts.Count)
        {
            throw new StoreUnusableException(
                $"The database {file} was written by a later version of worker " +
                $"(its schema is {version}, this one knows {Scripts.Count}): " +
                "use that version, or set Storage:Path to another folder.");
        }

        foreach (var script in Scripts.Skip(version))
            session.Execute(script);
        if (version < LogIds)
            session.AddEarlierLogIds();
        session.Execute($"PRAGMA user_version = {Scripts.Count}");
        session.Commit();
    }

    private static int VersionOf(SqliteSession session)
    {
        using var row = session.Prepare("PRAGMA user_version");
        row.Next();
        return row.Int(0);
    }
}
