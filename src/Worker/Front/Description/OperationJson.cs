using System.Globalization;
using System.Text.Json.Nodes;

namespace Worker.Front.Description;

/// <summary>An operation as OpenAPI has it, with what holds for all.</summary>
internal static class OperationJson
{
    private static readonly Dictionary<string, string> PathWords = new(StringComparer.Ordinal)
    {
        ["id"] = "The id. It may hold anything: it is percent-encoded, and a slash of a Log's id may stand as it is.",
        ["log_id"] = "The Log. It may hold anything: it is percent-encoded, and a slash may stand as it is.",
        ["environment"] = "The name of the Environment.",
    };

    public static JsonObject Of(ApiRoute route, Operation operation)
    {
        var json = new JsonObject
        {
            ["operationId"] = operation.Id, ["tags"] = new JsonArray(operation.Tag), ["summary"] = operation.Summary,
        };
        if (Words(route, operation) is { Length: > 0 } words)
            json["description"] = words;
        if (route.Role is null)
            json["security"] = new JsonArray();
        var parameters = new JsonArray(
            [.. route.Parameters.Select(InPath), .. operation.Parameters.Select(parameter => parameter.ToJson())]);
        if (parameters.Count > 0)
            json["parameters"] = parameters;
        if (operation.Body is not null)
            json["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject(operation.BodyTypes.Select(type => KeyValuePair.Create<string, JsonNode?>(
                    type,
                    type == "application/json" ? new JsonObject { ["schema"] = operation.Body.DeepClone() } : []))),
            };
        json["responses"] = Answers(route, operation);
        return json;
    }

    private static string Words(ApiRoute route, Operation operation) => string.Join(' ', new[]
    {
        operation.Words,
        route.Role is { } role
            ? $"Needs a key with the role {role.ToString().ToLowerInvariant()}, where there are keys."
            : null,
    }.OfType<string>());

    private static JsonObject InPath(string name) => new()
    {
        ["name"] = name,
        ["in"] = "path",
        ["required"] = true,
        ["description"] = PathWords[name],
        ["schema"] = Schema.Text(),
    };

    private static JsonObject Answers(ApiRoute route, Operation operation) => new(
        operation.Answers.Concat(OfEvery(route)).DistinctBy(answer => answer.Status).OrderBy(answer => answer.Status)
            .Select(answer => KeyValuePair.Create<string, JsonNode?>(
                answer.Status.ToString(CultureInfo.InvariantCulture), answer.ToJson())));

    private static IEnumerable<Answer> OfEvery(ApiRoute route)
    {
        const string Strange =
            "Without keys: the Host is no name of this machine's loopback, or a web page of another origin asks.";
        yield return Answer.Fault(403, route.Role is null
            ? Strange
            : $"The key is not for that, or not for that File; what was to be saved runs code. {Strange}");
        yield return Answer.Fault(500, "The front failed by a fault of its own; nothing was taken.");
        yield return Answer.Fault(
            503,
            "Nothing was taken: neither the broker nor the local file takes it, too much is in hand, or the store does "
            + "not answer.") with
        {
            Headers = [("Retry-After", "Seconds.")],
        };
        if (route.Role is null)
            yield break;
        yield return Answer.Fault(401, "There are keys, and none came that opens.");
        yield return Answer.Fault(429, "The key asks more often than it may.") with
        {
            Headers = [("Retry-After", "Seconds.")],
        };
    }
}
