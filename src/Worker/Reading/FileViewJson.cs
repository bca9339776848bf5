using System.Text.Encodings.Web;
using System.Text.Json;
using Worker.Files;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// Files as the service's clients take them, with the details of the Version that is shown at the top level. The
/// service counted Logs by Version; here that count is the File's.
/// </summary>
internal sealed class FileViewJson(Utf8JsonWriter writer)
{
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly HashSet<string> Own =
    [
        "id", "path", "name", "version_id", "type", "environments", "created_at", "updated_at", "last_used_at",
        "version_logs_count", "total_logs_count", "inputs", "evaluators", "raw_file_content",
    ];

    /// <param name="isRaw">With a Prompt's text, see <see cref="PromptText"/>.</param>
    public void Write(FileView view, bool isRaw = false)
    {
        var (file, version) = (view.File.File, view.Version?.Version);
        writer.WriteStartObject();
        writer.WriteString("id", file.Id);
        writer.WriteString("path", file.Path ?? "");
        writer.WriteString("name", file.Path?[(file.Path.LastIndexOf('/') + 1)..] ?? "");
        writer.WriteString("version_id", version?.Id ?? "");
        writer.WriteString("type", file.Kind.WireName());
        WriteEnvironments(view.Deployments.Where(deployment => deployment.VersionId == version?.Id));
        writer.WriteString("created_at", view.File.Since.UtcDateTime);
        writer.WriteString("updated_at", (view.Version?.Since ?? view.File.Since).UtcDateTime);
        var used = view.LastUsedAt is { } instant ? Timestamps.ToInstant(instant) : view.File.Since;
        writer.WriteString("last_used_at", used.UtcDateTime);
        writer.WriteNumber("version_logs_count", view.Logs);
        writer.WriteNumber("total_logs_count", view.Logs);
        WriteDetails(file.Kind, version?.Details ?? VersionDetails.Empty);
        writer.WriteStartArray("evaluators");
        foreach (var monitoring in view.Monitorings)
            Write(monitoring);
        writer.WriteEndArray();
        if (isRaw && file.Kind == LogKind.Prompt)
            writer.WriteString("raw_file_content", PromptText.Serialize(version?.Details ?? VersionDetails.Empty));
        writer.WriteEndObject();
    }

    /// <summary>An Environment of a File, and what is deployed to it; null: nothing is.</summary>
    public void Write(string environment, long since, FileView? deployed)
    {
        writer.WriteStartObject();
        WriteEnvironment(environment, since);
        writer.WritePropertyName("file");
        if (deployed is null)
            writer.WriteNullValue();
        else
            Write(deployed);
        writer.WriteEndObject();
    }

    private void Write(MonitoringView view)
    {
        var (monitoring, evaluator) = (view.Monitoring, view.Evaluator);
        writer.WriteStartObject();
        writer.WriteStartObject("version_reference");
        writer.WriteString("type", monitoring.Environment is null ? "version" : "environment");
        writer.WritePropertyName(monitoring.Environment is null ? "version" : "file");
        Write(evaluator);
        if (monitoring.Environment is { } environment)
        {
            writer.WriteStartObject("environment");
            WriteEnvironment(environment, Timestamps.ToMicroseconds(evaluator.File.Since));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        if (evaluator.Version is not null)
        {
            writer.WritePropertyName("version");
            Write(evaluator);
        }

        writer.WriteString("state", monitoring.IsActive ? "active" : "inactive");
        foreach (var name in new[] { "created_at", "updated_at" })
            writer.WriteString(name, Timestamps.Format(monitoring.OccurredAt));
        writer.WriteEndObject();
    }

    private void WriteEnvironments(IEnumerable<Deployment> deployments)
    {
        writer.WriteStartArray("environments");
        foreach (var deployment in deployments)
        {
            writer.WriteStartObject();
            WriteEnvironment(deployment.Environment, deployment.OccurredAt);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Its name is its id.</summary>
    private void WriteEnvironment(string environment, long since)
    {
        writer.WriteString("id", environment);
        writer.WriteString("name", environment);
        writer.WriteString("tag", environment == Deployment.DefaultEnvironment ? "default" : "other");
        writer.WriteString("created_at", Timestamps.Format(since));
    }

    private void WriteDetails(LogKind kind, JsonValue details)
    {
        using var parsed = JsonDocument.Parse(details.Utf8, new JsonDocumentOptions { MaxDepth = 1000 });
        var root = parsed.RootElement;
        if (kind == LogKind.Evaluator)
        {
            writer.WritePropertyName("spec");
            new FileJson(writer, forClients: true).WriteSpec(details);
        }

        var said = new HashSet<string>(StringComparer.Ordinal);
        if (kind != LogKind.Evaluator && root.ValueKind == JsonValueKind.Object)
        {
            var members = JsonOnce.Properties(root)
                .Where(property => !Own.Contains(property.Name) && property.Value.ValueKind != JsonValueKind.Null);
            foreach (var property in members)
            {
                said.Add(property.Name);
                JsonOnce.Write(property, writer);
            }
        }

        if (kind == LogKind.Prompt && said.Add("model"))
            writer.WriteString("model", "");
        if (kind == LogKind.Flow && said.Add("attributes"))
        {
            writer.WriteStartObject("attributes");
            writer.WriteEndObject();
        }

        if (kind == LogKind.Flow)
            return;
        writer.WriteStartArray("inputs");
        if (kind == LogKind.Prompt && root.ValueKind == JsonValueKind.Object
            && root.TryGetProperty("template", out var template))
        {
            foreach (var name in TemplateInputs.Find(template))
            {
                writer.WriteStartObject();
                writer.WriteString("name", name);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
    }
}
