using Worker.Reading;
using Worker.Traces;

namespace Worker.Transfer;

/// <summary>
/// A Log with what else only its store would know: when it was created, where it does not say so, and the Version that
/// it waits for.
/// </summary>
internal static class ShownLog
{
    private static readonly Stamp Unsaid = new(Updated: false, 0, "");

    /// <summary>With the verdicts on it.</summary>
    public static TraceEntry Of(TraceEntry entry) => entry with
    {
        Log = Of(entry.Log), Posted = entry.Posted.Select(verdict => verdict with { Log = Of(verdict.Log) }),
    };

    private static Log Of(Log log)
    {
        if (log.Resolution is { Waits: true } waiting)
            log = log with { Resolution = waiting with { VersionId = log.Text(LogFields.VersionId) } };
        return log[LogFields.CreatedAt] is not null ? log : log with { Fields = [.. WithCreated(log)] };
    }

    private static IEnumerable<FieldEntry> WithCreated(Log log) => log.Fields
        .Where(entry => entry.Field != LogFields.CreatedAt)
        .Append(new(LogFields.CreatedAt, Timestamps.ToJson(log.CreatedAt), Unsaid))
        .OrderBy(entry => entry.Field.Index);
}
