using System.Text.Json.Nodes;

namespace Worker.Front.Description;

/// <summary>
/// What the description says of directories, and of the lists that are always empty: who takes everything out asks for
/// them.
/// </summary>
internal static class DirectoryOperations
{
    public static IEnumerable<(string Route, Operation Operation)> All() =>
        Directories().Concat(EmptyLists.Pages.Select(Empty)).Append(Runs());

    public static void AddTo(JsonObject schemas)
    {
        schemas["Directory"] = Directory();
        schemas["DirectoryContent"] = Directory()
            .Always(
                "parents",
                Schema.List(Schema.Ref("Directory")).Saying("From the one that it is in up to the root."))
            .Always("subdirectories", Schema.List(Schema.Ref("Directory")))
            .Always("files", Schema.List(Schema.Ref("File")).Saying("Those that are directly in it."));
        schemas["DirectoryTree"] = Directory()
            .Always("subdirectories", Schema.List(Schema.Ref("DirectoryTree")));
        schemas["EmptyPage"] = Schema.Object(
            ("records", None()), ("page", Schema.Integer()), ("size", Schema.Integer()), ("total", Schema.Integer()));
    }

    private static IEnumerable<(string, Operation)> Directories()
    {
        yield return (
            "GET /v5/directories/structure",
            new("get_directory_structure", "Directories", "Read all directories")
            {
                Words = "They follow from the paths of Files: of the first 10,000 by path, and 100 deep at most.",
                Answers = [Answer.Ok("The root, with those below it in one another.", Schema.Ref("DirectoryTree"))],
            });
        yield return (
            "GET /v5/directories/{id}",
            new("get_directory", "Directories", "Read a directory with what is in it")
            {
                Words = "The id of the uppermost one is root.",
                Answers =
                [
                    Answer.Ok("The directory.", Schema.Ref("DirectoryContent")),
                    Answer.Fault(404, "No File is in such a directory, or below it."),
                ],
            });
    }

    private static (string, Operation) Empty(string list)
    {
        var name = list["/v5/".Length..].Replace("/{id}/", "_", StringComparison.Ordinal);
        return ($"GET {list}", new($"list_{name}", Tag(list), "Always empty")
        {
            Answers = [Answer.Ok("There are none of these here.", Schema.Ref("EmptyPage"))],
        });
    }

    private static (string, Operation) Runs() =>
        ("GET /v5/evaluations/{id}/runs", new("list_evaluations_runs", "Evaluations", "Always empty")
        {
            Answers = [Answer.Ok("There are none of these here.", Schema.Object(("runs", None())))],
        });

    private static string Tag(string list) =>
        list.StartsWith("/v5/datasets", StringComparison.Ordinal) ? "Datasets" : "Evaluations";

    private static JsonObject None()
    {
        var none = Schema.List([]);
        none["maxItems"] = 0;
        return none;
    }

    private static JsonObject Directory() => Schema.Object(
        ("id", Schema.Text()),
        ("parent_id", Schema.Of("string", "null").Saying("null: it is the root.")),
        ("name", Schema.Text()),
        ("path", Schema.Text()),
        ("created_at", Schema.Time()),
        ("updated_at", Schema.Time()));
}
