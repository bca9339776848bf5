using System.Text.Json.Nodes;
using Google.Protobuf;

namespace Worker.Front.Otlp;

/// <summary>
/// OTLP as Protocol Buffers. The handful of messages that a request is made of is read by field numbers; what is not
/// known is passed over.
/// </summary>
internal static class OtlpProtobuf
{
    private const int MaxDepth = 32;

    /// <summary>Throws <see cref="OtlpFormatException"/>.</summary>
    public static OtlpBatch Read(ReadOnlyMemory<byte> body)
    {
        var (spans, faults) = (new List<OtlpSpan>(), new List<string>());
        try
        {
            foreach (var resourceSpans in Messages(ByteString.CopyFrom(body.Span), 1))
                Read(resourceSpans, spans, faults);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new OtlpFormatException($"The body is no ExportTraceServiceRequest in Protocol Buffers: {exception.Message}", exception);
        }

        return new(spans, faults);
    }

    private static void Read(ByteString resourceSpans, List<OtlpSpan> spans, List<string> faults)
    {
        var resource = Messages(resourceSpans, 1).Select(each => Attributes(each, 1)).FirstOrDefault() ?? [];
        foreach (var scopeSpans in Messages(resourceSpans, 2))
        {
            var scope = Messages(scopeSpans, 1).Select(Name).FirstOrDefault();
            foreach (var span in Messages(scopeSpans, 2))
                Add(span, scope, resource, spans, faults);
        }
    }

    private static void Add(
        ByteString message, string? scope, Dictionary<string, JsonNode?> resource, List<OtlpSpan> spans, List<string> faults)
    {
        string? traceId = null, spanId = null, parentId = null, statusMessage = null;
        var name = "";
        ulong start = 0, end = 0, flags = 0;
        var failed = false;
        var attributes = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        var events = new List<OtlpEvent>();
        var input = message.CreateCodedInput();
        while (input.ReadTag() is > 0 and var tag)
        {
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case (1, WireFormat.WireType.LengthDelimited): traceId = Id(input.ReadBytes(), 16); break;
                case (2, WireFormat.WireType.LengthDelimited): spanId = Id(input.ReadBytes(), 8); break;
                case (4, WireFormat.WireType.LengthDelimited): parentId = Id(input.ReadBytes(), 8); break;
                case (5, WireFormat.WireType.LengthDelimited): name = input.ReadString(); break;
                case (7, WireFormat.WireType.Fixed64): start = input.ReadFixed64(); break;
                case (8, WireFormat.WireType.Fixed64): end = input.ReadFixed64(); break;
                case (9, WireFormat.WireType.LengthDelimited): AddPair(attributes, input.ReadBytes(), 0); break;
                case (11, WireFormat.WireType.LengthDelimited): events.Add(Event(input.ReadBytes())); break;
                case (15, WireFormat.WireType.LengthDelimited): (failed, statusMessage) = Status(input.ReadBytes()); break;
                case (16, WireFormat.WireType.Fixed32): flags = input.ReadFixed32(); break;
                default: input.SkipLastField(); break;
            }
        }

        var (from, to) = ((long)(start / 1000), (long)(end / 1000));
        if (OtlpFaults.Of(traceId, spanId, from, to) is { } fault)
        {
            faults.Add(fault);
            return;
        }

        spans.Add(new()
        {
            TraceId = traceId!,
            SpanId = spanId!,
            ParentSpanId = parentId,
            IsParentRemote = OtlpFlags.SayRemote((uint)flags),
            Name = name,
            Scope = scope,
            Start = from,
            End = to,
            Failed = failed,
            StatusMessage = statusMessage,
            Attributes = attributes,
            Resource = resource,
            Events = events,
        });
    }

    private static OtlpEvent Event(ByteString message)
    {
        var input = message.CreateCodedInput();
        var name = "";
        while (input.ReadTag() is > 0 and var tag)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 2)
                name = input.ReadString();
            else
                input.SkipLastField();
        }

        return new(name, Attributes(message, 3));
    }

    private static (bool Failed, string? Message) Status(ByteString message)
    {
        var (input, code, text) = (message.CreateCodedInput(), 0, "");
        while (input.ReadTag() is > 0 and var tag)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 2: text = input.ReadString(); break;
                case 3: code = input.ReadEnum(); break;
                default: input.SkipLastField(); break;
            }
        }

        return (code == 2, text.Length > 0 ? text : null);
    }

    private static string Name(ByteString scope)
    {
        var input = scope.CreateCodedInput();
        while (input.ReadTag() is > 0 and var tag)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 1)
                return input.ReadString();
            input.SkipLastField();
        }

        return "";
    }

    private static Dictionary<string, JsonNode?> Attributes(ByteString message, int field)
    {
        var attributes = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var pair in Messages(message, field))
            AddPair(attributes, pair, 0);
        return attributes;
    }

    private static void AddPair(IDictionary<string, JsonNode?> pairs, ByteString message, int depth)
    {
        var (input, key) = (message.CreateCodedInput(), "");
        JsonNode? value = null;
        while (input.ReadTag() is > 0 and var tag)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1: key = input.ReadString(); break;
                case 2: value = Value(input.ReadBytes(), depth); break;
                default: input.SkipLastField(); break;
            }
        }

        pairs[key] = value;
    }

    private static JsonNode? Value(ByteString message, int depth)
    {
        if (depth > MaxDepth)
            return null;
        var input = message.CreateCodedInput();
        while (input.ReadTag() is > 0 and var tag)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1: return JsonValue.Create(input.ReadString());
                case 2: return JsonValue.Create(input.ReadBool());
                case 3: return JsonValue.Create(input.ReadInt64());
                case 4: return input.ReadDouble() is var real && double.IsFinite(real) ? JsonValue.Create(real) : null;
                case 5: return new JsonArray([.. Messages(input.ReadBytes(), 1).Select(each => Value(each, depth + 1))]);
                case 6:
                    var pairs = new JsonObject();
                    foreach (var pair in Messages(input.ReadBytes(), 1))
                        AddPair(pairs, pair, depth + 1);
                    return pairs;
                case 7: return JsonValue.Create(input.ReadBytes().ToBase64());
                default: input.SkipLastField(); break;
            }
        }

        return null;
    }

    /// <summary>The messages of a field that occurs any number of times.</summary>
    private static List<ByteString> Messages(ByteString message, int field)
    {
        var (input, found) = (message.CreateCodedInput(), new List<ByteString>());
        while (input.ReadTag() is > 0 and var tag)
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
                found.Add(input.ReadBytes());
            else
                input.SkipLastField();
        }

        return found;
    }

    private static string? Id(ByteString id, int bytes) =>
        id.Length == bytes ? Convert.ToHexStringLower(id.Span) : null;
}
