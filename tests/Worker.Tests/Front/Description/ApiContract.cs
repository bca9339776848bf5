using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;

namespace Worker.Tests.Front.Description;

/// <summary>
/// What the front's description promises, and what of an exchange breaks it. Answers are held to it more strictly than
/// it is written: what it does not name must not be in them, unless it says that anything may be.
/// </summary>
internal sealed class ApiContract
{
    private const string Schemas = "#/components/schemas/";

    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List };

    private readonly JsonObject _document;
    private readonly JsonObject _closed;
    private readonly JsonObject _open;
    private readonly List<(string Method, string Path, Regex Pattern)> _operations;
    private readonly ConcurrentDictionary<string, JsonSchema> _compiled = new();

    public ApiContract(JsonObject document)
    {
        _document = document;
        _open = Definitions(document);
        _closed = Definitions(document);
        Close(_closed);
        _operations = [.. from path in document["paths"]!.AsObject()
                          from operation in path.Value!.AsObject()
                          orderby path.Key.Count(character => character == '{'), path.Key
                          select (operation.Key.ToUpperInvariant(), path.Key, Pattern(path.Key))];
    }

    /// <summary>Such as <c>GET /v5/logs/{id}</c>.</summary>
    public IEnumerable<string> Operations => _operations.Select(operation => $"{operation.Method} {operation.Path}");

    /// <summary>The operation that a request asks for; null where it asks for none.</summary>
    public string? Find(string method, string path) => _operations
        .Where(operation => operation.Method == method && operation.Pattern.IsMatch(path))
        .Select(operation => $"{operation.Method} {operation.Path}").FirstOrDefault();

    /// <summary>Everything in which the answer is not as described.</summary>
    public IEnumerable<string> AnswerFaults(Exchange exchange)
    {
        if (Find(exchange.Method, exchange.Path) is not { } name)
            return exchange.Status is 401 or 403 or 404 or 410 or 429 or 501 or 503
                ? Against(name: $"nothing {exchange.Status}", Ref("Fault"), _closed, exchange.Answer)
                : [$"{exchange.Status} where there is nothing"];
        if (Operation(name)["responses"]![$"{exchange.Status}"] is not { } answer)
            return [$"{exchange.Status} is not described"];
        return Headers(exchange, answer).Concat(Answer(name, exchange, answer));
    }

    /// <summary>
    /// Everything in which the request is not as described: the front takes more than that, and leaves it out.
    /// </summary>
    public IEnumerable<string> RequestFaults(Exchange exchange) => Find(exchange.Method, exchange.Path) is { } name
        ? Query(exchange, Operation(name)).Concat(Body(name, exchange, Operation(name)))
        : ["it asks for nothing that is described"];

    private JsonNode Operation(string name)
    {
        var (method, path) = (name.Split(' ')[0], name.Split(' ')[1]);
        return _document["paths"]![path]![method.ToLowerInvariant()]!;
    }

    private static IEnumerable<string> Headers(Exchange exchange, JsonNode answer) => exchange.Headers
        .Where(header => answer["headers"]?[header] is null)
        .Select(header => $"the header {header} of {exchange.Status} is not described");

    private IEnumerable<string> Answer(string name, Exchange exchange, JsonNode answer)
    {
        if (answer["content"] is not { } content)
            return exchange.Answer is null && exchange.AnswerType is null ? [] : [$"{exchange.Status} has a body"];
        if (exchange.AnswerType is not { } type || content[type] is not { } described)
            return [$"{exchange.Status} comes as {exchange.AnswerType ?? "nothing"}"];
        return described["schema"] is { } schema ? Against($"{name} {exchange.Status}", schema, _closed, exchange.Answer) : [];
    }

    private static IEnumerable<string> Query(Exchange exchange, JsonNode operation)
    {
        var known = (operation["parameters"]?.AsArray() ?? [])
            .Where(parameter => (string?)parameter!["in"] == "query").Select(parameter => (string)parameter!["name"]!).ToHashSet();
        return exchange.Query.Where(sent => !known.Contains(sent)).Select(sent => $"the query's {sent} is not described");
    }

    private IEnumerable<string> Body(string name, Exchange exchange, JsonNode operation) =>
        exchange.Body is null ? []
        : operation["requestBody"]?["content"]?["application/json"]?["schema"] is not { } schema ? ["it takes no body"]
        : Against($"{name} body", schema, _open, exchange.Body);

    private IEnumerable<string> Against(string name, JsonNode schema, JsonObject definitions, JsonNode? json)
    {
        var compiled = _compiled.GetOrAdd(name, _ =>
        {
            var whole = JsonNode.Parse(Local(schema))!.AsObject();
            if (definitions == _closed)
                Close(whole);
            whole["$defs"] = definitions.DeepClone();

            // A registry of its own: that of the process does not bear two who read at once.
            return JsonSchema.FromText(whole.ToJsonString(), new BuildOptions { SchemaRegistry = new SchemaRegistry() });
        });
        var result = compiled.Evaluate(JsonSerializer.SerializeToElement(json), Options);
        return result.IsValid
            ? []
            : (result.Details ?? []).Where(detail => detail.Errors is { Count: > 0 }).Take(8)
                .SelectMany(detail => detail.Errors!.Select(error => $"{name}: {detail.InstanceLocation} {error.Key} {error.Value}"))
                .DefaultIfEmpty($"{name}: does not fit");
    }

    private static JsonObject Definitions(JsonObject document) =>
        JsonNode.Parse(Local(document["components"]!["schemas"]!))!.AsObject();

    private static JsonObject Ref(string name) => new() { ["$ref"] = Schemas + name };

    private static string Local(JsonNode schema) => schema.ToJsonString().Replace(Schemas, "#/$defs/", StringComparison.Ordinal);

    /// <summary>No object has members besides those that are named.</summary>
    private static void Close(JsonNode? node)
    {
        if (node is JsonArray array)
            foreach (var item in array)
                Close(item);
        if (node is not JsonObject schema)
            return;
        foreach (var (_, value) in schema.ToList())
            Close(value);
        if (schema["properties"] is JsonObject && schema["type"] is not null && !schema.ContainsKey("additionalProperties"))
            schema["additionalProperties"] = false;
    }

    /// <summary>The id of a Log at the end of a path may hold slashes.</summary>
    private static Regex Pattern(string path)
    {
        var isLog = path.EndsWith("{log_id}", StringComparison.Ordinal) || path == "/v5/logs/{id}";
        var pattern = Regex.Escape(path).Replace("\\{", "{", StringComparison.Ordinal);
        pattern = Regex.Replace(pattern, "{[a-z_]+}", match => isLog && pattern.EndsWith(match.Value, StringComparison.Ordinal) ? ".*" : "[^/]+");
        return new($"^{pattern}/?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    }
}
