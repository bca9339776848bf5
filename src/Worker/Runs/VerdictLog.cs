using System.Collections.Immutable;
using Worker.Traces;

namespace Worker.Runs;

/// <summary>
/// A verdict that a worker gave, as the Log that it would be had it been posted: so that whoever judges verdicts sees
/// one shape, wherever they come from. Its <c>output</c> is the reason, its <c>metadata</c> the details.
/// </summary>
internal static class VerdictLog
{
    public static Log Of(EvaluatorLog verdict)
    {
        var ended = Timestamps.ToMicroseconds(verdict.EndTime);
        return new()
        {
            Id = verdict.Id,
            Kind = LogKind.Evaluator,
            Fields = Fields(
                (LogFields.Path, JsonValue.FromText(verdict.Path)),
                (LogFields.FileId, JsonValue.FromText(verdict.EvaluatorId)),
                (LogFields.VersionId, JsonValue.FromText(verdict.EvaluatorVersionId)),
                (LogFields.StartTime, Timestamps.ToJson(Timestamps.ToMicroseconds(verdict.StartTime))),
                (LogFields.EndTime, Timestamps.ToJson(ended)),
                (LogFields.CreatedAt, Timestamps.ToJson(ended)),
                (LogFields.Output, Text(verdict.Reason)),
                (LogFields.Error, Text(verdict.Error)),
                (LogFields.Stdout, Text(verdict.Stdout)),
                (LogFields.Metadata, verdict.Details),
                (LogFields.JudgedId, JsonValue.FromText(verdict.LogId)),
                (LogFields.Judgment, verdict.Judgment),
                (LogFields.Spec, verdict.Spec)),
            HadOutput = true,
            HadError = verdict.Error is not null,
            OutcomeAt = ended,
            FirstReceivedAt = ended,
            Resolution = new(verdict.EvaluatorId, verdict.EvaluatorVersionId, VersionSource.VersionId, null),
            Version = 1,
        };
    }

    private static ImmutableArray<FieldEntry> Fields(params ReadOnlySpan<(Field Field, JsonValue? Value)> fields)
    {
        var entries = ImmutableArray.CreateBuilder<FieldEntry>(fields.Length);
        foreach (var (field, value) in fields)
        {
            if (value is not null)
                entries.Add(new(field, value, Stamp.Lowest));
        }

        return entries.DrainToImmutable();
    }

    private static JsonValue? Text(string? text) => text is null ? null : JsonValue.FromText(text);
}
