using System.Buffers;

namespace Worker.Masking;

/// <summary>What tokens are made of, and where one may begin and end.</summary>
internal static class TokenText
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static readonly SearchValues<byte> Plain = Of(Alphanumeric);
    public static readonly SearchValues<byte> Upper = Of(Alphanumeric[..26] + "0123456789");
    public static readonly SearchValues<byte> Word = Of(Alphanumeric + "_");
    public static readonly SearchValues<byte> Dashed = Of(Alphanumeric + "_-");
    public static readonly SearchValues<byte> Dotted = Of(Alphanumeric + "_-.");
    public static readonly SearchValues<byte> Base64 = Of(Alphanumeric + "+/=");
    public static readonly SearchValues<byte> Blob = Of(Alphanumeric + "_-+/");
    public static readonly SearchValues<byte> Opaque = Of(Alphanumeric + "_-.~+/=");

    /// <summary>How many bytes from there on are of the class.</summary>
    public static int Length(ReadOnlySpan<byte> text, int from, SearchValues<byte> of)
    {
        if (from >= text.Length)
            return 0;
        var length = text[from..].IndexOfAnyExcept(of);
        return length < 0 ? text.Length - from : length;
    }

    /// <summary>
    /// Whether a token may begin there: nothing before it that would make it a part of another. The letter of an
    /// escape, such as the n of <c>\n</c>, is none of the text.
    /// </summary>
    public static bool Begins(ReadOnlySpan<byte> text, int at, SearchValues<byte> of) =>
        at == 0 || !of.Contains(text[at - 1]) || IsEscape(text, at);

    /// <summary>Whether an escape sequence ends there.</summary>
    public static bool IsEscape(ReadOnlySpan<byte> text, int at) =>
        (at >= 2 && text[at - 2] == (byte)'\\') || (at >= 6 && text[at - 6] == (byte)'\\' && text[at - 5] == (byte)'u');

    public static bool IsDigit(byte character) => character is >= (byte)'0' and <= (byte)'9';

    public static int Digits(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var character in text)
            count += IsDigit(character) ? 1 : 0;
        return count;
    }

    /// <summary>
    /// Whether letters and digits are mixed as in something drawn by lot: what words and dashes make is not.
    /// </summary>
    public static bool IsRandom(ReadOnlySpan<byte> token)
    {
        const int LongPart = 12;
        while (!token.IsEmpty)
        {
            var length = Length(token, 0, Plain);
            if (length >= LongPart && Digits(token[..length]) is >= 2 and var digits && digits < length)
                return true;
            token = token[Math.Min(token.Length, length + 1)..];
        }

        return false;
    }

    public static SearchValues<byte> Of(string characters) =>
        SearchValues.Create([.. characters.Select(character => (byte)character)]);
}
