using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Worker.Storage.Sqlite;

/// <summary>
/// The tables, as the steps that led to them: number n takes the schema from n - 1 to n, which is the file's
/// <c>user_version</c>. A step that was released is never changed. Times are microseconds since the Unix epoch.
/// </summary>
internal static class SqliteSchema
{
    public const string Elsewhere = "set Storage:Path to another folder";

    /// <summary>Since then the file says which worker may use it.</summary>
    private const int SaysWhatItNeeds = 12;

    /// <summary>
    /// How often a process waits for the step of another, each time for as long as its session waits for a lock.
    /// </summary>
    private const int Waits = 600;

    private static readonly IReadOnlyList<SqliteStep> Steps =
    [
        new("the tables", SqliteSchemaScripts.First),
        new("what waits in the order of ids; how bodies are compressed", SqliteSchemaScripts.Second),
        new("the Logs of a File by time (rewrites every Log)", SqliteSchemaScripts.Third),
        new("Files, Versions and deployments as they are listed", SqliteSchemaScripts.Fourth),
        new("the keys of the front", SqliteSchemaScripts.Fifth),
        new("verdicts from outside", SqliteSchemaScripts.Sixth),
        new(
            "ids in tiers, labels beside the Logs (rewrites every Log)",
            SqliteSchemaScripts.Seventh,
            session => session.AddEarlierLogIds()),
        new("keys for small bodies", SqliteSchemaScripts.Eighth),
        new("Evaluators that are called", SqliteSchemaScripts.Ninth),
        new("alerts", SqliteSchemaScripts.Tenth),
        new("retention", SqliteSchemaScripts.Eleventh),
        new("which worker may use the file", SqliteSchemaScripts.Twelfth),
        new("who did what, and how often a letter was refused", SqliteSchemaScripts.Thirteenth),
        new("what runs of verdicts are on", SqliteSchemaScripts.Fourteenth),
        new("what producers were in; the audit by time", SqliteSchemaScripts.Fifteenth),
        new("who shares the file", SqliteSchemaScripts.Sixteenth),
        new("an index of texts, which is filled afterwards", SqliteSchemaScripts.Seventeenth),
        new(
            "decisions and verdicts in the order of runs (rewrites them, for this worker and later ones)",
            SqliteSchemaScripts.Eighteenth),
    ];

    public static int Known => Steps.Count;

    /// <summary>How it stands with the file that the session is on. Takes no lock.</summary>
    public static SchemaState Read(SqliteSession session, string file)
    {
        var found = Number(session, "PRAGMA user_version");
        var needs = found < SaysWhatItNeeds || !session.Has("worker_schema")
            ? found
            : Number(session, "SELECT needs FROM worker_schema");
        return new(
            $"The database {file}",
            found,
            Known,
            needs,
            [.. Steps.Skip(found).Select((step, index) => new SchemaStep(found + index + 1, step.Title))]);
    }

    /// <summary>
    /// Takes the steps that the file has not seen, each in a transaction of its own: whoever is killed in one has not
    /// begun it. Safe when several processes start together; who comes second waits. A file that is up to date is not
    /// locked, so that reading beside a busy worker can begin at any time.
    /// </summary>
    /// <param name="show">Is told of each step that changes a file which is there.</param>
    /// <param name="until">The last step to take; for tests.</param>
    public static void Migrate(
        SqliteSession session,
        string file,
        Action<SchemaProgress>? show = null,
        int? until = null,
        CancellationToken cancellationToken = default)
    {
        var last = until ?? Known;
        for (var state = Read(session, file); ; state = Read(session, file))
        {
            state.MustBeUsable(Elsewhere);
            if (state.Found >= last)
                return;
            if (TryTake(session, file, last, show, state.Found > 0, cancellationToken))
                session.Checkpoint("PASSIVE");
        }
    }

    /// <summary>False: another process was first.</summary>
    private static bool TryTake(
        SqliteSession session,
        string file,
        int last,
        Action<SchemaProgress>? show,
        bool waits,
        CancellationToken cancellationToken)
    {
        BeginWrite(session, waits ? Waits : 1, cancellationToken);
        var state = Read(session, file);
        if (state.Found >= last || state.Needs > Known)
        {
            session.Rollback();
            return false;
        }

        // A new file is made whole, with one flush.
        var next = state.Found == 0 ? last : state.Found + 1;
        foreach (var step in state.Due.Where(step => step.Number <= next))
        {
            if (state.Found > 0)
                show?.Invoke(new(step));
            session.Execute(Steps[step.Number - 1].Script);
            Steps[step.Number - 1].Then?.Invoke(session);
        }

        session.Execute($"PRAGMA user_version = {next}");
        session.Commit();
        return true;
    }

    private static void BeginWrite(SqliteSession session, int tries, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                session.BeginWrite();
                return;
            }
            catch (SqliteException busy) when (busy.SqliteErrorCode == raw.SQLITE_BUSY && attempt < tries)
            {
            }
        }
    }

    private static bool Has(this SqliteSession session, string table) =>
        session.Prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").All(row => row.Text(0)).Contains(table);

    private static int Number(SqliteSession session, string sql) => session.Prepare(sql).All(row => row.Int(0))[0];
}
