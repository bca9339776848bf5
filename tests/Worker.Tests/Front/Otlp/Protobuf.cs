using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;

namespace Worker.Tests.Front.Otlp;

/// <summary>
/// An export in the protocol's JSON as protobuf, by Google's own writer and the numbers of the definition.
/// </summary>
internal static class Protobuf
{
    public static byte[] Of(string json) => Message(export =>
    {
        foreach (var resource in JsonNode.Parse(json)!["resourceSpans"]!.AsArray())
            Nested(export, 1, message => Resource(message, resource!));
    });

    private static void Resource(CodedOutputStream message, JsonNode resource)
    {
        Nested(message, 1, inner => Attributes(inner, 1, resource["resource"]?["attributes"]));
        foreach (var scope in resource["scopeSpans"]!.AsArray())
        {
            Nested(message, 2, inner =>
            {
                Nested(inner, 1, name => Text(name, 1, (string)scope!["scope"]!["name"]!));
                foreach (var span in scope!["spans"]!.AsArray())
                    Nested(inner, 2, fields => Span(fields, span!));
            });
        }
    }

    private static void Span(CodedOutputStream message, JsonNode span)
    {
        Bytes(message, 1, Hex(span["traceId"]));
        Bytes(message, 2, Hex(span["spanId"]));
        Text(message, 3, "");
        Bytes(message, 4, Hex(span["parentSpanId"]));
        Text(message, 5, (string)span["name"]!);
        Number(message, 6, (ulong)(int)span["kind"]!);
        Fixed(message, 7, (string)span["startTimeUnixNano"]!);
        Fixed(message, 8, (string)span["endTimeUnixNano"]!);
        Attributes(message, 9, span["attributes"]);
        foreach (var happened in span["events"]?.AsArray() ?? [])
        {
            Nested(message, 11, inner =>
            {
                Fixed(inner, 1, (string)happened!["timeUnixNano"]!);
                Text(inner, 2, (string)happened["name"]!);
                Attributes(inner, 3, happened["attributes"]);
            });
        }

        if (span["status"] is { } status)
        {
            Nested(message, 15, inner =>
            {
                Text(inner, 2, (string?)status["message"] ?? "");
                Number(inner, 3, (ulong)(int)status["code"]!);
            });
        }

        if (span["flags"] is { } flags)
        {
            message.WriteTag(16, WireFormat.WireType.Fixed32);
            message.WriteFixed32((uint)(int)flags);
        }
    }

    private static void Attributes(CodedOutputStream message, int field, JsonNode? attributes)
    {
        foreach (var attribute in attributes?.AsArray() ?? [])
        {
            Nested(message, field, pair =>
            {
                Text(pair, 1, (string)attribute!["key"]!);
                Nested(pair, 2, value => Value(value, attribute["value"]!));
            });
        }
    }

    private static void Value(CodedOutputStream message, JsonNode value)
    {
        var (type, given) = value.AsObject().Single();
        switch (type)
        {
            case "stringValue": Text(message, 1, (string)given!); break;
            case "boolValue": Number(message, 2, (bool)given! ? 1u : 0); break;
            case "intValue": Number(message, 3, (ulong)long.Parse((string)given!, CultureInfo.InvariantCulture)); break;
            case "doubleValue":
                message.WriteTag(4, WireFormat.WireType.Fixed64);
                message.WriteDouble((double)given!);
                break;
            case "arrayValue":
                Nested(message, 5, list =>
                {
                    foreach (var item in given!["values"]!.AsArray())
                        Nested(list, 1, inner => Value(inner, item!));
                });
                break;
            default: throw new ArgumentOutOfRangeException(nameof(value));
        }
    }

    private static byte[] Hex(JsonNode? text) => text is null ? [] : Convert.FromHexString((string)text!);

    private static void Nested(CodedOutputStream message, int field, Action<CodedOutputStream> write) => Bytes(message, field, Message(write));

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var message = new CodedOutputStream(bytes, leaveOpen: true))
            write(message);
        return bytes.ToArray();
    }

    private static void Bytes(CodedOutputStream message, int field, byte[] bytes)
    {
        message.WriteTag(field, WireFormat.WireType.LengthDelimited);
        message.WriteBytes(ByteString.CopyFrom(bytes));
    }

    private static void Text(CodedOutputStream message, int field, string text)
    {
        message.WriteTag(field, WireFormat.WireType.LengthDelimited);
        message.WriteString(text);
    }

    private static void Number(CodedOutputStream message, int field, ulong number)
    {
        message.WriteTag(field, WireFormat.WireType.Varint);
        message.WriteUInt64(number);
    }

    private static void Fixed(CodedOutputStream message, int field, string number)
    {
        message.WriteTag(field, WireFormat.WireType.Fixed64);
        message.WriteFixed64(ulong.Parse(number, CultureInfo.InvariantCulture));
    }
}
