using System.Text;

namespace Worker.Errors;

/// <summary>
/// Somebody else's words within a sentence of ours: on one line, without control characters, not too long, and without
/// the full stop.
/// </summary>
internal static class OneLine
{
    private const int Longest = 600;

    public static string Of(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, Longest));
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= Longest)
                return line.Append('…').ToString();
            if (!Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune))
                line.Append(rune);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }

        return line.ToString().TrimEnd(' ', '.');
    }
}
