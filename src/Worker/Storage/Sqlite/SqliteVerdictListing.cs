using System.Runtime.CompilerServices;
using Worker.Runs;

namespace Worker.Storage.Sqlite;

/// <summary>Verdicts by the index of their Evaluator and end, which is read backwards.</summary>
internal sealed class SqliteVerdictListing(SqliteDatabase database) : IVerdictListing
{
    /// <summary>By name: whatever else the planner thinks of, each is one walk along an index.</summary>
    public const string Read =
        """
        SELECT id, (SELECT log_id FROM runs WHERE seq = run), judgment, error IS NOT NULL, details -> '$.later',
            details -> '$.cost', start_time, end_time, evaluator_version_id, details -> '$.input_tokens',
            details -> '$.output_tokens'
        FROM evaluator_logs INDEXED BY evaluator_logs_given
        WHERE evaluator_id = ?1 AND end_time >= ?2 AND end_time <= ?3 AND (end_time, id) < (?3, ?4)
        ORDER BY end_time DESC, id DESC LIMIT ?5
        """;

    /// <summary>
    /// The index's own condition is repeated: by that the planner knows that it holds all that is asked for.
    /// </summary>
    public const string CountPutOff = $"SELECT count(*) {WherePutOff}";

    public const string FindPutOff = $"SELECT (SELECT log_id FROM runs WHERE seq = run) {WherePutOff} LIMIT ?3";

    private const string WherePutOff =
        """
        FROM decisions INDEXED BY decisions_put_off
        WHERE outcome IN ('over_budget', 'paused') AND outcome = ?1 AND (?2 IS NULL OR evaluator_id = ?2)
        """;

    private const int Page = 500;

    public async IAsyncEnumerable<IReadOnlyCollection<VerdictLine>> ReadAsync(
        string evaluatorId,
        DateTimeOffset from,
        DateTimeOffset until,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Before the first of that instant, that is: after all that were given earlier.
        var (end, id) = (until, "");
        while (true)
        {
            var (beforeEnd, beforeId) = (end, id);
            var page = await database.ReadAsync(
                session => session.Prepare(Read)
                    .Bind(evaluatorId)
                    .Bind(from)
                    .Bind(beforeEnd)
                    .Bind(beforeId)
                    .Bind(Page)
                    .All(ToLine),
                cancellationToken);
            if (page.Count > 0)
                yield return page;
            if (page.Count < Page)
                yield break;
            (end, id) = (page[^1].EndTime, page[^1].Id);
        }
    }

    public Task<PutOff> PutOffAsync(
        Outcome outcome, string? evaluatorId, int most, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                var name = EnumName<Outcome>.Of(outcome);
                var count = session.Prepare(CountPutOff).Bind(name).Bind(evaluatorId).All(row => row.Long(0));
                var logs = session.Prepare(FindPutOff).Bind(name).Bind(evaluatorId).Bind(most);
                return new PutOff(count[0], logs.All(row => row.Text(0)));
            },
            cancellationToken);

    private static VerdictLine ToLine(SqliteStatement row) => new(
        row.Text(0),
        row.Text(1),
        row.JsonOrNull(2),
        row.Bool(3),
        row.TextOrNull(4) == "true",
        VerdictLine.ToCost(row.JsonOrNull(5)),
        row.Instant(6),
        row.Instant(7))
    {
        VersionId = row.Text(8), Tokens = VerdictLine.ToTokens(row.JsonOrNull(9), row.JsonOrNull(10)),
    };
}
