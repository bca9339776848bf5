using System.Text;
using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>
/// The spans of an <c>ExportTraceServiceRequest</c> in protobuf; the numbers are those of its definition.
/// </summary>
internal static class ProtobufSpans
{
    /// <summary>
    /// Throws <see cref="UnreadableExportException"/>, and <see cref="RefusedRequestException"/> where there are too
    /// many.
    /// </summary>
    public static IEnumerable<ReadSpan> Read(ReadOnlyMemory<byte> body)
    {
        var spans = new List<ReadSpan>();
        foreach (var span in Spans(body))
        {
            OtlpLimits.Check(spans.Count + 1);
            spans.Add(Read(span.Message.Span, span.Origin));
        }

        return spans;
    }

    private static IEnumerable<(ReadOnlyMemory<byte> Message, SpanOrigin Origin)> Spans(ReadOnlyMemory<byte> body) =>
        from resource in Fields(body, 1)
        let attributes = Resource(resource.Span)
        from scope in Fields(resource, 2).Concat(Fields(resource, 1_000))
        let origin = new SpanOrigin(attributes, Scope(scope.Span))
        from span in Fields(scope, 2)
        select (span, origin);

    /// <summary>Every field of that number, in place; of those that are far too many, one more than may be.</summary>
    private static List<ReadOnlyMemory<byte>> Fields(ReadOnlyMemory<byte> message, int field)
    {
        var fields = new List<ReadOnlyMemory<byte>>();
        var reader = new ProtobufReader(message.Span);
        while (fields.Count <= OtlpLimits.Spans && reader.Read())
        {
            if (reader.Field != field)
                continue;
            message.Span.Overlaps(reader.Bytes, out var offset);
            fields.Add(reader.Bytes.IsEmpty ? default : message.Slice(offset, reader.Bytes.Length));
        }

        return fields;
    }

    private static List<KeyValuePair<string, JsonValue>> Resource(ReadOnlySpan<byte> message)
    {
        var attributes = new List<KeyValuePair<string, JsonValue>>();
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if (reader.Field != 1)
                continue;
            var resource = new ProtobufReader(reader.Bytes);
            while (resource.Read())
            {
                if (resource.Field == 1 && attributes.Count < OtlpLimits.Attributes
                    && OfResource(resource.Bytes) is { } attribute)
                    attributes.Add(attribute);
            }
        }

        return attributes;
    }

    /// <summary>A resource's attribute; what cannot be one is left out, because it stands for many spans.</summary>
    private static KeyValuePair<string, JsonValue>? OfResource(ReadOnlySpan<byte> message)
    {
        try
        {
            return ProtobufAttributes.Pair(message);
        }
        catch (BadSpanException)
        {
            return null;
        }
    }

    private static string Scope(ReadOnlySpan<byte> message)
    {
        var name = "";
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if (reader.Field != 1)
                continue;
            var scope = new ProtobufReader(reader.Bytes);
            while (scope.Read())
                name = scope.Field == 1 ? Encoding.UTF8.GetString(scope.Bytes) : name;
        }

        return name;
    }

    private static ReadSpan Read(ReadOnlySpan<byte> message, SpanOrigin origin)
    {
        try
        {
            return new(Span(message, origin), null);
        }
        catch (BadSpanException exception)
        {
            return new(null, exception.Message);
        }
    }

    private static Span Span(ReadOnlySpan<byte> message, SpanOrigin origin)
    {
        OtlpLimits.CheckSize(message.Length);
        ReadOnlySpan<byte> traceId = default, spanId = default, parent = default;
        var (name, kind, start, end, flags) = ("", SpanKind.Unspecified, 0ul, 0ul, 0u);
        var (attributes, isError, status) = (new SpanAttributes(), false, "");
        List<SpanEvent> events = [];
        List<SpanLink> links = [];
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1: traceId = reader.Bytes; break;
                case 2: spanId = reader.Bytes; break;
                case 4: parent = reader.Bytes; break;
                case 5: name = Encoding.UTF8.GetString(reader.Bytes); break;
                case 6: kind = (SpanKind)Math.Min(reader.Number, (ulong)SpanKind.Consumer); break;
                case 7: start = reader.Number; break;
                case 8: end = reader.Number; break;
                case 9: Add(attributes, reader.Bytes); break;
                case 11 when events.Count < OtlpLimits.Events: events.Add(Event(reader.Bytes)); break;
                case 13 when links.Count < OtlpLimits.Events && Link(reader.Bytes) is { } link: links.Add(link); break;
                case 15: (isError, status) = Status(reader.Bytes); break;
                case 16: flags = (uint)reader.Number; break;
            }
        }

        return new()
        {
            TraceId = SpanIds.Trace(traceId), SpanId = SpanIds.Span(spanId), ParentSpanId = SpanIds.Parent(parent),
            Name = name, Kind = kind, StartUnixNano = start, EndUnixNano = end, Flags = flags, Attributes = attributes,
            Events = events, Links = links, IsError = isError, StatusMessage = status, Origin = origin,
        };
    }

    private static void Add(SpanAttributes attributes, ReadOnlySpan<byte> message)
    {
        var (key, value) = ProtobufAttributes.Pair(message);
        attributes.Add(key, value);
    }

    private static SpanEvent Event(ReadOnlySpan<byte> message)
    {
        var (name, at, attributes) = ("", 0ul, new SpanAttributes());
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1: at = reader.Number; break;
                case 2: name = Encoding.UTF8.GetString(reader.Bytes); break;
                case 3: Add(attributes, reader.Bytes); break;
            }
        }

        return new(name, at, attributes);
    }

    private static SpanLink? Link(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> trace = default, span = default;
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if (reader.Field == 1)
                trace = reader.Bytes;
            else if (reader.Field == 2)
                span = reader.Bytes;
        }

        return SpanIds.Link(trace, span);
    }

    private static (bool IsError, string Message) Status(ReadOnlySpan<byte> message)
    {
        var (isError, text) = (false, "");
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if (reader.Field == 2)
                text = Encoding.UTF8.GetString(reader.Bytes);
            else if (reader.Field == 3)
                isError = reader.Number == 2;
        }

        return (isError, text);
    }
}
