using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Worker.Testing.Transfer;

/// <summary>
/// Exports as the service's own script writes them, at random: few Files and ids, odd ones among them, and every field
/// with and without a value.
/// </summary>
internal static class GeneratedExport
{
    private static readonly string[] Types = ["tool", "prompt", "flow", "evaluator"];
    private static readonly string[] Texts = ["a", "", "\u00e9 \"q\" \\", "{\"x\": 1}", "\U0001f600", "line\nline", "\0"];
    private static readonly string[] Ids = ["log_1", "log/2", "log 3", "\u2603", "log.4", "a%2Fb", "..", "log_8", "log_9", "log_10"];
    private static readonly string[] Values = ["{}", "{\"a.b\":[1,2.50,null],\"$c\":{\"\":\"\\u0000\"}}", "{\"n\":1e400,\"m\":12345678901234567890}"];

    /// <summary>Written by <see cref="Write"/>.</summary>
    public static Gen<JsonObject[]> Files() =>
        from files in Gen.ArrayOf(File(), 4)
        from logs in Gen.ArrayOf(Log(), 10)
        select Together(files, logs);

    /// <param name="files">Each with its <c>versions</c> and <c>logs</c>.</param>
    public static void Write(string root, JsonObject[] files)
    {
        foreach (var (file, index) in files.Select((file, index) => (file, index)))
        {
            var folder = Path.Combine(root, "files", $"f{index}");
            Directory.CreateDirectory(Path.Combine(folder, "versions"));
            Directory.CreateDirectory(Path.Combine(folder, "logs"));
            var versions = file["versions"]!.AsArray().Select(version => version!.AsObject()).ToList();
            var deployments = versions.SelectMany(version => version["environments"]!.AsArray().Select(slot => new JsonObject
            {
                ["version_id"] = (string)version["version_id"]!, ["environment_id"] = (string)slot!["id"]!,
                ["environment_name"] = (string)slot["name"]!, ["environment_tag"] = (string)slot["tag"]!,
            }));
            System.IO.File.WriteAllText(Path.Combine(folder, "file.json"), versions[0].ToJsonString());
            System.IO.File.WriteAllText(Path.Combine(folder, "deployments.json"), new JsonArray([.. deployments]).ToJsonString());
            for (var number = 0; number < versions.Count; number++)
                System.IO.File.WriteAllText(Path.Combine(folder, "versions", $"v{number}"), versions[number].ToJsonString());
            System.IO.File.WriteAllLines(
                Path.Combine(folder, "logs", "1.jsonl"), file["logs"]!.AsArray().Select(log => log!.ToJsonString()));
        }
    }

    private static Gen<JsonObject> File() =>
        from type in Gen.Elements(Types)
        from count in Gen.Choose(1, 3)
        from versions in Gen.ArrayOf(Version(type), count)
        select new JsonObject { ["type"] = type, ["versions"] = new JsonArray([.. versions]) };

    private static Gen<JsonObject> Version(string type) =>
        from text in Gen.Elements(Texts)
        from value in Gen.Elements(Values)
        from slots in Gen.SubListOf("production", "staging", "l/\u00e9")
        from day in Gen.Choose(1, 28)
        let details = Details(type, text, value)
        select new JsonObject([.. details.Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())), .. new JsonObject
        {
            ["environments"] = new JsonArray([.. slots.Select(slot => new JsonObject { ["id"] = "env_" + slot, ["name"] = slot, ["tag"] = slot == "production" ? "default" : "other" })]),
            ["created_at"] = $"2025-01-{day:00}T08:00:00", ["updated_at"] = null, ["inputs"] = new JsonArray(), ["version_name"] = text,
        }.Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))]);

    private static JsonObject Details(string type, string text, string value) => type switch
    {
        "tool" => new()
        {
            ["function"] = new JsonObject { ["name"] = text, ["description"] = "", ["parameters"] = JsonNode.Parse(value) },
            ["source_code"] = text.Length == 0 ? null : text,
            ["setup_values"] = new JsonObject(),
        },
        "prompt" => new() { ["model"] = text, ["template"] = "Hi {{name}}", ["attributes"] = JsonNode.Parse(value), ["temperature"] = 0.5 },
        "flow" => new() { ["attributes"] = JsonNode.Parse(value) },
        _ => new()
        {
            ["spec"] = new JsonObject
            {
                ["arguments_type"] = "target_free", ["return_type"] = "text", ["evaluator_type"] = "python", ["code"] = text, ["attributes"] = JsonNode.Parse(value),
            },
        },
    };

    private static Gen<JsonObject> Log() =>
        from output in Gen.Elements<string?>([null, .. Texts])
        from error in Gen.Elements<string?>(null, null, "it failed")
        from inputs in Gen.Elements<string?>([null, .. Values])
        from seconds in Gen.ArrayOf(Gen.Choose(-10, 50), 3)
        from isComplete in Gen.Elements(true, true, false)
        from save in Gen.Elements(true, true, true, true, false)
        from user in Gen.Elements<string?>([null, .. Texts])
        from batches in Gen.SubListOf("b1", "b2", "b3")
        from tokens in Gen.Elements<int?>(null, 3)
        select new JsonObject
        {
            ["output"] = output, ["error"] = error, ["inputs"] = inputs is null ? null : JsonNode.Parse(inputs), ["user"] = user,
            ["metadata"] = inputs is null ? null : JsonNode.Parse(inputs), ["start_time"] = At(seconds[0]), ["end_time"] = At(seconds[1]),
            ["created_at"] = At(seconds[2]), ["trace_status"] = isComplete ? "complete" : "incomplete", ["save"] = save,
            ["batches"] = new JsonArray([.. batches.Select(batch => (JsonNode)batch)]), ["prompt_tokens"] = tokens, ["prompt_cost"] = tokens is null ? null : 0.25,
        };

    private static string? At(int second) => second < 0 ? null : $"2025-05-01T10:00:{second:00}.{second:000}";

    /// <summary>Ids, and who is under whom, or on whom: never in a circle. Some stand in several places.</summary>
    private static JsonObject[] Together(JsonObject[] files, JsonObject[] logs)
    {
        for (var index = 0; index < files.Length; index++)
        {
            var (type, id) = ((string)files[index]["type"]!, $"id/{index} \u00e9");
            foreach (var (version, number) in files[index]["versions"]!.AsArray().Select((version, number) => (version!.AsObject(), number)))
            {
                version["id"] = id;
                version["type"] = type;
                version["path"] = $"folder {index % 2}/{type} \u2603 {index}";
                version["version_id"] = $"v/{index}.{number}";
            }

            files[index]["logs"] = new JsonArray();
        }

        for (var index = 0; index < logs.Length; index++)
            Place(logs, index, files[index % files.Length]);
        for (var index = logs.Length - 1; index >= 0; index--)
        {
            var file = files[index % files.Length];
            file["logs"]!.AsArray().Add(logs[index].DeepClone());
            if (index == 0)
                continue;
            var list = (string)file["type"]! == "evaluator" ? "evaluator_logs" : "trace_children";
            if (list == "evaluator_logs" || logs[index]["trace_parent_id"] is not null)
                ((JsonArray)(logs[Above(index)][list] ??= new JsonArray())).Add(logs[index].DeepClone());
        }

        return files;
    }

    private static int Above(int index) => (index - 1) / 2;

    private static void Place(JsonObject[] logs, int index, JsonObject file)
    {
        var (type, log) = ((string)file["type"]!, logs[index]);
        var versions = file["versions"]!.AsArray();
        log["id"] = Ids[index];
        log[type] = versions[index % versions.Count]!.DeepClone();

        // The service always said when a Log was created; and a completion that only its receipt dates has no date there.
        if (type == "flow")
            log["created_at"] ??= "2025-05-01T10:00:59";
        else
            log.Remove("trace_status");
        if (type == "evaluator")
        {
            log["parent_id"] = index == 0 ? "elsewhere" : Ids[Above(index)];
            log["judgment"] = log["output"]?.DeepClone();
        }
        else if (index % 3 != 0)
        {
            log["trace_parent_id"] = Ids[Above(index)];
        }
    }
}
