using System.Text.Json;
using Worker.Files;
using Worker.Traces;

namespace Worker.Transfer;

/// <summary>What an export says of Files, their Versions and what is deployed of them, as messages.</summary>
internal sealed class VersionMessages(MessageMaker maker, Credentials credentials)
{
    /// <summary>Before anything that was deployed here.</summary>
    private const string LongAgo = "1970-01-01T00:00:00Z";

    /// <summary>
    /// What stands in a Version beside the details that make it: what it is called, what is known of it, and what the
    /// service worked out from them.
    /// </summary>
    private static readonly HashSet<string> Beside =
    [
        "id", "path", "name", "directory_id", "schema", "type",
        "version_id", "version_name", "version_description", "commit_message",
        "description", "tags", "readme", "status", "version_status", "environments",
        "created_at", "updated_at", "created_by", "committed_at", "committed_by", "last_used_at",
        "version_logs_count", "total_logs_count", "inputs", "evaluators",
        "evaluator_aggregates", "raw_file_content", "tool_type", "signature", "unresolved", "datapoints_count",
    ];

    /// <param name="version">As the service shows one; null where the File has none.</param>
    public MadeMessage Saved(LogKind kind, string id, string? path, JsonElement? version) =>
        maker.Make(MessageKind.FileSaved, writer =>
        {
            writer.WriteString("kind", kind.WireName());
            writer.WriteString("id", id);
            if (path is not null)
                writer.WriteString("path", path);
            if (version is not { } said)
                return;
            if (Json.Text(said, "version_id") is { } versionId)
                writer.WriteString("version_id", versionId);
            writer.WritePropertyName("details");
            WriteDetails(writer, kind, said);
        });

    /// <summary>
    /// What is deployed where. The service's default Environment is the default one here, too, whatever its name.
    /// </summary>
    /// <param name="deployedAt">When that Version came into that Environment, as far as that is known.</param>
    public IEnumerable<MadeMessage> Deployed(
        string id, JsonElement deployments, Func<string, string, string?> deployedAt)
    {
        var list = deployments.EnumerateArray().ToList();
        var hasDefault = list.Any(each => Json.Text(each, "environment_name") == Deployment.DefaultEnvironment);
        foreach (var each in list)
        {
            var name = Json.Text(each, "environment_name") ?? Json.Text(each, "environment_id");
            if (name is null || Json.Text(each, "version_id") is not { } version)
            {
                yield return new(null, "a deployment has no environment_name or no version_id.");
                continue;
            }

            var at = deployedAt(version, name) ?? LongAgo;
            yield return Deployed(id, name, version, at);
            if (!hasDefault && Json.Text(each, "environment_tag") == "default")
                yield return Deployed(id, Deployment.DefaultEnvironment, version, at);
        }
    }

    private MadeMessage Deployed(string id, string environment, string versionId, string at) =>
        maker.Make(MessageKind.FileDeployed, writer =>
        {
            writer.WriteString("id", id);
            writer.WriteString("environment", environment);
            writer.WriteString("version_id", versionId);
            writer.WriteString("sent_at", at);
        });

    /// <summary>
    /// Who judges the File's Logs, as far as that was said by message. Those that nobody here can run are remembered,
    /// and judge nothing.
    /// </summary>
    public IEnumerable<MadeMessage> Monitored(string id, JsonElement file)
    {
        foreach (var each in Json.Items(file, "evaluators"))
        {
            if (Json.Member(each, "version_reference") is not { } reference)
                continue;
            var evaluator = Json.Member(reference, "version") ?? Json.Member(reference, "file");
            var environment = Json.Member(reference, "environment") is { } slot ? Json.Text(slot, "name") : null;
            if (evaluator is { } named && Json.Text(named, "id") is { } evaluatorId)
            {
                var versionId = environment is null ? Json.Text(named, "version_id") : null;
                yield return Monitored(id, evaluatorId, environment, versionId, each);
            }
        }
    }

    private MadeMessage Monitored(
        string id, string evaluatorId, string? environment, string? versionId, JsonElement said) =>
        maker.Make(MessageKind.FileMonitored, writer =>
        {
            writer.WriteString("id", id);
            writer.WriteStartArray("evaluators");
            writer.WriteStartObject();
            writer.WriteString("evaluator_id", evaluatorId);
            writer.WriteBoolean("active", Json.Text(said, "state") == "active");
            if (versionId is not null)
                writer.WriteString("version_id", versionId);
            else if (environment is not null)
                writer.WriteString("environment", environment);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteString("sent_at", Json.Text(said, "updated_at") ?? LongAgo);
        });

    /// <summary>
    /// A worker's own says its kind; what is written besides for the service's clients is no part of it.
    /// </summary>
    private void WriteSpec(Utf8JsonWriter writer, JsonElement spec)
    {
        if (Json.Text(spec, "kind") is null)
        {
            credentials.Write(writer, spec);
            return;
        }

        writer.WriteStartObject();
        foreach (var property in spec.EnumerateObject())
        {
            if (!property.NameEquals("evaluator_type") && !property.NameEquals("arguments_type"))
                credentials.Write(writer, property);
        }

        writer.WriteEndObject();
    }

    private void WriteDetails(Utf8JsonWriter writer, LogKind kind, JsonElement version)
    {
        if (kind == LogKind.Evaluator && Json.Member(version, "spec") is { } spec)
        {
            WriteSpec(writer, spec);
            return;
        }

        writer.WriteStartObject();
        foreach (var property in version.EnumerateObject())
        {
            if (!SaysNothing(property) && !Beside.Contains(property.Name))
                credentials.Write(writer, property);
        }

        writer.WriteEndObject();
    }

    /// <summary>
    /// Missing, null and empty are one (see <see cref="VersionDetails"/>); a model that is not known is shown as an
    /// empty text.
    /// </summary>
    private static bool SaysNothing(JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Object => !property.Value.EnumerateObject().Any(),
        _ => property.NameEquals("model")
            && property.Value.ValueKind == JsonValueKind.String
            && property.Value.ValueEquals(""),
    };
}
