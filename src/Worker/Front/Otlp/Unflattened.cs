using System.Globalization;
using System.Text.Json.Nodes;
using JsonValue = Worker.Traces.JsonValue;

namespace Worker.Front.Otlp;

/// <summary>
/// The object that was written as many attributes, a name with dots for each of its leaves. One whose names are 0, 1,
/// 2 … was a list. Texts stay texts.
/// </summary>
internal static class Unflattened
{
    public static JsonObject Of(IEnumerable<KeyValuePair<string, JsonValue>> leaves)
    {
        var root = new JsonObject();
        foreach (var (name, value) in leaves)
        {
            if (name.Length > 0)
                Put(root, name.Split('.', OtlpLimits.Depth), JsonNodes.Leaf(value));
        }

        return Lists(root) as JsonObject ?? root;
    }

    /// <summary>The list whose items begin with their numbers; empty where there is none.</summary>
    public static JsonArray List(IEnumerable<KeyValuePair<string, JsonValue>> leaves)
    {
        var root = new JsonObject();
        foreach (var (name, value) in leaves)
        {
            var parts = name.Split('.', OtlpLimits.Depth);
            if (int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _))
                Put(root, parts, JsonNodes.Leaf(value));
        }

        return root.Count == 0 ? [] : Lists(root) as JsonArray ?? [.. root.Select(item => item.Value?.DeepClone())];
    }

    /// <summary>What has both a value and names under it keeps the names.</summary>
    private static void Put(JsonObject target, ReadOnlySpan<string> path, JsonNode? value)
    {
        for (; path.Length > 1; path = path[1..])
        {
            if (target[path[0]] is not JsonObject next)
                target[path[0]] = next = [];
            target = next;
        }

        if (target[path[0]] is not JsonObject { Count: > 0 })
            target[path[0]] = value;
    }

    private static JsonNode? Lists(JsonNode? node)
    {
        if (node is not JsonObject map)
            return node;
        foreach (var (name, value) in map.ToList())
        {
            if (value is JsonObject && Lists(value) is JsonArray list)
                map[name] = list;
        }

        return map.Count > 0 && map.All(item => IsNumber(item.Key)) ? InOrder(map) : map;
    }

    private static JsonArray InOrder(JsonObject map)
    {
        var items = map
            .OrderBy(item => int.Parse(item.Key, CultureInfo.InvariantCulture))
            .Select(item => item.Value)
            .ToList();
        map.Clear();
        return [.. items];
    }

    private static bool IsNumber(string name) =>
        name.Length < 7 && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
