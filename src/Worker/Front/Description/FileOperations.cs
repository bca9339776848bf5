using System.Globalization;
using System.Text.Json.Nodes;
using Worker.Reading;
using Worker.Traces;

namespace Worker.Front.Description;

/// <summary>What the description says of Files, their Versions and Environments.</summary>
internal static class FileOperations
{
    private static readonly LogKind[] Kinds = Enum.GetValues<LogKind>();

    private static readonly Answer Unknown = Answer.Fault(
        404, "There is no such File, or not that Version, or nothing deployed there.");

    private static readonly string Versions = FileReader.MaxVersions.ToString(CultureInfo.InvariantCulture);

    public static IEnumerable<(string Route, Operation Operation)> All() =>
        Kinds.SelectMany(OfKind)
            .Concat(Kinds.Select(Monitor))
            .Concat(OfEveryKind());

    private static IEnumerable<(string, Operation)> OfKind(LogKind kind)
    {
        var (root, tag, name) = ($"/v5/{kind.WireName()}s", $"{kind}s", kind.WireName());
        var file = Schema.Ref($"{kind}");
        yield return ($"GET {root}", new($"list_{name}s", tag, $"List {tag}")
        {
            Parameters = [.. Lists()],
            Answers =
            [
                Answer.Ok("A page of them.", Schema.Ref($"{kind}Page")),
                Answer.Invalid("Something asked for cannot be."),
            ],
        });
        yield return ($"POST {root}", Save(kind, name, tag));
        yield return ($"GET {root}/{{id}}", new($"get_{name}", tag, $"Read a {kind} with one of its Versions")
        {
            Words = "Which one is asked for; else the one that is deployed to production; else the newest.",
            Parameters =
            [
                Parameter.Query("version_id", "That Version; wins over environment."),
                Parameter.Query("environment", "What is deployed there."),
                Raw,
            ],
            Answers = [Answer.Ok("The File.", file), Unknown, Answer.Invalid("Something asked for cannot be.")],
        });
        yield return ($"DELETE {root}/{{id}}", new($"delete_{name}", tag, "Refused: Files are not deleted")
        {
            Words = "Logs and verdicts refer to them.",
            Answers = [Unknown, Answer.Fault(409, "Whatever is asked: the File stays.")],
        });
        yield return (
            $"GET {root}/{{id}}/versions",
            new($"list_{name}_versions", tag, $"List the newest {Versions} Versions of a {kind}")
            {
                Answers = [Answer.Ok("The File with each of them.", Schema.Ref($"{kind}Versions")), Unknown],
            });
        yield return (
            $"GET {root}/{{id}}/environments",
            new($"list_{name}_environments", tag, "List what is deployed where")
            {
                Answers =
                [
                    Answer.Ok("By Environment; production is always among them.", Schema.Ref($"{kind}Environments")),
                    Unknown,
                ],
            });
        var slot = $"{root}/{{id}}/environments/{{environment}}";
        yield return ($"POST {slot}", new($"deploy_{name}", tag, "Deploy a Version to an Environment")
        {
            Words = "Logs that ask for the Environment from now on get that Version, and those that wait for it. "
                + "There is an Environment as soon as something is deployed to it.",
            Parameters = [Parameter.Query("version_id", "The Version.") with { IsRequired = true }],
            Answers =
            [
                Answer.Ok("The File with that Version.", file),
                Unknown,
                Answer.Invalid("version_id is missing, or an id is too long."),
            ],
        });
        yield return ($"DELETE {slot}", new($"undeploy_{name}", tag, "Empty an Environment")
        {
            Answers =
            [
                Answer.Nothing("Nothing is deployed there any more; no Log is changed."),
                Unknown,
                Answer.Invalid("An id is too long."),
            ],
        });
    }

    private static Operation Save(LogKind kind, string name, string tag) => new(
        $"save_{name}", tag, $"Save a Version of a {kind}")
    {
        Words = "Its id is made of what it says: saving what is there already changes nothing.",
        Body = FileSchemas.Saved(kind),
        Answers =
        [
            Answer.Ok("The File with that Version.", Schema.Ref($"{kind}")),
            .. Bodies.Unreadable,
            Answer.Fault(404, "The id is of no such File."),
            Answer.Fault(409, "The id is of another kind of File."),
            Bodies.TooLarge,
            Answer.Invalid("The body is no JSON object, or says not which File it means."),
        ],
    };

    private static (string, Operation) Monitor(LogKind kind)
    {
        var reference = Schema.Object()
            .Maybe("evaluator_version_id", Schema.Text().Saying("That Version; or else the two others."))
            .Maybe("evaluator_id", Schema.Text())
            .Maybe("environment_id", Schema.Text().Saying("The name of an Environment of the Evaluator's."))
            .Open();
        var name = kind.WireName();
        return (
            $"POST /v5/{name}s/{{id}}/evaluators",
            new($"monitor_{name}", $"{kind}s", "Attach Evaluators, or take them away")
            {
                Words = "Those that the worker's own files hold. "
                    + "It counts from the next revision of a Log that something is said of.",
                Body = Schema.Object()
                    .Maybe("activate", Many(reference))
                    .Maybe("deactivate", Many((JsonObject)reference.DeepClone()))
                    .Open(),
                Answers =
                [
                    Answer.Ok("The File with who was attached to it.", Schema.Ref($"{kind}")),
                    .. Bodies.Unreadable,
                    Answer.Fault(404, "There is no such File, or no such Evaluator."),
                    Answer.Fault(409, "The Evaluator is one that the worker does not run."),
                    Bodies.TooLarge,
                    Answer.Invalid("The body is no JSON object, or names no Evaluator, or too many."),
                ],
            });
    }

    private static IEnumerable<(string, Operation)> OfEveryKind()
    {
        yield return ("GET /v5/files", new("list_files", "Files", "List Files of every kind")
        {
            Parameters =
            [
                .. Lists(),
                Parameter.Query(
                    "type",
                    "Of those kinds alone.",
                    Schema.List(Schema.OneOf([.. Kinds.Select(kind => kind.WireName())]))),
                Parameter.Query("path", "The folder."),
                Parameter.Query("directory", "The same, as older clients call it."),
                Parameter.Query("template", "true: templates alone, of which there are none.", Schema.Flag()),
                Parameter.Query("environment", "With the Version that is deployed there."),
                Raw,
            ],
            Answers =
            [
                Answer.Ok("A page of them.", Schema.Ref("FilePage")),
                Answer.Invalid("Something asked for cannot be."),
            ],
        });
        yield return ("POST /v5/files/retrieve-by-path", new("get_file_by_path", "Files", "Read the File at a path")
        {
            Parameters = [Parameter.Query("environment", "With the Version that is deployed there."), Raw],
            Body = Schema.Object(("path", Schema.Text())).Open(),
            Answers =
            [
                Answer.Ok("The File.", Schema.Ref("File")),
                .. Bodies.Unreadable,
                Answer.Fault(404, "There is none, or nothing deployed there."),
                Bodies.TooLarge,
                Answer.Invalid("The body is no JSON, or has no path."),
            ],
        });
    }

    private static Parameter Raw => Parameter.Query(
        "include_raw_file_content", "With a Prompt's text as raw_file_content.", Schema.Flag());

    private static IEnumerable<Parameter> Lists() =>
    [
        .. Paging.Parameters,
        Parameter.Query("name", "Part of the path."),
        Parameter.Query("sort_by", "created_at where it is not said.", Schema.OneOf("created_at", "name")),
        Parameter.Query("order", "desc where it is not said, and asc by name.", Schema.OneOf("asc", "desc")),
    ];

    private static JsonObject Many(JsonObject item)
    {
        var list = Schema.List(item);
        list["type"] = new JsonArray("array", "null");
        return list;
    }
}
