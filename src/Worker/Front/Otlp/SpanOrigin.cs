using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>Who made a span: what stands once for many of them.</summary>
/// <param name="Resource">The resource's attributes.</param>
/// <param name="Scope">The instrumentation's name; empty where it has none.</param>
internal sealed record SpanOrigin(IReadOnlyList<KeyValuePair<string, JsonValue>> Resource, string Scope)
{
    public static readonly SpanOrigin Unknown = new([], "");

    /// <summary>The text of a resource's attribute; null where there is none, or an empty one.</summary>
    public string? Text(string name)
    {
        foreach (var (key, value) in Resource)
        {
            if (key == name && value.AsText() is { Length: > 0 } text)
                return text;
        }

        return null;
    }
}
