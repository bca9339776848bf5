using System.Globalization;
using System.Text.Json;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>A trace in a list: what its outermost Flow Log says of itself, and what was judged of it.</summary>
internal sealed record TraceRow
{
    public required Log Log { get; init; }

    /// <summary>Of its Flow; null where that is not known.</summary>
    public required string? Path { get; init; }

    /// <summary>
    /// <c>settling</c>, <c>evaluating</c> or <c>judged</c>; <c>unjudged</c> where nothing was opened yet, or read.
    /// </summary>
    public string State { get; init; } = "unjudged";

    /// <summary>Those that stand, as far as they were read.</summary>
    public IReadOnlyList<RowVerdict> Verdicts { get; init; } = [];

    public LogSpan Span => LogSpan.From(Log);

    public string? Environment => Log.Text(LogFields.Environment) ?? Log.Text(LogFields.VersionEnvironment);

    public decimal? Cost => LogSums.From(Log).Cost;

    public decimal? Tokens => LogSums.From(Log).Tokens;

    /// <summary>What the Log alone says; what was judged of it is read by <see cref="TraceRows"/>.</summary>
    /// <param name="paths">Of Files, by id.</param>
    public static TraceRow Of(Log log, IReadOnlyDictionary<string, string?> paths) => new()
    {
        Log = log,
        Path = (log.Resolution?.FileId is { } file ? paths.GetValueOrDefault(file) : null) ?? log.Path,
    };

    /// <summary>What the Log's metadata has under that name, as text; null where it has nothing.</summary>
    public string? Metadata(string name)
    {
        if (Log[LogFields.Metadata] is not { } metadata
            || !JsonElement.Parse(metadata.Utf8.Span).TryGetProperty(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
    }
}

/// <summary>A verdict in a list.</summary>
/// <param name="Judgment">Null is an abstention, or a failure where <paramref name="Error"/> is set.</param>
internal sealed record RowVerdict(string Path, JsonValue? Judgment, string? Error)
{
    /// <summary>When it was given, in microseconds since the Unix epoch.</summary>
    public required long At { get; init; }

    public string? Text => Judgment is { } judgment ? judgment.AsText() ?? judgment.ToString() : null;

    public double? Number => Judgment is { } judgment && double.TryParse(
        judgment.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static RowVerdict Of(EvaluatorLog verdict) => new(verdict.Path, verdict.Judgment, verdict.Error)
    {
        At = Timestamps.ToMicroseconds(verdict.EndTime),
    };

    /// <summary>One of that path; whether it failed is known, and not how.</summary>
    public static RowVerdict Of(VerdictLine verdict, string path) =>
        new(path, verdict.Judgment, verdict.IsFailed ? "" : null)
        {
            At = Timestamps.ToMicroseconds(verdict.EndTime),
        };
}
