using System.Buffers;
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
    /// With null for each NaN, Infinity and -Infinity outside strings, which Python's json.dumps writes; null when
    /// there is none.
    /// </summary>
    public static byte[]? WithoutNonNumbers(ReadOnlySpan<byte> json)
    {
        var repaired = new ArrayBufferWriter<byte>();
        var done = 0;
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] == (byte)'"')
            {
                i = EndOfString(json, i);
                continue;
            }

            var found = NonNumber(json[i..]);
            if (found == 0)
                continue;
            repaired.Write(json[done..i]);
            repaired.Write("null"u8);
            done = i + found;
            i = done - 1;
        }

        if (done == 0)
            return null;
        repaired.Write(json[done..]);
        return repaired.WrittenSpan.ToArray();
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

    /// <summary>Where the string that begins there has its closing quote.</summary>
    private static int EndOfString(ReadOnlySpan<byte> json, int i)
    {
        for (i++; i < json.Length && json[i] != (byte)'"'; i++)
            i += json[i] == (byte)'\\' ? 1 : 0;
        return i;
    }

    /// <summary>How long the literal that begins there is; 0 when none does.</summary>
    private static int NonNumber(ReadOnlySpan<byte> json) =>
        json.StartsWith("NaN"u8) ? 3 : json.StartsWith("Infinity"u8) ? 8 : json.StartsWith("-Infinity"u8) ? 9 : 0;

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
