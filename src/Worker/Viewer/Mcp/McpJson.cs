using System.Text.Json;
using Worker.Reading;
using Worker.Traces;

namespace Worker.Viewer.Mcp;

/// <summary>What several tools show in the same way: instants as dates, and of payloads the beginning.</summary>
internal static class McpJson
{
    /// <summary>What has nothing to say is left out.</summary>
    public static object Of(TraceRow row) => new
    {
        row.Log.Id,
        row.Path,
        CreatedAt = Timestamps.Format(row.Log.CreatedAt),
        DurationSeconds = row.Span.Duration?.TotalSeconds,
        Status = row.Log.IsComplete ? "complete" : "incomplete",
        row.State,
        User = row.Log.Text(LogFields.User),
        row.Environment,
        row.Cost,
        row.Tokens,
        Error = ErrorOf(row.Log),
        Inputs = TraceListJson.Preview(row.Log[LogFields.Inputs]),
        Output = OutputOf(row.Log),
        Verdicts = row.Verdicts.Select(Of),
    };

    public static object Of(TraceEntry entry, string? path) => new
    {
        entry.Log.Id,
        Parent = entry.Log.ParentId,
        entry.Line.Depth,
        Kind = entry.Log.Kind.WireName(),
        Path = path,
        StartedAt = entry.Span.Start is { } start ? Timestamps.Format(start) : null,
        DurationSeconds = entry.Span.Duration?.TotalSeconds,
        IsFinished = entry.Log.Kind == LogKind.Flow ? entry.Log.IsComplete : entry.Log.IsFinished,
        entry.Sums.Cost,
        entry.Sums.Tokens,
        Error = ErrorOf(entry.Log),
        Inputs = TraceListJson.Preview(entry.Log[LogFields.Inputs]),
        Output = OutputOf(entry.Log),
        Problems = entry.Problems.Any() ? entry.Problems : null,
        Verdicts = entry.Shown(allRevisions: false).Select(RowVerdict.Of).Select(Of),
    };

    /// <summary>An abstention has no judgment, and says so.</summary>
    private static object Of(RowVerdict verdict) => new
    {
        Evaluator = verdict.Path,
        Judgment = verdict.Judgment is { } judgment
            ? JsonElement.Parse(judgment.Utf8.Span, new() { MaxDepth = int.MaxValue })
            : (JsonElement?)null,
        verdict.Error,
        Abstained = verdict is { Judgment: null, Error: null } ? true : (bool?)null,
    };

    private static string? ErrorOf(Log log) =>
        TraceListJson.Preview(log[LogFields.Error]) ?? (log.HadError ? "It had one." : null);

    private static string? OutputOf(Log log) =>
        TraceListJson.Preview(log[LogFields.Output] ?? log[LogFields.OutputMessage]);
}
