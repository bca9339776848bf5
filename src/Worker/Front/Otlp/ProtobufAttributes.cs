using System.Buffers;
using System.Globalization;
using System.Text;
using Worker.Traces;

namespace Worker.Front.Otlp;

/// <summary>Attributes in protobuf, as the plain JSON that they stand for.</summary>
internal static class ProtobufAttributes
{
    private static readonly JsonValue Null = JsonValue.Parse("null");
    private static readonly JsonValue True = JsonValue.Parse("true");
    private static readonly JsonValue False = JsonValue.Parse("false");

    /// <summary>A <c>KeyValue</c>. Throws <see cref="BadSpanException"/>.</summary>
    public static KeyValuePair<string, JsonValue> Pair(ReadOnlySpan<byte> message) => Pair(message, 0);

    private static KeyValuePair<string, JsonValue> Pair(ReadOnlySpan<byte> message, int depth)
    {
        var (key, value) = ("", Null);
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if (reader.Field == 1)
                key = Encoding.UTF8.GetString(reader.Bytes);
            else if (reader.Field == 2)
                value = Value(reader.Bytes, depth);
        }

        return new(key, value);
    }

    /// <summary>An <c>AnyValue</c>.</summary>
    private static JsonValue Value(ReadOnlySpan<byte> message, int depth)
    {
        if (depth >= OtlpLimits.Depth)
            throw new BadSpanException($"The value of an attribute nests deeper than {OtlpLimits.Depth}; flatten it");
        var value = Null;
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            value = reader.Field switch
            {
                1 => JsonValue.FromText(Encoding.UTF8.GetString(reader.Bytes)),
                2 => reader.Number != 0 ? True : False,
                3 => JsonValue.Parse(((long)reader.Number).ToString(CultureInfo.InvariantCulture)),
                4 => Double(BitConverter.UInt64BitsToDouble(reader.Number)),
                5 => Array(reader.Bytes, depth),
                6 => Map(reader.Bytes, depth),
                7 => JsonValue.FromText(Convert.ToBase64String(reader.Bytes)),
                _ => value,
            };
        }

        return value;
    }

    /// <summary>As the protocol's JSON has those that JSON does not: by name.</summary>
    private static JsonValue Double(double number) => double.IsFinite(number)
        ? JsonValue.Parse(number.ToString("R", CultureInfo.InvariantCulture))
        : JsonValue.FromText(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");

    private static JsonValue Array(ReadOnlySpan<byte> message, int depth)
    {
        var json = new ArrayBufferWriter<byte>();
        json.Write("["u8);
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if (reader.Field != 1)
                continue;
            if (json.WrittenCount > 1)
                json.Write(","u8);
            json.Write(Value(reader.Bytes, depth + 1).Utf8.Span);
        }

        json.Write("]"u8);
        return new(json.WrittenMemory);
    }

    private static JsonValue Map(ReadOnlySpan<byte> message, int depth)
    {
        var json = new ArrayBufferWriter<byte>();
        json.Write("{"u8);
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if (reader.Field != 1)
                continue;
            if (json.WrittenCount > 1)
                json.Write(","u8);
            var (key, value) = Pair(reader.Bytes, depth + 1);
            json.Write(JsonValue.FromText(key).Utf8.Span);
            json.Write(":"u8);
            json.Write(value.Utf8.Span);
        }

        json.Write("}"u8);
        return new(json.WrittenMemory);
    }
}
