using System.Text.Json.Nodes;
using JsonValue = Worker.Traces.JsonValue;

namespace Worker.Front.Otlp;

/// <summary>The body of the message that a span becomes, while it is gathered.</summary>
internal sealed class LogBody
{
    private readonly Dictionary<string, JsonValue> _members = new(StringComparer.Ordinal);

    public bool Has(string name) => _members.ContainsKey(name);

    /// <summary>Sets what has a value; what was there before gives way.</summary>
    public void Set(string name, JsonValue? value)
    {
        if (value is { } known)
            _members[name] = known;
    }

    public void Set(string name, string? text) => Set(name, text is null ? null : JsonValue.FromText(text));

    /// <summary>An object or list with something in it.</summary>
    public void Set(string name, JsonNode? node)
    {
        if (node is not null and not JsonObject { Count: 0 } and not JsonArray { Count: 0 })
            Set(name, JsonNodes.ToValue(node));
    }

    public void Remove(string name) => _members.Remove(name);

    public ReadOnlyMemory<byte> ToJson() =>
        BodyWriter.With("{}"u8, [.. _members.Select(member => (member.Key, (JsonValue?)member.Value))]);
}
