using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Worker.Storage.Bson;

/// <summary>
/// IEEE 754-2008 decimal128 as BSON holds it (binary integer decimal): a sign, up to 34 digits, a power of ten. It keeps zeros
/// at the end: 1.50 is not 1.5. Carried, not calculated with.
/// </summary>
internal readonly record struct Decimal128(ulong High, ulong Low)
{
    private const int Digits = 34;
    private const int Bias = 6176;
    private const int MaxExponent = 6111;
    private const ulong SpecialBits = 0x6000_0000_0000_0000;

    private static readonly UInt128 Largest = UInt128.Parse(new string('9', Digits), CultureInfo.InvariantCulture);

    /// <summary>Neither infinite nor "not a number".</summary>
    public bool IsFinite => (High & 0x7800_0000_0000_0000) != 0x7800_0000_0000_0000;

    /// <summary>The number that a JSON number spells, digit by digit; null when it has more digits than there is room for.</summary>
    public static Decimal128? Parse(ReadOnlySpan<byte> json)
    {
        var mantissa = json;
        var exponent = 0;
        if (json.IndexOfAny((byte)'e', (byte)'E') is var e and >= 0)
        {
            if (!int.TryParse(json[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
                return null;
            mantissa = json[..e];
        }

        var isNegative = mantissa[0] == (byte)'-';
        var digits = Encoding.ASCII.GetString(isNegative ? mantissa[1..] : mantissa);
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        var power = (long)exponent - (point < 0 ? 0 : digits.Length - point - 1);
        digits = digits.Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        if (digits.Length > Digits || power is < -Bias or > MaxExponent)
            return null;

        var coefficient = digits.Length == 0 ? UInt128.Zero : UInt128.Parse(digits, CultureInfo.InvariantCulture);
        var high = ((ulong)(power + Bias) << 49) | (ulong)(coefficient >> 64);
        return new(isNegative ? high | (1UL << 63) : high, (ulong)coefficient);
    }

    public static Decimal128 Read(ReadOnlySpan<byte> value) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(value[8..]), BinaryPrimitives.ReadUInt64LittleEndian(value));

    public void Write(Span<byte> value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(value, Low);
        BinaryPrimitives.WriteUInt64LittleEndian(value[8..], High);
    }

    /// <summary>As every driver spells it: plain, or in scientific form where the power of ten is above zero or the number is small.</summary>
    public override string ToString()
    {
        var sign = (High >> 63) == 0 ? "" : "-";
        if (!IsFinite)
            return (High & 0x7C00_0000_0000_0000) == 0x7C00_0000_0000_0000 ? "NaN" : sign + "Infinity";

        var (coefficient, exponent) = Parts();
        var digits = coefficient.ToString(CultureInfo.InvariantCulture);
        var adjusted = exponent + digits.Length - 1;
        if (exponent > 0 || adjusted < -6)
        {
            var power = (adjusted < 0 ? "E-" : "E+") + Math.Abs(adjusted).ToString(CultureInfo.InvariantCulture);
            return sign + digits[..1] + (digits.Length > 1 ? "." + digits[1..] : "") + power;
        }

        var whole = digits.Length + exponent;
        return exponent == 0 ? sign + digits
            : whole > 0 ? sign + digits[..whole] + "." + digits[whole..]
            : sign + "0." + new string('0', -whole) + digits;
    }

    // A coefficient above what 34 digits hold is no number's proper form, and counts as zero.
    private (UInt128 Coefficient, int Exponent) Parts()
    {
        if ((High & SpecialBits) == SpecialBits)
            return (0, (int)((High >> 47) & 0x3FFF) - Bias);

        var coefficient = new UInt128(High & 0x0001_FFFF_FFFF_FFFF, Low);
        return (coefficient <= Largest ? coefficient : 0, (int)((High >> 49) & 0x3FFF) - Bias);
    }
}
