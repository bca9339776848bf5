using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>A resource, as it is found on the way: before its spans or after them.</summary>
internal sealed class JsonResource
{
    private List<KeyValuePair<string, JsonValue>>? _attributes;

    /// <summary>Its JSON; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Json { get; set; }

    /// <summary>Once all has been found.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonValue>> Attributes => _attributes ??= Read();

    private List<KeyValuePair<string, JsonValue>> Read()
    {
        var attributes = new List<KeyValuePair<string, JsonValue>>();
        foreach (var (name, part) in JsonParts.Members(Json))
        {
            if (name == "attributes")
                attributes.AddRange(JsonParts.Items(part.Value.Utf8, OtlpLimits.Attributes).SelectMany(Attribute));
        }

        return attributes;
    }

    /// <summary>What cannot be one is left out, because it stands for many spans.</summary>
    private static IEnumerable<KeyValuePair<string, JsonValue>> Attribute(JsonPart item)
    {
        KeyValuePair<string, JsonValue>? attribute;
        try
        {
            attribute = JsonAttributes.Pair(item.Value.Utf8);
        }
        catch (BadSpanException)
        {
            attribute = null;
        }

        return attribute is { } known ? [known] : [];
    }
}
