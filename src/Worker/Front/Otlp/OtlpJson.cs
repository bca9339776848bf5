using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Worker.Front.Otlp;

/// <summary>
/// OTLP in JSON, as it is specified and as clients write it: names in camel or in snake case; ids in hex or, as
/// Protocol Buffers write bytes, in base64; numbers as numbers or as text.
/// </summary>
internal static class OtlpJson
{
    private const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowTrailingCommas = true };

    /// <summary>Throws <see cref="OtlpFormatException"/>.</summary>
    public static OtlpBatch Read(ReadOnlyMemory<byte> body)
    {
        var (spans, faults) = (new List<OtlpSpan>(), new List<string>());
        using var document = Parse(body);
        foreach (var resourceSpans in Items(document.RootElement, "resourceSpans", "resource_spans"))
        {
            var resource = Attributes(Member(resourceSpans, "resource"));
            foreach (var scopeSpans in Items(resourceSpans, "scopeSpans", "scope_spans", "instrumentationLibrarySpans"))
            {
                var scope = Text(Member(scopeSpans, "scope", "instrumentationLibrary"), "name");
                foreach (var span in Items(scopeSpans, "spans"))
                    Add(span, scope, resource, spans, faults);
            }
        }

        return new(spans, faults);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var document = JsonDocument.Parse(body, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : throw new OtlpFormatException("The body is no JSON object; send an ExportTraceServiceRequest.");
        }
        catch (JsonException exception)
        {
            throw new OtlpFormatException($"The body is no JSON: {exception.Message}", exception);
        }
    }

    private static void Add(
        JsonElement span, string? scope, Dictionary<string, JsonNode?> resource, List<OtlpSpan> spans, List<string> faults)
    {
        var status = Member(span, "status");
        var (traceId, spanId) = (Id(span, 16, "traceId", "trace_id"), Id(span, 8, "spanId", "span_id"));
        var (start, end) = (Time(span, "startTimeUnixNano", "start_time_unix_nano"), Time(span, "endTimeUnixNano", "end_time_unix_nano"));
        if (OtlpFaults.Of(traceId, spanId, start, end) is { } fault)
        {
            faults.Add(fault);
            return;
        }

        var flags = Number(span, "flags") ?? 0;
        spans.Add(new()
        {
            TraceId = traceId!,
            SpanId = spanId!,
            ParentSpanId = Id(span, 8, "parentSpanId", "parent_span_id"),
            IsParentRemote = OtlpFlags.SayRemote((uint)flags),
            Name = Text(span, "name") ?? "",
            Scope = scope,
            Start = start!.Value,
            End = end!.Value,
            Failed = Text(status, "code") is "STATUS_CODE_ERROR" or "2" || Number(status, "code") == 2,
            StatusMessage = Text(status, "message"),
            Attributes = Attributes(span),
            Resource = resource,
            Events = [.. Items(span, "events").Select(each => new OtlpEvent(Text(each, "name") ?? "", Attributes(each)))],
        });
    }

    private static Dictionary<string, JsonNode?> Attributes(JsonElement of)
    {
        var attributes = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var attribute in Items(of, "attributes"))
        {
            if (Text(attribute, "key") is { } key)
                attributes[key] = Value(Member(attribute, "value"));
        }

        return attributes;
    }

    private static JsonNode? Value(JsonElement any)
    {
        if (any.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var member in any.EnumerateObject())
        {
            switch (member.Name)
            {
                case "stringValue" or "string_value" or "bytesValue" or "bytes_value" when member.Value.ValueKind == JsonValueKind.String:
                    return JsonValue.Create(member.Value.GetString());
                case "boolValue" or "bool_value" when member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    return JsonValue.Create(member.Value.GetBoolean());
                case "intValue" or "int_value":
                    return Whole(member.Value) is { } whole ? JsonValue.Create(whole) : null;
                case "doubleValue" or "double_value":
                    return Real(member.Value) is { } real ? JsonValue.Create(real) : null;
                case "arrayValue" or "array_value":
                    return new JsonArray([.. Items(member.Value, "values").Select(Value)]);
                case "kvlistValue" or "kvlist_value":
                    var pairs = new JsonObject();
                    foreach (var pair in Items(member.Value, "values"))
                        pairs[Text(pair, "key") ?? ""] = Value(Member(pair, "value"));
                    return pairs;
            }
        }

        return null;
    }

    private static long? Whole(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.String when long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static double? Real(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
        JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => null,
    };

    /// <summary>In microseconds. One client writes nanoseconds as a number that a double has rounded.</summary>
    private static long? Time(JsonElement span, params ReadOnlySpan<string> names)
    {
        var time = Member(span, names);
        if (Whole(time) is { } whole)
            return whole / 1000;
        return Real(time) is { } real and >= 0 and < 9e18 ? (long)(real / 1000) : null;
    }

    private static string? Id(JsonElement span, int bytes, params ReadOnlySpan<string> names)
    {
        if (Member(span, names) is not { ValueKind: JsonValueKind.String } id || id.GetString() is not { Length: > 0 } text)
            return null;
        if (text.Length == 2 * bytes && text.All(char.IsAsciiHexDigit))
            return text.ToLowerInvariant();
        Span<byte> decoded = stackalloc byte[bytes];
        return text.Length <= 2 * bytes && Convert.TryFromBase64String(text, decoded, out var written) && written == bytes
            ? Convert.ToHexStringLower(decoded)
            : null;
    }

    private static double? Number(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value) ? value : null;

    private static string? Text(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement of, params ReadOnlySpan<string> names) =>
        Member(of, names) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : default;

    private static JsonElement Member(JsonElement of, params ReadOnlySpan<string> names)
    {
        if (of.ValueKind != JsonValueKind.Object)
            return default;
        foreach (var name in names)
        {
            if (of.TryGetProperty(name, out var member))
                return member;
        }

        return default;
    }
}
