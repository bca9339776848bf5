using System.Buffers;
using System.Buffers.Text;
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
    private const int FewMembers = 16;

    // Exponents are exact up to this, which is far beyond any number that has a use. Beyond it they are cut, so equal
    // numbers stay equal.
    private static readonly Int128 LargestExponent = 1_000_000_000_000_000_000;
    private const int ExponentDigits = 36;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\']);

    /// <summary>
    /// Writes the canonical form of one well-formed value. Numbers are IEEE doubles, as the RFC says.
    /// </summary>
    public static void Write(ReadOnlyMemory<byte> json, IBufferWriter<byte> output) =>
        Write(json, output, exactNumbers: false);

    /// <summary>
    /// As <see cref="Write(ReadOnlyMemory{byte}, IBufferWriter{byte})"/>, but numbers are equal only when they are the
    /// same decimal value.
    /// </summary>
    public static void WriteExact(ReadOnlyMemory<byte> json, IBufferWriter<byte> output) =>
        Write(json, output, exactNumbers: true);

    /// <summary>Writes the canonical JSON string for a text.</summary>
    public static void WriteText(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        for (int plain; (plain = text.IndexOfAny(Escaped)) >= 0; text = text[(plain + 1)..])
        {
            Encoding.UTF8.GetBytes(text[..plain], output);
            WriteEscape(text[plain], output);
        }

        Encoding.UTF8.GetBytes(text, output);
        output.Write("\""u8);
    }

    /// <summary>SHA-256 of the exact form: equal for JSON-equal values.</summary>
    public static byte[] Hash(JsonValue value)
    {
        var form = new ArrayBufferWriter<byte>(value.Utf8.Length);
        WriteExact(value.Utf8, form);
        return SHA256.HashData(form.WrittenSpan);
    }

    /// <summary>
    /// True when both spell the same value: order of names, white space, escapes and spelling of numbers aside.
    /// </summary>
    public static bool AreEqual(JsonValue left, JsonValue right) =>
        left == right || Hash(left).AsSpan().SequenceEqual(Hash(right));

    private static void Write(ReadOnlyMemory<byte> json, IBufferWriter<byte> output, bool exactNumbers)
    {
        var reader = new Utf8JsonReader(json.Span, ReaderOptions);
        reader.Read();
        WriteValue(ref reader, json, output, exactNumbers);
    }

    private static void WriteValue(
        ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, IBufferWriter<byte> output, bool exactNumbers)
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
        ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, IBufferWriter<byte> output, bool exactNumbers)
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
        ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, IBufferWriter<byte> output, bool exactNumbers)
    {
        var members = ArrayPool<NamedValue>.Shared.Rent(FewMembers);
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = json.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
            var text = reader.ValueIsEscaped || !Ascii.IsValid(name.Span) ? reader.GetString() : null;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (count == members.Length)
                members = Larger(members);
            members[count] = new(name, text, count, json[start..(int)reader.BytesConsumed]);
            count++;
        }

        WriteMembers(members.AsSpan(0, count), output, exactNumbers);
        Return(members);
    }

    private static void WriteMembers(Span<NamedValue> members, IBufferWriter<byte> output, bool exactNumbers)
    {
        members.Sort();
        output.Write("{"u8);
        var first = true;
        for (var i = 0; i < members.Length; i++)
        {
            if (i + 1 < members.Length && members[i + 1].CompareName(members[i]) == 0)
                continue;
            if (!first)
                output.Write(","u8);
            first = false;
            members[i].WriteName(output);
            output.Write(":"u8);
            Write(members[i].Value, output, exactNumbers);
        }

        output.Write("}"u8);
    }

    private static NamedValue[] Larger(NamedValue[] members)
    {
        var larger = ArrayPool<NamedValue>.Shared.Rent(members.Length * 2);
        members.CopyTo(larger, 0);
        Return(members);
        return larger;
    }

    /// <summary>Cleared: it would keep alive what the members are parts of.</summary>
    private static void Return(NamedValue[] members) =>
        ArrayPool<NamedValue>.Shared.Return(members, clearArray: true);

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

    private static void WriteEscape(char character, IBufferWriter<byte> output)
    {
        switch (character)
        {
            case '"':
                output.Write("\\\""u8);
                break;
            case '\\':
                output.Write("\\\\"u8);
                break;
            case '\b':
                output.Write("\\b"u8);
                break;
            case '\f':
                output.Write("\\f"u8);
                break;
            case '\n':
                output.Write("\\n"u8);
                break;
            case '\r':
                output.Write("\\r"u8);
                break;
            case '\t':
                output.Write("\\t"u8);
                break;
            default:
                Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"), output);
                break;
        }
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
        if (number[0] != (byte)'0' && !number.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            var leading = number.TrimEnd((byte)'0');
            output.Write(leading);
            output.Write("e"u8);
            var span = output.GetSpan(10);
            Utf8Formatter.TryFormat(number.Length - leading.Length, span, out var written);
            output.Advance(written);
            return;
        }

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

    /// <summary>A member of an object.</summary>
    /// <param name="Name">As it is spelt, between its quotes.</param>
    /// <param name="Text">What the name says; null where that is ASCII, and as it is spelt.</param>
    /// <param name="Order">Which one it is.</param>
    private readonly record struct NamedValue(
        ReadOnlyMemory<byte> Name, string? Text, int Order, ReadOnlyMemory<byte> Value) : IComparable<NamedValue>
    {
        public int CompareTo(NamedValue other) =>
            CompareName(other) is var order and not 0 ? order : Order.CompareTo(other.Order);

        /// <summary>By the code units of UTF-16.</summary>
        public int CompareName(NamedValue other) => Text is null && other.Text is null
            ? Name.Span.SequenceCompareTo(other.Name.Span)
            : string.CompareOrdinal(Said, other.Said);

        public void WriteName(IBufferWriter<byte> output)
        {
            if (Text is not null)
            {
                WriteText(Text, output);
                return;
            }

            output.Write("\""u8);
            output.Write(Name.Span);
            output.Write("\""u8);
        }

        private string Said => Text ?? Encoding.ASCII.GetString(Name.Span);
    }
}
