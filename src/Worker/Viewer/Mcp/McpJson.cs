using System.Text.Json;
using System.Text.Json.Serialization;
using Worker.Reading;
using Worker.Traces;

namespace Worker.Viewer.Mcp;

/// <summary>What several tools show in the same way: instants as dates, and of payloads the beginning.</summary>
internal static class McpJson
{
    /// <summary>What has nothing to say is left out; a null in a payload is not.</summary>
    private static readonly JsonSerializerOptions Options = new(PageJson.SnakeCase)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>In snake case.</summary>
    public static JsonElement Write(object value) => JsonSerializer.SerializeToElement(value, Options);

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

    /// <param name="path">Of its File.</param>
    /// <param name="posted">Verdicts from outside, the first of them.</param>
    public static object Of(TraceEntry entry, string? path, IReadOnlyList<PostedVerdict> posted) => new
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
        Verdicts = entry.Shown(allRevisions: false).Select(RowVerdict.Of).Concat(posted.Select(ToRow)).Select(Of),
    };

    private static RowVerdict ToRow(PostedVerdict verdict) => new(
        verdict.Path ?? verdict.Log.Resolution?.FileId ?? "",
        verdict.Log.Judgment,
        verdict.Log.Text(LogFields.Error))
    {
        At = verdict.Log.CreatedAt,
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
