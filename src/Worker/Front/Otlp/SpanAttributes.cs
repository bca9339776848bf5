using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Worker.Front.Otlp;

/// <summary>The attributes of a span, each taken once; what nobody takes is left for the metadata.</summary>
internal sealed class SpanAttributes(IReadOnlyDictionary<string, JsonNode?> attributes)
{
    /// <summary>Names with more dots are not taken apart further.</summary>
    private const int MaxDepth = 32;

    private readonly Dictionary<string, JsonNode?> _left = new(attributes, StringComparer.Ordinal);

    public IReadOnlyDictionary<string, JsonNode?> Left => _left;

    public bool Has(string name) => attributes.ContainsKey(name);

    /// <summary>Without taking it.</summary>
    public string? Peek(string name) => attributes.GetValueOrDefault(name) is { } value ? TextOf(value) : null;

    /// <summary>The first of those that is there and says something; all are taken.</summary>
    public string? Text(params ReadOnlySpan<string> names) => Take(names) is { } value ? TextOf(value) : null;

    /// <summary>As <see cref="Text"/>; null where it is no number.</summary>
    public JsonNode? Number(params ReadOnlySpan<string> names) => Take(names) is { } value && NumberOf(value) is { } number
        ? JsonValue.Create(number)
        : null;

    /// <summary>As <see cref="Text"/>; text that is JSON is what it says.</summary>
    public JsonNode? Json(params ReadOnlySpan<string> names) => Take(names) is { } value ? Parsed(value) : null;

    /// <summary>What stands under a prefix, as the object or list that its names were flattened from.</summary>
    public JsonNode? Tree(string prefix)
    {
        var root = new JsonObject();
        foreach (var (name, value) in attributes)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal) || name.Length == prefix.Length)
                continue;
            _left.Remove(name);
            Put(root, name[prefix.Length..].Split('.', MaxDepth), value);
        }

        return root.Count == 0 ? null : Listed(root);
    }

    /// <summary>Text that is a JSON object or list is that; everything else stays what it is.</summary>
    public static JsonNode? Parsed(JsonNode? value)
    {
        if (value is not JsonValue text || !text.TryGetValue(out string? json) || json.AsSpan().TrimStart() is not ['{' or '[', ..])
            return value?.DeepClone();
        try
        {
            return JsonNode.Parse(json, documentOptions: new() { MaxDepth = 64 });
        }
        catch (JsonException)
        {
            return value.DeepClone();
        }
    }

    /// <summary>Text as it is, anything else as its JSON.</summary>
    public static string TextOf(JsonNode value) =>
        value is JsonValue scalar && scalar.TryGetValue(out string? text) ? text : value.ToJsonString();

    private JsonNode? Take(ReadOnlySpan<string> names)
    {
        JsonNode? found = null;
        foreach (var name in names)
        {
            _left.Remove(name);
            found ??= attributes.GetValueOrDefault(name);
        }

        return found;
    }

    private static double? NumberOf(JsonNode value) => value switch
    {
        JsonValue scalar when scalar.TryGetValue(out long whole) => whole,
        JsonValue scalar when scalar.TryGetValue(out double real) => real,
        JsonValue scalar when scalar.TryGetValue(out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => null,
    };

    private static void Put(JsonObject at, ReadOnlySpan<string> names, JsonNode? value)
    {
        if (names.Length == 1)
        {
            at[names[0]] = value?.DeepClone();
            return;
        }

        // Where a name stands for a value and for what is under it, what is under it says more.
        if (at[names[0]] is not JsonObject inner)
            at[names[0]] = inner = [];
        Put(inner, names[1..], value);
    }

    /// <summary>An object whose names are 0, 1, 2 … was a list.</summary>
    private static JsonNode Listed(JsonObject tree)
    {
        var members = tree.ToList();
        tree.Clear();
        var parts = members.ConvertAll(member => (member.Key, Value: member.Value is JsonObject inner ? Listed(inner) : member.Value));
        if (parts.TrueForAll(part => int.TryParse(part.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            return new JsonArray([.. parts.OrderBy(part => int.Parse(part.Key, CultureInfo.InvariantCulture)).Select(part => part.Value)]);
        foreach (var (name, value) in parts)
            tree[name] = value;
        return tree;
    }
}
