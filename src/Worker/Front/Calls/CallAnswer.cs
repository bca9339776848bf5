using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Worker.Reading;
using Worker.Traces;

namespace Worker.Front.Calls;

/// <summary>What calling a Prompt answers, as the service's clients take it.</summary>
internal static class CallAnswer
{
    internal static readonly IReadOnlyList<Field> Fields =
    [
        LogFields.Source, LogFields.Metadata, LogFields.SourceDatapointId, LogFields.TraceParentId, LogFields.User,
        LogFields.Environment,
    ];

    /// <summary>
    /// The service's clients decode a stream piece by piece, whatever a character of it takes: it has to be ASCII.
    /// </summary>
    private static readonly JsonSerializerOptions Ascii = new() { Encoder = JavaScriptEncoder.Default };

    public static void Write(Stream output, OpenCall open, CalledModel called)
    {
        using var writer = new Utf8JsonWriter(output, FileViewJson.Options);
        var log = open.Begun.Log;
        writer.WriteStartObject();
        writer.WriteString("id", open.LogId);
        writer.WriteString("log_id", open.LogId);
        writer.WriteString("trace_id", open.TraceId);
        writer.WritePropertyName("prompt");
        new FileViewJson(writer).Write(open.Prompt);
        WriteInstant(writer, "start_time", log.StartedAt);
        WriteInstant(writer, "end_time", Timestamps.ToMicroseconds(called.EndedAt));
        writer.WritePropertyName("messages");
        open.Body.Messages.WriteTo(writer);
        Write(writer, "tool_choice", log[LogFields.ToolChoice]);
        writer.WritePropertyName("inputs");
        open.Inputs.WriteTo(writer);
        foreach (var field in Fields)
            Write(writer, field.Name, log[field]);
        Write(writer, "log_status", log[LogFields.LogStatus]);
        writer.WriteBoolean("save", !open.IsWithheld);
        writer.WriteStartArray("logs");
        var sample = called.ToJson();
        sample["index"] = 0;
        sample.WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>A server-sent event.</summary>
    /// <param name="members">Those that every event has besides are added.</param>
    public static byte[] Event(OpenCall open, JsonObject members)
    {
        members["index"] = 0;
        members["id"] = open.LogId;
        members["prompt_id"] = open.Prompt.File.File.Id;
        members["version_id"] = open.Prompt.Version!.Version.Id;

        // Some clients look for this anywhere in a line, and take it for the end.
        var json = JsonSerializer.Serialize(members, Ascii).Replace("[DONE]", "\\u005bDONE]", StringComparison.Ordinal);
        return System.Text.Encoding.ASCII.GetBytes($"data: {json}\n\n");
    }

    private static void WriteInstant(Utf8JsonWriter writer, string name, long? instant) =>
        writer.WriteString(name, instant is { } at ? Timestamps.Format(at) : null);

    private static void Write(Utf8JsonWriter writer, string name, Traces.JsonValue? value)
    {
        writer.WritePropertyName(name);
        if (value is { } said)
            writer.WriteRawValue(said.Utf8.Span, skipInputValidation: true);
        else
            writer.WriteNullValue();
    }
}
