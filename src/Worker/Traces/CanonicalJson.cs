using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Worker.Traces;

/// <summary>
/// The RFC 8785 form of JSON: one spelling for one value. Of a name that occurs twice the last one counts.
/// </summary>
internal static class CanonicalJson
{
    private const int MaxDepth = 1024;

    // Exponents are exact up to this, which is far beyond any number that has a use. Beyond it they are cut, so equal
    // numbers stay equal.
    private static readonly Int128 LargestExponent = 1_000_000_000_000_000_000;
    private const int ExponentDigits = 36;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    /// <summary>
    /// Writes the canonical form of one well-formed value. Numbers are IEEE doubles, as the RFC says.
    /// </summary>
    public static void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> output) =>
        Write(json, output, exactNumbers: false);

    /// <summary>
    /// As <see cref="Write(ReadOnlySpan{byte}, IBufferWriter{byte})"/>, but numbers are equal only when they are the
    /// same decimal value.
    /// </summary>
    public static void WriteExact(ReadOnlySpan<byte> json, IBufferWriter<byte> output) =>
        Write(json, output, exactNumbers: true);

    /// <summary>SHA-256 of the exact form: equal for JSON-equal values.</summary>
    public static byte[] Hash(JsonValue value)
    {
        var form = new ArrayBufferWriter<byte>(value.Utf8.Length);
        WriteExact(value.Utf8.Span, form);
        return SHA256.HashData(form.WrittenSpan);
    }

    /// <summary>
    /// True when both spell the same value: order of names, white space, escapes and spelling of numbers aside.
    /// </summary>
    public static bool AreEqual(JsonValue left, JsonValue right) =>
        left == right || Hash(left).AsSpan().SequenceEqual(Hash(right));

    private static void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> output, bool exactNumbers)
    {
        var reader = new Utf8JsonReader(json, ReaderOptions);
        reader.Read();
        WriteValue(ref reader, json, output, exactNumbers);
    }

    private static void WriteValue(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, IBufferWriter<byte> output, bool exactNumbers)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(ref reader, json, output, exactNumbers);
                break;
            case JsonTokenType.StartArray:
                WriteArray(ref reader, json, output, exactNumbers);
                break;
            case JsonTokenType.String:
                WriteString(ref reader, output);
                break;
            case JsonTokenType.Number when exactNumbers:
                WriteDecimal(reader.ValueSpan, output);
                break;
            case JsonTokenType.Number:
                WriteDouble(reader.ValueSpan, output);
                break;
            default:
                output.Write(reader.ValueSpan);
                break;
        }
    }

    private static void WriteArray(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, IBufferWriter<byte> output, bool exactNumbers)
    {
        output.Write("["u8);
        for (var first = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; first = false)
        {
            if (!first)
                output.Write(","u8);
            WriteValue(ref reader, json, output, exactNumbers);
        }

        output.Write("]"u8);
    }

    private static void WriteObject(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, IBufferWriter<byte> output, bool exactNumbers)
    {
        var members = new List<(string Name, int Order, int Start, int Length)>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            members.Add((name, members.Count, start, (int)reader.BytesConsumed - start));
        }

        members.Sort(static (left, right) =>
            string.CompareOrdinal(left.Name, right.Name) is var order and not 0
                ? order
                : left.Order.CompareTo(right.Order));

        output.Write("{"u8);
        var first = true;
        for (var i = 0; i < members.Count; i++)
        {
            if (i + 1 < members.Count && members[i + 1].Name == members[i].Name)
                continue;
            if (!first)
                output.Write(","u8);
            first = false;
            WriteText(members[i].Name, output);
            output.Write(":"u8);
            Write(json.Slice(members[i].Start, members[i].Length), output, exactNumbers);
        }

        output.Write("}"u8);
    }

    private static void WriteString(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        if (reader.ValueIsEscaped)
        {
            WriteText(reader.GetString()!, output);
            return;
        }

        output.Write("\""u8);
        output.Write(reader.ValueSpan);
        output.Write("\""u8);
    }

    private static void WriteText(string text, IBufferWriter<byte> output)
    {
        var escaped = new StringBuilder(text.Length + 2).Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => escaped.Append("\\\""),
                '\\' => escaped.Append("\\\\"),
                '\b' => escaped.Append("\\b"),
                '\f' => escaped.Append("\\f"),
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                < ' ' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => escaped.Append(character),
            };
        }

        output.Write(Encoding.UTF8.GetBytes(escaped.Append('"').ToString()));
    }

    /// <summary>ECMAScript's Number::toString. What no finite double holds keeps its exact decimal form.</summary>
    private static void WriteDouble(ReadOnlySpan<byte> number, IBufferWriter<byte> output)
    {
        var value = double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
        {
            WriteDecimal(number, output);
            return;
        }

        var (negative, digits, exponent) = DecimalParts(
            Encoding.ASCII.GetBytes(value.ToString("R", CultureInfo.InvariantCulture)));
        var point = digits.Length + (int)exponent;
        var text = point switch
        {
            _ when digits == "0" => "0",
            _ when digits.Length <= point && point <= 21 => digits + new string('0', point - digits.Length),
            > 0 and <= 21 => digits[..point] + "." + digits[point..],
            > -6 and <= 0 => "0." + new string('0', -point) + digits,
            _ => digits[..1] + (digits.Length > 1 ? "." + digits[1..] : "") + "e" + (point > 0 ? "+" : "-")
                + Math.Abs(point - 1).ToString(CultureInfo.InvariantCulture),
        };
        output.Write(Encoding.ASCII.GetBytes(negative && text != "0" ? "-" + text : text));
    }

    /// <summary>
    /// Digits without zeros at either end, and a power of ten: <c>1.0</c>, <c>1</c> and <c>10e-1</c> are all
    /// <c>1e0</c>.
    /// </summary>
    private static void WriteDecimal(ReadOnlySpan<byte> number, IBufferWriter<byte> output)
    {
        var (negative, digits, exponent) = DecimalParts(number);
        var sign = negative && digits != "0" ? "-" : "";
        var text = digits == "0" ? "0" : $"{sign}{digits}e{exponent.ToString(CultureInfo.InvariantCulture)}";
        output.Write(Encoding.ASCII.GetBytes(text));
    }

    private static (bool Negative, string Digits, long Exponent) DecimalParts(ReadOnlySpan<byte> number)
    {
        var negative = number[0] == (byte)'-';
        var mantissa = negative ? number[1..] : number;
        Int128 exponent = 0;
        if (mantissa.IndexOfAny((byte)'e', (byte)'E') is var e and >= 0)
        {
            exponent = Exponent(mantissa[(e + 1)..]);
            mantissa = mantissa[..e];
        }

        var digits = Encoding.ASCII.GetString(mantissa);
        if (digits.IndexOf('.') is var dot and >= 0)
        {
            exponent -= digits.Length - dot - 1;
            digits = digits.Remove(dot, 1);
        }

        digits = digits.TrimStart('0');
        var significant = digits.TrimEnd('0');
        exponent += digits.Length - significant.Length;
        return significant.Length == 0
            ? (false, "0", 0)
            : (negative, significant, (long)Int128.Clamp(exponent, -LargestExponent, LargestExponent));
    }

    private static Int128 Exponent(ReadOnlySpan<byte> text)
    {
        var negative = text[0] == (byte)'-';
        var digits = text.TrimStart("+-"u8).TrimStart((byte)'0');
        var exponent = digits.IsEmpty ? 0
            : digits.Length > ExponentDigits ? Int128.MaxValue / 2
            : Int128.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return negative ? -exponent : exponent;
    }
}
