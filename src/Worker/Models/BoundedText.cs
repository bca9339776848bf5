using System.Text;

namespace Worker.Models;

/// <summary>Texts cut in the middle, where they are too long, with a note of how much is missing.</summary>
internal static class BoundedText
{
    /// <summary>About what the note takes.</summary>
    private const int Note = 48;

    public static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    /// <param name="text">What is to be cut.</param>
    /// <param name="maxBytes">In UTF-8, the note included; below its length, there is nothing but the note.</param>
    public static string Cut(string text, int maxBytes)
    {
        var bytes = Bytes(text);
        if (bytes <= maxBytes)
            return text;
        var half = Math.Max(0, (maxBytes - Note) / 2);
        var utf8 = Encoding.UTF8.GetBytes(text);
        var start = half;
        while (start > 0 && IsInside(utf8[start]))
            start--;
        var end = bytes - half;
        while (end < bytes && IsInside(utf8[end]))
            end++;
        return Encoding.UTF8.GetString(utf8, 0, start) +
            $" [… {end - start} bytes are left out here …] " +
            Encoding.UTF8.GetString(utf8, end, bytes - end);
    }

    /// <summary>Whether that byte continues a character.</summary>
    private static bool IsInside(byte each) => (each & 0xC0) == 0x80;
}
