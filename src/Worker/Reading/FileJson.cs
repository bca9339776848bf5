using System.Text.Json;
using Worker.Files;
using Worker.Runs;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// The File and Version of a Log as JSON, with the Version's details. For the service's clients it also has what they
/// insist on: a name that is not known is empty, the File's dates are this Log's, and its counts are 1, for this Log.
/// </summary>
internal sealed class FileJson(Utf8JsonWriter writer, bool forClients)
{
    private static readonly JsonValue Null = JsonValue.Parse("null");
    private static readonly HashSet<string> Names = ["id", "path", "name", "version_id"];
    private static readonly string[] Dates = ["created_at", "updated_at", "last_used_at"];
    private static readonly string[] Counts = ["version_logs_count", "total_logs_count"];

    /// <summary>Under the name of the Log's kind.</summary>
    public void Write(Log log, FileCatalog files)
    {
        var resolution = log.Resolution ?? Resolution.None;
        var path = (resolution.FileId is { } id ? files.Files.GetValueOrDefault(id)?.Path : null) ?? log.Path;
        writer.WriteStartObject(log.Kind.WireName());
        WriteNames(resolution.FileId, path, resolution.VersionId);
        if (resolution is { Waits: true, Missing: { } missing })
            writer.WriteString("unresolved", missing.ToString());
        var details = resolution.VersionId is { } version ? files.Versions.GetValueOrDefault(version)?.Details : null;
        var said = log.Kind == LogKind.Evaluator ? WritePostedSpec(details ?? VersionDetails.Empty, log.Judgment)
            : details is { } known ? WriteObject(known, Names)
            : [];
        if (forClients)
            WriteRequired(log.Kind, log.FirstReceivedAt, said);
        writer.WriteEndObject();
    }

    /// <summary>The Evaluator of a verdict.</summary>
    public void Write(EvaluatorLog verdict)
    {
        writer.WriteStartObject("evaluator");
        WriteNames(verdict.EvaluatorId, verdict.Path, verdict.EvaluatorVersionId);
        writer.WritePropertyName("spec");
        if (forClients)
            WriteSpec(verdict.Spec ?? VersionDetails.Empty);
        else
            writer.WriteRawValue((verdict.Spec ?? Null).Utf8.Span, skipInputValidation: true);
        if (forClients)
            WriteRequired(LogKind.Evaluator, Timestamps.ToMicroseconds(verdict.EndTime), []);
        writer.WriteEndObject();
    }

    private void WriteNames(string? id, string? path, string? versionId)
    {
        var unknown = forClients ? "" : null;
        writer.WriteString("id", id ?? unknown);
        writer.WriteString("path", path ?? unknown);
        writer.WriteString("name", path?[(path.LastIndexOf('/') + 1)..] ?? unknown);
        writer.WriteString("version_id", versionId ?? unknown);
    }

    /// <summary>
    /// An Evaluator of a kind that the service did not have is shown as one that runs elsewhere (<c>external</c>);
    /// everything else stands as it is.
    /// </summary>
    public void WriteSpec(JsonValue spec)
    {
        writer.WriteStartObject();
        var said = WriteObject(spec, [], WriteOfSpec);
        if (!said.Contains("arguments_type"))
            writer.WriteString("arguments_type", "target_free");
        if (!said.Contains("evaluator_type"))
            writer.WriteString("evaluator_type", "external");
        writer.WriteEndObject();
    }

    /// <summary>
    /// The spec of an Evaluator that a posted verdict names. Where the message does not describe it, it is one that
    /// runs elsewhere (<c>external</c>) and returns what this judgment is.
    /// </summary>
    private HashSet<string> WritePostedSpec(JsonValue spec, JsonValue? judgment)
    {
        writer.WriteStartObject("spec");
        var said = WriteObject(spec, [], WriteOfSpec);
        if (!said.Contains("arguments_type"))
            writer.WriteString("arguments_type", "target_free");
        if (!said.Contains("evaluator_type"))
            writer.WriteString("evaluator_type", "external");
        if (!said.Contains("return_type"))
            writer.WriteString("return_type", TypeOf(judgment));
        writer.WriteEndObject();
        return [];
    }

    /// <summary>The clients know an option as an object with a name.</summary>
    private void WriteOfSpec(JsonProperty property)
    {
        if (!forClients || !property.NameEquals("options") || property.Value.ValueKind != JsonValueKind.Array)
        {
            JsonOnce.Write(property, writer);
            return;
        }

        writer.WriteStartArray(property.Name);
        foreach (var option in property.Value.EnumerateArray())
            WriteOption(option);
        writer.WriteEndArray();
    }

    private void WriteOption(JsonElement option)
    {
        if (option.ValueKind != JsonValueKind.String)
        {
            JsonOnce.Write(option, writer);
            return;
        }

        writer.WriteStartObject();
        writer.WritePropertyName("name");
        option.WriteTo(writer);
        writer.WriteEndObject();
    }

    private static string TypeOf(JsonValue? judgment) => judgment?.Utf8.Span[0] switch
    {
        (byte)'t' or (byte)'f' => "boolean",
        null or (byte)'"' => "text",
        (byte)'[' => "multi_select",
        _ => "number",
    };

    private void WriteRequired(LogKind kind, long instant, HashSet<string> said)
    {
        foreach (var name in Dates.Where(name => !said.Contains(name)))
            writer.WriteString(name, Timestamps.Format(instant));
        foreach (var name in Counts.Where(name => !said.Contains(name)))
            writer.WriteNumber(name, 1);
        if (kind == LogKind.Prompt && !said.Contains("model"))
            writer.WriteString("model", "");
        if (kind != LogKind.Flow && !said.Contains("inputs"))
            Empty("inputs", writer.WriteStartArray, writer.WriteEndArray);
        if (kind == LogKind.Flow && !said.Contains("attributes"))
            Empty("attributes", writer.WriteStartObject, writer.WriteEndObject);
    }

    private static void Empty(string name, Action<string> start, Action end)
    {
        start(name);
        end();
    }

    /// <summary>The members of an object within another; returns their names.</summary>
    /// <param name="write">Writes one of them; null is as it is.</param>
    private HashSet<string> WriteObject(JsonValue details, HashSet<string> except, Action<JsonProperty>? write = null)
    {
        using var parsed = JsonDocument.Parse(details.Utf8, new JsonDocumentOptions { MaxDepth = 1000 });
        if (parsed.RootElement.ValueKind != JsonValueKind.Object)
            return [];
        var said = new HashSet<string>(StringComparer.Ordinal);
        var kept = JsonOnce.Properties(parsed.RootElement).Where(property => !except.Contains(property.Name));
        foreach (var property in kept)
        {
            // For the clients, a null is left out, as if the key were not there.
            if (forClients && property.Value.ValueKind == JsonValueKind.Null)
                continue;
            said.Add(property.Name);
            if (write is null)
                JsonOnce.Write(property, writer);
            else
                write(property);
        }

        return said;
    }
}
