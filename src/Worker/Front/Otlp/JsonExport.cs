using System.Text.Json;

namespace Worker.Front.Otlp;

/// <summary>
/// Finds the spans of an export in JSON, in one pass over it, and cuts them out. What is not of the shape that is
/// looked for is passed over.
/// </summary>
internal static class JsonExport
{
    private delegate void Visit(ref Utf8JsonReader reader);

    /// <summary>
    /// Throws <see cref="JsonException"/>, <see cref="UnreadableExportException"/> where it is no object, and
    /// <see cref="RefusedRequestException"/> where there are too many.
    /// </summary>
    public static List<(ReadOnlyMemory<byte> Json, JsonScope Scope)> Spans(ReadOnlyMemory<byte> json)
    {
        var spans = new List<(ReadOnlyMemory<byte>, JsonScope)>();
        var reader = new Utf8JsonReader(json.Span, JsonParts.Options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new UnreadableExportException(
                "The body is no JSON object; send an export of spans, in JSON or protobuf");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isResources = reader.ValueTextEquals("resourceSpans"u8) || reader.ValueTextEquals("resource_spans"u8);
            reader.Read();
            Items(ref reader, isResources ? (ref Utf8JsonReader inner) => Resource(ref inner, json, spans) : null);
        }

        // The reader throws here when anything but white space follows the object.
        reader.Read();
        return spans;
    }

    private static void Resource(
        ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, List<(ReadOnlyMemory<byte>, JsonScope)> spans)
    {
        var resource = new JsonResource();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isResource = reader.ValueTextEquals("resource"u8);
            var isScopes = reader.ValueTextEquals("scopeSpans"u8) || reader.ValueTextEquals("scope_spans"u8)
                || reader.ValueTextEquals("instrumentationLibrarySpans"u8);
            reader.Read();
            if (isResource)
                resource.Json = JsonParts.Cut(ref reader, json).Value.Utf8;
            else
                Items(
                    ref reader,
                    isScopes ? (ref Utf8JsonReader inner) => Scope(ref inner, json, new(resource), spans) : null);
        }
    }

    private static void Scope(
        ref Utf8JsonReader reader,
        ReadOnlyMemory<byte> json,
        JsonScope scope,
        List<(ReadOnlyMemory<byte>, JsonScope)> spans)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isScope = reader.ValueTextEquals("scope"u8) || reader.ValueTextEquals("instrumentationLibrary"u8);
            var isSpans = reader.ValueTextEquals("spans"u8);
            reader.Read();
            if (isScope)
                scope.Json = JsonParts.Cut(ref reader, json).Value.Utf8;
            else if (isSpans && reader.TokenType == JsonTokenType.StartArray)
                Spans(ref reader, json, scope, spans);
            else
                reader.Skip();
        }
    }

    private static void Spans(
        ref Utf8JsonReader reader,
        ReadOnlyMemory<byte> json,
        JsonScope scope,
        List<(ReadOnlyMemory<byte>, JsonScope)> spans)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            OtlpLimits.Check(spans.Count + 1);
            spans.Add((JsonParts.Cut(ref reader, json).Value.Utf8, scope));
        }
    }

    /// <summary>Every object of a list; of anything else nothing.</summary>
    private static void Items(ref Utf8JsonReader reader, Visit? visit)
    {
        if (visit is null || reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                visit(ref reader);
            else
                reader.Skip();
        }
    }
}
