using System.Text.Json.Nodes;
using Worker.Files;
using Worker.Traces;

namespace Worker.Front.Description;

/// <summary>Files and their Versions: as they are saved, and as they are answered.</summary>
internal static class FileSchemas
{
    private static readonly LogKind[] Kinds = Enum.GetValues<LogKind>();

    public static void AddTo(JsonObject schemas)
    {
        foreach (var kind in Kinds)
        {
            schemas[$"{kind}"] = File(kind);
            schemas[$"{kind}Page"] = Page(Schema.Ref($"{kind}"));
            schemas[$"{kind}Versions"] = Schema.Object(("records", Schema.List(Schema.Ref($"{kind}"))));
            schemas[$"{kind}Environments"] = Schema.List(Environment().Always(
                "file",
                Schema.Any(Schema.Ref($"{kind}"), Schema.Null())
                    .Saying("With the Version that is deployed there; null where none is.")));
        }

        schemas["File"] = Schema.Any([.. Kinds.Select(kind => Schema.Ref($"{kind}"))])
            .Saying("Of which kind it is, type says.");
        schemas["FilePage"] = Page(Schema.Ref("File"));
        schemas["Environment"] = Environment();
        schemas["Monitoring"] = Monitoring();
    }

    /// <summary>The body by which a Version is saved.</summary>
    public static JsonObject Saved(LogKind kind)
    {
        var body = Schema.Object()
            .Maybe(
                "path",
                Schema.Of("string", "null").Saying("Where the File is, or is to be. It, or id, has to be there."))
            .Maybe("id", Schema.Of("string", "null").Saying("The File, where there is one."));
        foreach (var name in FileRequests.Beside.Except(["path", "id"]))
            body.Maybe(name, new JsonObject().Saying("Taken, and not kept."));
        if (kind != LogKind.Evaluator)
            return Kernel(kind, body).Open();
        var spec = Spec();
        spec["properties"]!["evaluator_type"] = Schema.OneOf([.. FileRequests.Harmless])
            .Saying(
                "What the worker itself runs comes from its files alone. What runs code or calls hosts is refused " +
                $"with 422, unless {RemoteCode.Key} is set; any other with 403.");
        spec["required"] = new JsonArray("evaluator_type");
        return body.Always("spec", spec).Open();
    }

    /// <summary>What is answered of a Version, whether it says it or not.</summary>
    public static JsonObject Details(LogKind kind, JsonObject schema)
    {
        if (kind == LogKind.Evaluator)
            schema.Always("spec", Spec());
        else
            Kernel(kind, schema);
        if (kind == LogKind.Prompt)
            schema["required"]!.AsArray().Add("model");
        if (kind == LogKind.Flow)
            schema["required"]!.AsArray().Add("attributes");
        else
            schema.Always("inputs", Schema.List([]).Saying("Of a Prompt, what its template asks for."));
        return schema;
    }

    private static JsonObject Kernel(LogKind kind, JsonObject schema)
    {
        foreach (var name in kind switch
        {
            LogKind.Tool => VersionDetails.ToolKeys,
            LogKind.Flow => VersionDetails.FlowKeys,
            _ => ["model", "template"],
        })
            schema.Maybe(name, Member(name));
        return schema;
    }

    private static JsonObject Member(string name)
    {
        if (name is "attributes" or "setup_values")
            return Schema.Of("object", "null");
        if (name is not "function")
            return new();
        var function = Schema.Of("object", "null");
        function["properties"] = new JsonObject(
            VersionDetails.FunctionKeys.Select(key => KeyValuePair.Create<string, JsonNode?>(key, new JsonObject())));
        return function.Open();
    }

    private static JsonObject Spec() => Schema.Object()
        .Maybe("evaluator_type", Schema.Text())
        .Maybe("arguments_type", Schema.Text())
        .Maybe("return_type", new())
        .Maybe("options", new())
        .Maybe("number_limits", new())
        .Open();

    private static JsonObject File(LogKind kind)
    {
        var file = Schema.Object(
            ("id", Schema.Text()),
            ("path", Schema.Text()),
            ("name", Schema.Text()),
            ("version_id", Schema.Text().Saying("Empty where no Version is shown.")),
            ("type", Schema.OneOf(kind.WireName())),
            ("environments", Schema.List(Schema.Ref("Environment")).Saying("Where this Version is deployed.")),
            ("created_at", Schema.Time()),
            ("updated_at", Schema.Time()),
            ("last_used_at", Schema.Time()),
            ("version_logs_count", Schema.Integer()),
            ("total_logs_count", Schema.Integer().Saying("Of the File, of whichever Version.")),
            ("evaluators", Schema.List(Schema.Ref("Monitoring")).Saying("Who was attached by HTTP.")));
        if (kind == LogKind.Prompt)
            file.Maybe("raw_file_content", Schema.Text().Saying("The text of a .prompt file, where it is asked for."));
        return Details(kind, file).Open();
    }

    private static JsonObject Page(JsonObject item) => Schema.Object(
        ("records", Schema.List(item)),
        ("page", Schema.Integer()),
        ("size", Schema.Integer()),
        ("total", Schema.Integer()));

    private static JsonObject Environment() => Schema.Object(
        ("id", Schema.Text().Saying("Its name.")),
        ("name", Schema.Text()),
        ("tag", Schema.OneOf("default", "other")),
        ("created_at", Schema.Time()));

    private static JsonObject Monitoring() => Schema.Object(
            ("version_reference", Schema.Object(("type", Schema.OneOf("version", "environment")))
                .Maybe("version", Schema.Ref("Evaluator"))
                .Maybe("file", Schema.Ref("Evaluator"))
                .Maybe("environment", Schema.Ref("Environment"))),
            ("state", Schema.OneOf("active", "inactive")),
            ("created_at", Schema.Time()),
            ("updated_at", Schema.Time()))
        .Maybe("version", Schema.Ref("Evaluator").Saying("What judges; absent where nothing is deployed."));
}
