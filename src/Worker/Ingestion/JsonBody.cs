using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Worker.Ingestion;

/// <summary>
/// What has to be true of a body before it is read: text in UTF-8, no deeper than allowed, no lone surrogate.
/// </summary>
internal static class JsonBody
{
    /// <summary>How deep arrays and objects may nest in a message, itself included.</summary>
    public const int MaxDepth = 64;

    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    /// <summary>Without a byte order mark, lone surrogates replaced; null when it is not UTF-8.</summary>
    public static ReadOnlyMemory<byte>? Clean(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith("\uFEFF"u8))
            body = body[3..];
        if (!Utf8.IsValid(body.Span))
            return null;

        return body.Span.IndexOf("\\ud"u8) >= 0 || body.Span.IndexOf("\\uD"u8) >= 0
            ? ReplaceLoneSurrogates(body.Span)
            : body;
    }

    /// <summary>
    /// True when the first thing wrong with it is that it nests deeper than <see cref="MaxDepth"/>: tells why a reader
    /// gave up.
    /// </summary>
    public static bool IsTooDeep(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth >= MaxDepth
                    && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    return true;
            }
        }
        catch (JsonException)
        {
            // Something else was wrong before that.
        }

        return false;
    }

    /// <summary>A surrogate escape without its other half becomes U+FFFD, which is as long: nothing moves.</summary>
    private static byte[] ReplaceLoneSurrogates(ReadOnlySpan<byte> json)
    {
        var repaired = json.ToArray();
        for (var i = 0; i + 1 < repaired.Length; i++)
        {
            if (repaired[i] != (byte)'\\')
                continue;
            if (Surrogate(repaired, i) is not { } unit)
            {
                i++;
                continue;
            }

            if (char.IsHighSurrogate(unit) && Surrogate(repaired, i + 6) is { } next && char.IsLowSurrogate(next))
                i += 11;
            else
                "fffd"u8.CopyTo(repaired.AsSpan(i + 2));
        }

        return repaired;
    }

    private static char? Surrogate(ReadOnlySpan<byte> json, int at)
    {
        if (at + 6 > json.Length || json[at] != (byte)'\\' || json[at + 1] != (byte)'u')
            return null;

        Span<char> digits = stackalloc char[4];
        Encoding.ASCII.GetChars(json.Slice(at + 2, 4), digits);
        return ushort.TryParse(digits, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit)
            && char.IsSurrogate((char)unit)
            ? (char)unit
            : null;
    }
}
