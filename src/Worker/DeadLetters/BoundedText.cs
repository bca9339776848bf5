using System.Security.Cryptography;
using System.Text;

namespace Worker.DeadLetters;

/// <summary>Texts of any length, made short enough for an AMQP short string and for a header among others.</summary>
internal static class BoundedText
{
    /// <summary>
    /// UTF-8 bytes at most; a longer short string makes the client throw, and long headers overflow a frame.
    /// </summary>
    public const int Bytes = 255;

    private const string Mark = "…";
    private const int HashDigits = 32;

    /// <summary>The text, or as much of its beginning as fits before a mark. Cut between characters.</summary>
    public static string Cut(string text) =>
        Encoding.UTF8.GetByteCount(text) <= Bytes ? text : Begin(text, Bytes - Encoding.UTF8.GetByteCount(Mark)) + Mark;

    /// <summary>The id, or its beginning, a mark and a hash of the whole: different ids stay different.</summary>
    public static string Id(string id)
    {
        var utf8 = Encoding.UTF8.GetBytes(id);
        if (utf8.Length <= Bytes)
            return id;
        var hash = Convert.ToHexStringLower(SHA256.HashData(utf8))[..HashDigits];
        return Begin(id, Bytes - Encoding.UTF8.GetByteCount(Mark) - HashDigits) + Mark + hash;
    }

    private static string Begin(string text, int bytes)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
                break;
            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
