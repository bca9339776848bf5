using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Alerts;

/// <summary>What a webhook is told of a breach.</summary>
internal static class AlertMessage
{
    private static readonly JsonWriterOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonValue Of(Alert alert, AlertEvent told)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, AsItIs))
        {
            writer.WriteStartObject();
            writer.WriteString("alert", alert.Name);
            writer.WriteString("breach_id", told.Breach);
            writer.WriteString("event", told.IsRecovery ? "recovered" : "fired");
            writer.WriteString("cause", told.IsOfNoData ? "no_data" : "bound");
            writer.WriteString("since", Instant(told.Since));
            writer.WriteString("at", Instant(told.At));
            WriteAlert(writer, alert, told);
            WriteFound(writer, told);
            writer.WriteEndObject();
        }

        return new(output.WrittenMemory);
    }

    private static void WriteAlert(Utf8JsonWriter writer, Alert alert, AlertEvent told)
    {
        writer.WriteString("description", alert.Description);
        writer.WriteString("measure", AlertWords.NameOf(alert.Measure));
        writer.WriteString("evaluator", alert.Evaluator);
        if (alert.Judgment is { } judgment)
        {
            writer.WritePropertyName("judgment");
            writer.WriteRawValue(judgment.Utf8.Span);
        }

        writer.WriteNumber(AlertWords.Side(alert), alert.Bound.Limit);
        if (!alert.IsOfVerdicts)
            return;
        writer.WriteString("from", Instant(told.At - alert.Window));
        writer.WriteString("until", Instant(told.At));
    }

    /// <summary>What ended has no culprits.</summary>
    private static void WriteFound(Utf8JsonWriter writer, AlertEvent told)
    {
        if (told.Found.Value is { } value)
            writer.WriteNumber("value", value);
        else
            writer.WriteNull("value");
        writer.WriteNumber("count", told.Found.Count);
        if (told.IsRecovery)
            return;
        writer.WriteNumber("contributing_count", told.IsOfNoData ? 0 : told.Found.Against);
        writer.WriteStartArray("contributing");
        foreach (var each in told.IsOfNoData ? [] : told.Found.Contributions)
        {
            writer.WriteStartObject();
            writer.WriteString("id", each.Id);
            writer.WriteString("log_id", each.LogId ?? each.Id);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Instant(DateTimeOffset instant) => Timestamps.Format(Timestamps.ToMicroseconds(instant));
}
