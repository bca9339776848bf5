using System.Text.Json;
using Worker.Ingestion;

namespace Worker.Front.Otlp;

/// <summary>
/// The spans of an export in JSON: as the protocol has it, as what prints any protobuf message as JSON has it (ids in
/// base64, enums by name), and with times as numbers, texts, or halves.
/// </summary>
internal static class JsonSpans
{
    /// <summary>
    /// Throws <see cref="UnreadableExportException"/>, and <see cref="RefusedRequestException"/> where there are too
    /// many.
    /// </summary>
    public static IEnumerable<ReadSpan> Read(ReadOnlyMemory<byte> body)
    {
        if (JsonBody.Clean(body) is not { } json)
            throw new UnreadableExportException(
                "The body is not UTF-8 text; send an export of spans, in JSON or protobuf");
        try
        {
            return Read(JsonExport.Spans(json));
        }
        catch (JsonException exception)
        {
            return NonNumbers.Replace(json.Span)?.Json is { } repaired
                ? ReadRepaired(repaired)
                : throw Unreadable(exception);
        }
    }

    private static List<ReadSpan> ReadRepaired(ReadOnlyMemory<byte> json)
    {
        try
        {
            return Read(JsonExport.Spans(json));
        }
        catch (JsonException exception)
        {
            throw Unreadable(exception);
        }
    }

    private static UnreadableExportException Unreadable(JsonException exception) => new(
        $"The body is not JSON from line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1} on; "
            + "send it whole",
        exception);

    private static List<ReadSpan> Read(List<(ReadOnlyMemory<byte> Json, JsonScope Scope)> spans) =>
        spans.ConvertAll(span => Read(span.Json, span.Scope.Origin));

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
        OtlpLimits.CheckSize(json.Length);
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
            TraceId = SpanIds.Trace(traceId), SpanId = SpanIds.Span(spanId), ParentSpanId = SpanIds.Parent(parent),
            Name = name ?? "", Kind = kind, StartUnixNano = start, EndUnixNano = end, Flags = (uint)flags,
            Attributes = attributes, Events = events, Links = links, IsError = isError, StatusMessage = message,
            Origin = origin,
        };
    }

    private static SpanKind Kind(JsonPart part)
    {
        if (part.Text is not { } text)
            return (SpanKind)Math.Min(JsonNumbers.Whole(part), (ulong)SpanKind.Consumer);
        var name = text.Replace("SPAN_KIND_", "", StringComparison.OrdinalIgnoreCase);
        return Enum.TryParse<SpanKind>(name, ignoreCase: true, out var kind) && Enum.IsDefined(kind) ? kind : default;
    }

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
        foreach (var item in JsonParts.Items(list.Value.Utf8, OtlpLimits.Events))
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
        foreach (var item in JsonParts.Items(list.Value.Utf8, OtlpLimits.Events))
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
