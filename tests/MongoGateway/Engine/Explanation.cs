using System.Text.Json;
using MongoDB.Bson;

namespace MongoGateway.Engine;

/// <summary>Tells PostgreSQL's plan in MongoDB's stages, and appends it as it was.</summary>
internal static class Explanation
{
    private static readonly Dictionary<string, string> Functions = new()
    {
        ["find"] = "find",
        ["aggregate"] = "pipeline",
        ["count"] = "count",
        ["distinct"] = "distinct",
    };

    public static async Task<byte[]> ExplainAsync(DocumentEngine engine, Request request)
    {
        var explained = request.Target.AsBsonDocument;
        var command = explained.GetElement(0);
        if (!Functions.TryGetValue(command.Name, out var function))
        {
            throw new CommandException(
                ErrorCode.CommandNotSupported, $"The gateway explains {string.Join(", ", Functions.Keys)}.");
        }

        var json = await engine.QueryAsync(
            $"EXPLAIN (FORMAT JSON) SELECT document FROM documentdb_api_catalog.bson_aggregation_{function}($1, $2::bytea::documentdb_core.bson)",
            static reader => reader.GetString(0), request.Database, explained.ToBson());
        using var plan = JsonDocument.Parse(json);
        return new BsonDocument
        {
            {
                "queryPlanner",
                new BsonDocument { { "namespace", $"{request.Database}.{command.Value}" }, { "winningPlan", Stage(plan.RootElement[0].GetProperty("Plan")) } }
            },
            { "enginePlan", json },
            { "ok", 1.0 },
        }.ToBson();
    }

    private static BsonDocument Stage(JsonElement node)
    {
        var type = Text(node, "Node Type");
        return type switch
        {
            "Custom Scan" when Children(node) is [var only] => Stage(only),
            "Seq Scan" => Named("COLLSCAN"),
            "Index Scan" or "Index Only Scan" or "Bitmap Index Scan" when IsWhole(node) => Named("COLLSCAN"),
            "Index Scan" => Named("FETCH").Add("inputStage", IndexScan(node)),
            "Index Only Scan" or "Bitmap Index Scan" => IndexScan(node),
            "Bitmap Heap Scan" when Children(node) is [var only] && IsWhole(only) => Named("COLLSCAN"),
            "Bitmap Heap Scan" => WithInputs("FETCH", node),
            "BitmapOr" => WithInputs("OR", node),
            "BitmapAnd" => WithInputs("AND_SORTED", node),
            "Sort" or "Incremental Sort" => WithInputs("SORT", node),
            "Limit" => WithInputs("LIMIT", node),
            "Aggregate" => WithInputs("GROUP", node),
            _ => WithInputs(type.ToUpperInvariant().Replace(' ', '_'), node),
        };
    }

    private static BsonDocument IndexScan(JsonElement node) =>
        Named("IXSCAN").Add("indexName", Text(node, "Index Name"));

    /// <summary>
    /// The engine reads a collection from end to end through the index of its primary key, whose first part is one
    /// value for all.
    /// </summary>
    private static bool IsWhole(JsonElement node) =>
        Text(node, "Index Name") == "_id_" && !Text(node, "Index Cond").Contains("object_id", StringComparison.Ordinal);

    private static BsonDocument WithInputs(string stage, JsonElement node) => Children(node) switch
    {
        [] => Named(stage),
        [var one] => Named(stage).Add("inputStage", Stage(one)),
        var many => Named(stage).Add("inputStages", new BsonArray(many.Select(Stage))),
    };

    private static BsonDocument Named(string stage) => new BsonDocument("stage", stage);

    private static List<JsonElement> Children(JsonElement node) =>
        node.TryGetProperty("Plans", out var plans) ? [.. plans.EnumerateArray()] : [];

    private static string Text(JsonElement node, string name) => node.TryGetProperty(name, out var text)
        ? text.GetString() ?? ""
        : "";
}
