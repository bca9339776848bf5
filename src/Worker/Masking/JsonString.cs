using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Worker.Masking;

/// <summary>A string of JSON between its quotes, and the text that it means.</summary>
internal static class JsonString
{
    /// <summary>Where the string that begins there has its closing quote; the end where it has none.</summary>
    public static int End(ReadOnlySpan<byte> json, int quote)
    {
        var at = quote + 1;
        while (at < json.Length)
        {
            var found = json[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0)
                return json.Length;
            at += found;
            if (json[at] == (byte)'"')
                return at;
            at += 2;
        }

        return json.Length;
    }

    /// <summary>The text of a string with escapes. What is no escape stays as it is.</summary>
    public static byte[] Unescape(ReadOnlySpan<byte> inside)
    {
        var text = new ArrayBufferWriter<byte>(inside.Length);
        while (inside.IndexOf((byte)'\\') is >= 0 and var at)
        {
            text.Write(inside[..at]);
            inside = inside[at..];
            inside = inside[Escape(inside, text)..];
        }

        text.Write(inside);
        return text.WrittenSpan.ToArray();
    }

    public static byte[] Escape(ReadOnlySpan<byte> text) =>
        JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray();

    /// <summary>Writes what the escape means; returns how long it is.</summary>
    private static int Escape(ReadOnlySpan<byte> escape, ArrayBufferWriter<byte> text)
    {
        var named = escape.Length < 2 ? -1 : "\"\\/bfnrt"u8.IndexOf(escape[1]);
        if (named >= 0)
        {
            text.Write("\"\\/\b\f\n\r\t"u8.Slice(named, 1));
            return 2;
        }

        if (Unit(escape) is not { } unit)
        {
            text.Write(escape[..1]);
            return 1;
        }

        var isPair = char.IsHighSurrogate(unit) && Unit(escape[6..]) is { } low && char.IsLowSurrogate(low);
        var rune = isPair ? new Rune(unit, Unit(escape[6..])!.Value)
            : Rune.TryCreate(unit, out var single) ? single
            : Rune.ReplacementChar;
        Span<byte> utf8 = stackalloc byte[4];
        text.Write(utf8[..rune.EncodeToUtf8(utf8)]);
        return isPair ? 12 : 6;
    }

    private static char? Unit(ReadOnlySpan<byte> escape) =>
        escape.Length >= 6
        && escape[0] == (byte)'\\'
        && escape[1] == (byte)'u'
        && ushort.TryParse(
            escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}
