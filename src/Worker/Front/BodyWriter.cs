using System.Buffers;
using Worker.Traces;

namespace Worker.Front;

/// <summary>A message's body: a request's, as it was sent, with what the front knows besides.</summary>
internal static class BodyWriter
{
    /// <summary>With those members at its end, where they win over any of the same name.</summary>
    /// <param name="json">One JSON object.</param>
    /// <param name="members">Those without a value are not written.</param>
    public static ReadOnlyMemory<byte> With(
        ReadOnlySpan<byte> json, params ReadOnlySpan<(string Name, JsonValue? Value)> members)
    {
        var body = new ArrayBufferWriter<byte>(json.Length + 256);
        var open = json[..json.LastIndexOf((byte)'}')].TrimEnd(" \t\r\n"u8);
        body.Write(open);
        var isFirst = open[^1] == (byte)'{';
        foreach (var (name, value) in members)
        {
            if (value is not { } said)
                continue;
            if (!isFirst)
                body.Write(","u8);
            isFirst = false;
            body.Write(JsonValue.FromText(name).Utf8.Span);
            body.Write(":"u8);
            body.Write(said.Utf8.Span);
        }

        body.Write("}"u8);
        return body.WrittenMemory;
    }

    /// <summary>
    /// All that may be known of a Log that is not to be saved. That there was an output or an error is among that: an
    /// empty one stands for it.
    /// </summary>
    public static ReadOnlyMemory<byte> Withheld(LogMessage message)
    {
        var members = new List<(string, JsonValue?)>
        {
            ("log_id", JsonValue.FromText(message.LogId)),
            ("save", JsonValue.Parse("false")),
            ("sent_at", message.OccurredAt is { } instant ? Timestamps.ToJson(instant) : null),
            ("batch_id", message.BatchId is { } batch ? JsonValue.FromText(batch) : null),
            ("trace_status", message.CompletionRequested ? JsonValue.FromText(LogStatuses.Complete) : null),
        };
        foreach (var (field, value, _) in message.Changes)
            members.Add((field.Name, field.Payload ? Presence(field, value) : value ?? JsonValue.Parse("null")));
        return With("{}"u8, [.. members]);
    }

    private static JsonValue? Presence(Field field, JsonValue? value) =>
        value is null ? null
        : field == LogFields.Output || field == LogFields.Error ? JsonValue.FromText("")
        : field == LogFields.OutputMessage ? JsonValue.Parse("{}")
        : null;
}
