using System.Diagnostics;
using System.Text.Json;
using Worker.Telemetry;
using JsonValue = Worker.Traces.JsonValue;

namespace Worker.Evaluation;

/// <summary>
/// A verdict as OpenTelemetry's conventions for generative AI have it: <c>gen_ai.evaluation.result</c>, in the trace of
/// the span that was judged, where that is known. Neither reasons nor free texts are in it: they repeat what was
/// judged.
/// </summary>
internal static class VerdictSpan
{
    public const string Name = "gen_ai.evaluation.result";

    private const string Metadata = "metadata";
    private const string Span = "otel";

    /// <summary>Made and ended at once. Costs nothing where nobody listens.</summary>
    /// <param name="evaluator">Its path.</param>
    /// <param name="returns">Null where it is not known any more.</param>
    /// <param name="isError">The Evaluator failed, or its judgment was not accepted.</param>
    /// <param name="judged">The span that was judged; null where nobody knows one.</param>
    public static void Emit(
        string evaluator,
        string logId,
        JudgmentType? returns,
        JsonValue? judgment,
        bool isError,
        ActivityContext? judged)
    {
        if (!WorkerTelemetry.Activities.HasListeners())
            return;
        var links = judged is null ? null : RemoteSpan.Link(Activity.Current?.Context);
        using var span = WorkerTelemetry.Activities.StartActivity(
            ActivityKind.Internal, judged ?? default, links: links, name: Name);
        span?.SetTag("gen_ai.evaluation.name", evaluator).SetTag("worker.log.id", logId);
        if (isError)
            span?.SetTag("error.type", "evaluator_error").SetStatus(ActivityStatusCode.Error);
        else if (span is not null && judgment is { } value)
            Score(span, returns, JsonElement.Parse(value.Utf8.Span));
    }

    /// <summary>
    /// The span that a Log was made of, as its metadata says it (<c>otel.trace_id</c>, <c>otel.span_id</c>); null where
    /// it was made of none.
    /// </summary>
    public static ActivityContext? SpanOf(JsonValue? metadata) =>
        metadata is { } map ? Judged(JsonElement.Parse(map.Utf8.Span)) : null;

    /// <summary>As of its metadata, of a Log as an Evaluator is given it.</summary>
    public static ActivityContext? SpanOf(EvaluatorInput input)
    {
        if (!WorkerTelemetry.Activities.HasListeners())
            return null;
        var reader = new Utf8JsonReader(input.Log.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
                continue;
            var isIt = reader.ValueTextEquals(Metadata);
            reader.Read();
            if (isIt)
                return Judged(JsonElement.ParseValue(ref reader));
            reader.Skip();
        }

        return null;
    }

    private static ActivityContext? Judged(JsonElement metadata) =>
        Member(metadata, Span) is { } otel
            ? RemoteSpan.Of(Text(otel, "trace_id"), Text(otel, "span_id"))
            : null;

    private static void Score(Activity result, JudgmentType? returns, JsonElement judgment)
    {
        const string value = "gen_ai.evaluation.score.value", label = "gen_ai.evaluation.score.label";
        if (judgment.ValueKind is JsonValueKind.True or JsonValueKind.False)
            result.SetTag(value, judgment.GetBoolean() ? 1.0 : 0.0).SetTag(label, judgment.GetRawText());
        else if (judgment.ValueKind == JsonValueKind.Number && judgment.TryGetDouble(out var number))
            result.SetTag(value, number);
        else if (returns is { Returns: ReturnType.Select or ReturnType.MultiSelect, Options.Length: > 0 })
            result.SetTag(label, Label(judgment));
    }

    private static string? Label(JsonElement judgment) => judgment.ValueKind switch
    {
        JsonValueKind.String => judgment.GetString(),
        JsonValueKind.Array => string.Join(',', judgment.EnumerateArray().Select(each => each.ToString())),
        _ => null,
    };

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
