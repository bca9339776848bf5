using System.Text.Json;
using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>
/// The spans of an export in JSON: as the protocol has it, as what prints any protobuf message as JSON has it (ids in
/// base64, enums by name), and with times as numbers, texts, or halves.
/// </summary>
internal static class JsonSpans
{
    /// <summary>One by one. Throws <see cref="UnreadableExportException"/>, at once, where it is no export.</summary>
    public static IEnumerable<ReadSpan> Read(ReadOnlyMemory<byte> body)
    {
        var json = Clean(body);
        return Flatten(json);
    }

    private static ReadOnlyMemory<byte> Clean(ReadOnlyMemory<byte> body)
    {
        if (JsonBody.Clean(body) is not { } clean)
            throw new UnreadableExportException("The body is not UTF-8 text; send an export of spans, in JSON or protobuf");
        try
        {
            return IsObject(clean) ? clean : throw NoObject();
        }
        catch (JsonException exception)
        {
            return NonNumbers.Replace(clean.Span)?.Json is { } repaired && IsRepaired(repaired)
                ? repaired
                : throw new UnreadableExportException(
                    $"The body is not JSON from line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1} on; send it whole", exception);
        }
    }

    private static bool IsObject(ReadOnlyMemory<byte> json) => JsonParts.IsObject(json);

    private static bool IsRepaired(ReadOnlyMemory<byte> repaired)
    {
        try
        {
            return IsObject(repaired);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static UnreadableExportException NoObject() =>
        new("The body is no JSON object; send an export of spans, in JSON or protobuf");

    private static IEnumerable<ReadSpan> Flatten(ReadOnlyMemory<byte> json) =>
        from resource in Lists(JsonParts.Members(json), "resourceSpans", "resource_spans")
        let members = JsonParts.Members(resource)
        let attributes = Resource(members)
        from scope in Lists(members, "scopeSpans", "scope_spans", "instrumentationLibrarySpans")
        let parts = JsonParts.Members(scope)
        let origin = new SpanOrigin(attributes, Scope(parts))
        from span in Lists(parts, "spans")
        select Read(span, origin);

    private static IEnumerable<ReadOnlyMemory<byte>> Lists(
        List<(string Name, JsonPart Part)> members, params string[] names) =>
        members.Where(member => names.Contains(member.Name, StringComparer.Ordinal))
            .SelectMany(member => JsonParts.Items(member.Part.Value.Utf8))
            .Select(item => item.Value.Utf8);

    private static List<KeyValuePair<string, JsonValue>> Resource(List<(string Name, JsonPart Part)> members)
    {
        var attributes = new List<KeyValuePair<string, JsonValue>>();
        foreach (var (name, part) in members.Where(member => member.Name == "resource").SelectMany(member => JsonParts.Members(member.Part.Value.Utf8)))
        {
            if (name == "attributes")
                attributes.AddRange(JsonParts.Items(part.Value.Utf8).Take(OtlpLimits.Attributes).SelectMany(OfResource));
        }

        return attributes;
    }

    /// <summary>A resource's attribute; what cannot be one is left out, because it stands for many spans.</summary>
    private static IEnumerable<KeyValuePair<string, JsonValue>> OfResource(JsonPart item)
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

    private static string Scope(List<(string Name, JsonPart Part)> parts) =>
        parts.Where(part => part.Name is "scope" or "instrumentationLibrary")
            .SelectMany(part => JsonParts.Members(part.Part.Value.Utf8))
            .Where(member => member.Name == "name")
            .Select(member => member.Part.Text)
            .LastOrDefault() ?? "";

    private static ReadSpan Read(ReadOnlyMemory<byte> json, SpanOrigin origin)
    {
        try
        {
            return new(Span(json, origin), null);
        }
        catch (BadSpanException exception)
        {
            return new(null, exception.Message);
        }
    }

    private static Span Span(ReadOnlyMemory<byte> json, SpanOrigin origin)
    {
        string? traceId = null, spanId = null, parent = null, name = null;
        var (kind, start, end, flags) = (SpanKind.Unspecified, 0ul, 0ul, 0ul);
        var (attributes, isError, message) = (new SpanAttributes(), false, "");
        List<SpanEvent> events = [];
        List<SpanLink> links = [];
        foreach (var (member, part) in JsonParts.Members(json))
        {
            switch (member)
            {
                case "traceId" or "trace_id": traceId = part.Text; break;
                case "spanId" or "span_id": spanId = part.Text; break;
                case "parentSpanId" or "parent_span_id": parent = part.Text; break;
                case "name": name = part.Text; break;
                case "kind": kind = Kind(part); break;
                case "startTimeUnixNano" or "start_time_unix_nano": start = JsonNumbers.Whole(part); break;
                case "endTimeUnixNano" or "end_time_unix_nano": end = JsonNumbers.Whole(part); break;
                case "flags": flags = JsonNumbers.Whole(part); break;
                case "attributes": JsonAttributes.Read(part, attributes); break;
                case "events": events = Events(part); break;
                case "links": links = Links(part); break;
                case "status": (isError, message) = Status(part); break;
            }
        }

        return new()
        {
            TraceId = SpanIds.Trace(traceId), SpanId = SpanIds.Span(spanId), ParentSpanId = SpanIds.Parent(parent), Name = name ?? "",
            Kind = kind, StartUnixNano = start, EndUnixNano = end, Flags = (uint)flags, Attributes = attributes, Events = events,
            Links = links, IsError = isError, StatusMessage = message, Origin = origin,
        };
    }

    private static SpanKind Kind(JsonPart part) => part.Text is { } text
        ? Enum.TryParse<SpanKind>(text.Replace("SPAN_KIND_", "", StringComparison.OrdinalIgnoreCase), ignoreCase: true, out var named) ? named : default
        : (SpanKind)Math.Min(JsonNumbers.Whole(part), 5);

    private static (bool IsError, string Message) Status(JsonPart status)
    {
        var (isError, message) = (false, "");
        foreach (var (name, part) in JsonParts.Members(status.Value.Utf8))
        {
            if (name == "code")
                isError = part.Text is { } text ? text is "STATUS_CODE_ERROR" or "2" : JsonNumbers.Whole(part) == 2;
            else if (name == "message")
                message = part.Text ?? "";
        }

        return (isError, message);
    }

    private static List<SpanEvent> Events(JsonPart list)
    {
        var events = new List<SpanEvent>();
        foreach (var item in JsonParts.Items(list.Value.Utf8).Take(OtlpLimits.Events))
        {
            var (name, at, attributes) = ("", 0ul, new SpanAttributes());
            foreach (var (member, part) in JsonParts.Members(item.Value.Utf8))
            {
                switch (member)
                {
                    case "name": name = part.Text ?? ""; break;
                    case "timeUnixNano" or "time_unix_nano": at = JsonNumbers.Whole(part); break;
                    case "attributes": JsonAttributes.Read(part, attributes); break;
                }
            }

            events.Add(new(name, at, attributes));
        }

        return events;
    }

    private static List<SpanLink> Links(JsonPart list)
    {
        var links = new List<SpanLink>();
        foreach (var item in JsonParts.Items(list.Value.Utf8).Take(OtlpLimits.Events))
        {
            var members = JsonParts.Members(item.Value.Utf8);
            if (SpanIds.Link(Text(members, "traceId", "trace_id"), Text(members, "spanId", "span_id")) is { } link)
                links.Add(link);
        }

        return links;
    }

    private static string? Text(List<(string Name, JsonPart Part)> members, string name, string other) =>
        members.LastOrDefault(member => member.Name == name || member.Name == other).Part.Text;
}
