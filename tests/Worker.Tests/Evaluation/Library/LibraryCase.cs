using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Worker.Evaluation.Yaml;
using Worker.Tests.Deployment;
using YamlDotNet.RepresentationModel;

namespace Worker.Tests.Evaluation.Library;

/// <summary>
/// One case of an Evaluator of the library: a trace, what is said of it and, of a model, what it replies and is asked.
/// </summary>
/// <param name="Json">
/// <c>case</c>, a sentence; <c>log</c>, the head with the fields of its message, further <c>kind</c> (flow when left
/// out) and <c>under</c>, a list of Logs; one of <c>judgment</c>, <c>abstains</c>, <c>filtered</c>, <c>error</c>; and
/// <c>reason</c>; of a model <c>reply</c>, or <c>says</c> where that is no object, and <c>asked</c>.
/// </param>
internal sealed partial record LibraryCase(string Name, JsonObject Json)
{
    public static readonly string Folder = Path.Combine(
        Repository.Root, "tests", "Worker.Tests", "Evaluation", "Library", "Cases");

    private static readonly ConcurrentDictionary<string, IReadOnlyList<LibraryCase>> Read = new();

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string? Text(string key) => (string?)Json[key];

    public bool Holds(string key) => (bool?)Json[key] == true;

    public IEnumerable<string> Texts(string key) =>
        Json[key] is JsonArray list ? list.Select(each => (string)each!) : [];

    /// <summary>Those of the file of that Evaluator, in its order.</summary>
    public static IReadOnlyList<LibraryCase> Of(string name) => Read.GetOrAdd(name, ReadFile);

    /// <summary>The messages that log the trace, the head's first, whose id is <c>head</c>.</summary>
    public IEnumerable<(string Type, string Body)> Messages() =>
        Messages((JsonObject)Json["log"]!.DeepClone(), "head", null);

    private static List<LibraryCase> ReadFile(string name)
    {
        var stream = new YamlStream();
        using (var text = new StreamReader(Path.Combine(Folder, $"{name}.yaml")))
            stream.Load(text);
        return
        [
            .. JsonNode.Parse(YamlJson.ToJson(stream.Documents[0].RootNode).ToString())!.AsArray()
                .Select(each => new LibraryCase((string)each!["case"]!, (JsonObject)Written(each)!)),
        ];
    }

    private static IEnumerable<(string Type, string Body)> Messages(JsonObject log, string id, string? parent)
    {
        var kind = (string?)log["kind"] ?? "flow";
        var under = log["under"] as JsonArray ?? [];
        log.Remove("kind");
        log.Remove("under");
        log["log_id"] = id;
        log["path"] ??= $"app/{kind}";
        log["trace_parent_id"] = parent;
        if (kind == "flow")
            log["log_status"] = "complete";
        return under
            .SelectMany((each, place) => Messages((JsonObject)each!.DeepClone(), $"{id}-{place}", id))
            .Prepend(($"{kind}.logged", log.ToJsonString(Readable)));
    }

    /// <summary>
    /// What a file spells shorter: <c>⟦3×ab⟧</c> is ababab. And <c>·</c> is nothing: it stands in keys that are made up,
    /// so that nobody who looks for real ones finds them.
    /// </summary>
    private static JsonNode? Written(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(each => KeyValuePair.Create(each.Key, Written(each.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Written)]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(
            Repeated().Replace(text.Replace("·", "", StringComparison.Ordinal), Repeat)),
        _ => node?.DeepClone(),
    };

    private static string Repeat(Match match) => string.Concat(
        Enumerable.Repeat(match.Groups[2].Value, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)));

    [GeneratedRegex("⟦([0-9]+)×([^⟧]*)⟧")]
    private static partial Regex Repeated();
}
