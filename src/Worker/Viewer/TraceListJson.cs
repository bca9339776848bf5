using System.Text;
using System.Text.Json;
using Worker.Reading;
using Worker.Traces;

namespace Worker.Viewer;

/// <summary>A page of traces as the list reads it. Instants are microseconds since the Unix epoch.</summary>
internal static class TraceListJson
{
    private const int PreviewLength = 200;

    public static async Task WriteAsync(Stream output, TracePage page, CancellationToken cancellationToken)
    {
        await using var writer = new Utf8JsonWriter(output, PageJson.Options);
        writer.WriteStartObject();
        writer.WriteStartArray("traces");
        foreach (var row in page.Rows)
            WriteRow(writer, row);
        writer.WriteEndArray();
        writer.WriteString("next", page.Next?.ToString());
        writer.WriteNumber("looked_at", page.LookedAt);
        writer.WriteBoolean("cut", page.IsCut);
        writer.WriteEndObject();
        await writer.FlushAsync(cancellationToken);
    }

    private static void WriteRow(Utf8JsonWriter writer, TraceRow row)
    {
        var log = row.Log;
        writer.WriteStartObject();
        writer.WriteString("id", log.Id);
        writer.WriteString("path", row.Path);
        writer.WriteNumber("created", log.CreatedAt);
        writer.WriteNumberOrNull("duration", row.Span.Duration?.TotalMicroseconds);
        writer.WriteBoolean("complete", log.IsComplete);
        writer.WriteString("state", row.State);
        writer.WriteString("user", log.Text(LogFields.User));
        writer.WriteString("environment", row.Environment);
        writer.WriteNumberOrNull("cost", (double?)row.Cost);
        writer.WriteNumberOrNull("tokens", (double?)row.Tokens);
        writer.WriteString("error", Preview(log[LogFields.Error]) ?? (log.HadError ? "" : null));
        writer.WriteString("inputs", Preview(log[LogFields.Inputs]));
        writer.WriteString("output", Preview(log[LogFields.Output] ?? log[LogFields.OutputMessage]));
        writer.WriteStartArray("verdicts");
        foreach (var verdict in row.Verdicts)
            VerdictJson.Write(writer, verdict);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>The beginning of it, as text. A cut may go through a character, which is then left out.</summary>
    public static string? Preview(JsonValue? value)
    {
        if (value is not { } json)
            return null;
        var utf8 = json.Utf8.Span;
        if (utf8.Length <= PreviewLength * 4)
            return Cut(json.AsText() ?? json.ToString());
        return Cut(Encoding.UTF8.GetString(utf8[..(PreviewLength * 4)]).TrimStart('"'));
    }

    private static string Cut(string text)
    {
        if (text.Length <= PreviewLength)
            return text;
        var length = char.IsHighSurrogate(text[PreviewLength - 1]) ? PreviewLength - 1 : PreviewLength;
        return string.Concat(text.AsSpan(0, length), "…");
    }
}
