using System.Globalization;
using System.Text;
using System.Text.Json;
using Worker.Ingestion;

namespace Worker.Front.Otlp;

/// <summary>Whole numbers as exporters write them: as a number, as a text, or as two halves of 32 bits.</summary>
internal static class JsonNumbers
{
    /// <summary>0 where there is none.</summary>
    public static ulong Whole(JsonPart part) => part.Type switch
    {
        JsonTokenType.Number => Parse(part.Value.Utf8.Span),
        JsonTokenType.String when part.Text is { Length: < 64 } text => Parse(Encoding.UTF8.GetBytes(text)),
        JsonTokenType.StartObject => Halves(part),
        _ => 0,
    };

    /// <summary>A number that a double rounded, or that is written with an exponent, is one too.</summary>
    private static ulong Parse(ReadOnlySpan<byte> digits)
    {
        if (ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
            return whole;
        return decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number is >= 0 and <= ulong.MaxValue ? (ulong)number : 0;
    }

    private static ulong Halves(JsonPart part)
    {
        var (low, high) = (0ul, 0ul);
        foreach (var (name, half) in JsonParts.Members(part.Value.Utf8))
        {
            var digits = half.Value.Utf8.Span;
            if (!long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var signed))
                continue;
            var value = unchecked((uint)signed);
            if (name == "low")
                low = value;
            else if (name == "high")
                high = value;
        }

        return (high << 32) | low;
    }
}
