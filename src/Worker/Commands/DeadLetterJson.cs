using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Commands;

/// <summary>A dead letter as JSON, its fields named as its headers are on the broker.</summary>
internal static class DeadLetterJson
{
    public static string Serialize(DeadLetter letter, bool withBody, bool indented)
    {
        using var buffer = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Indented = indented,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartObject();
            writer.WriteString("dead_letter_id", letter.DeadLetterId);
            writer.WriteString("kind", letter.Kind);
            writer.WriteString("reason", letter.Reason);
            writer.WriteString("field", letter.Field);
            writer.WriteString("detail", letter.Detail);
            writer.WriteString("log_id", letter.LogId);
            writer.WriteString("message_id", letter.MessageId);
            writer.WriteString("first_received", Words(letter.FirstReceived));
            writer.WriteString("content_type", letter.ContentType);
            writer.WriteString("content_encoding", letter.ContentEncoding);
            writer.WriteNumber("body_length", letter.BodyLength);
            writer.WriteString("body_hash", letter.BodyHash);
            writer.WriteBoolean("withheld", letter.Withheld);
            writer.WriteString("written_at", Words(letter.WrittenAt));
            WriteAttempts(writer, letter);
            if (withBody)
                writer.WriteString("body", letter.Body is { } body ? Encoding.UTF8.GetString(body.Span) : null);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteAttempts(Utf8JsonWriter writer, DeadLetter letter)
    {
        writer.WriteStartArray("attempts");
        foreach (var attempt in letter.History)
        {
            writer.WriteStartObject();
            writer.WriteNumber("number", attempt.Number);
            writer.WriteString("at", Words(attempt.At));
            writer.WriteString("reason", attempt.Reason);
            writer.WriteString("detail", attempt.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Words(DateTimeOffset at) => Timestamps.Format(Timestamps.ToMicroseconds(at));
}
