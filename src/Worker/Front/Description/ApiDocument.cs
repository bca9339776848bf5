using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;

namespace Worker.Front.Description;

/// <summary>
/// The description of the front as OpenAPI 3.1, made once of the routes that are mapped, of what the tables of this
/// folder say of each, and of the tables of fields by which requests are read and answers written. A route of which
/// nothing is said is not in it; a test finds those.
/// </summary>
internal sealed class ApiDocument(EndpointDataSource endpoints)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The headings, in the order in which they stand.</summary>
    private static readonly (string Name, string Words)[] Tags =
    [
        ("Logs", "Logged, updated, read, listed, deleted."),
        ("Spans", "OpenTelemetry's traces, of which Logs are made."),
        ("Files", "What Logs belong to, of every kind."),
        ("Tools", "Their Versions, and what is deployed where."),
        ("Prompts", "Their Versions, what is deployed where, and how they are called."),
        ("Flows", "Their Versions, and what is deployed where."),
        ("Evaluators", "Their Versions, and what is deployed where. Those that the worker runs are files of its own."),
        ("Directories", "As they follow from the paths of Files."),
        ("Datasets", "There are none; who takes everything out asks for them."),
        ("Evaluations", "There are none; who takes everything out asks for them."),
        ("Description", "Of all this."),
    ];

    private readonly Lazy<ReadOnlyMemory<byte>> _json = new(
        () => JsonSerializer.SerializeToUtf8Bytes(Make(endpoints), Options));

    public ReadOnlyMemory<byte> Json => _json.Value;

    private static JsonObject Make(EndpointDataSource endpoints) => new()
    {
        ["openapi"] = "3.1.0",
        ["info"] = new JsonObject
        {
            ["title"] = "Worker",
            ["version"] = typeof(ApiDocument).Assembly.GetName().Version!.ToString(3),
            ["description"] =
                "Logs of Tools, Prompts, Flows and Evaluators, and the Files they belong to: the API, version 5, of a "
                + "service that is gone. What is answered with success is durable, and stored a moment later. What is "
                + "answered 5xx was not taken, and may be sent again; of an export some spans may have been, and sent "
                + "again they change nothing; of a call that failed there is a Log that says so. "
                + "The content type of a request does not matter. "
                + "What the service had besides is answered with 501, what it had given up itself with 410, and "
                + "everything else with 404, each with a sentence.",
        },
        ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
        ["security"] = new JsonArray(
            new JsonObject { ["ApiKey"] = new JsonArray() },
            new JsonObject { ["Bearer"] = new JsonArray() },
            new JsonObject()),
        ["tags"] = new JsonArray(
            [.. Tags.Select(tag => new JsonObject { ["name"] = tag.Name, ["description"] = tag.Words })]),
        ["paths"] = Paths(endpoints),
        ["components"] = new JsonObject { ["schemas"] = Schemas(), ["securitySchemes"] = Keys() },
    };

    private static JsonObject Paths(EndpointDataSource endpoints)
    {
        var said = LogOperations.All()
            .Concat(FileOperations.All())
            .Concat(DirectoryOperations.All())
            .Concat(SpanOperations.All())
            .Concat(CallOperations.All())
            .ToDictionary(each => each.Route, each => each.Operation, StringComparer.Ordinal);
        var paths = new JsonObject();
        foreach (var route in ApiRoute.Of(endpoints).OrderBy(route => route.Path, StringComparer.Ordinal))
        {
            if (!said.TryGetValue(route.Name, out var operation))
                continue;
            if (!paths.ContainsKey(route.Path))
                paths[route.Path] = new JsonObject();
            paths[route.Path]![route.Method.ToLowerInvariant()] = OperationJson.Of(route, operation);
        }

        return paths;
    }

    private static JsonObject Schemas()
    {
        var schemas = new JsonObject();
        LogSchemas.AddTo(schemas);
        FileSchemas.AddTo(schemas);
        DirectoryOperations.AddTo(schemas);
        CallOperations.AddTo(schemas);
        FaultSchemas.AddTo(schemas);
        return schemas;
    }

    private static JsonObject Keys() => new()
    {
        ["ApiKey"] = new JsonObject
        {
            ["type"] = "apiKey", ["in"] = "header", ["name"] = KeyGuard.Header,
            ["description"] = "A key that worker keys create has made. "
                + "As long as there is none, whoever is on the same machine needs none.",
        },
        ["Bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "The same key." },
    };
}
