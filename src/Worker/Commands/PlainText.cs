using System.Text;
using Spectre.Console;

namespace Worker.Commands;

/// <summary>
/// Text that came with a message, fit for a terminal: no control characters, no markup, not too long, and no U+FFFF,
/// which is no character and which Spectre.Console cannot measure.
/// </summary>
internal static class PlainText
{
    private const int Longest = 200;

    public static string ForTerminal(string text) => Markup.Escape(Line(text));

    /// <summary>As <see cref="ForTerminal"/>, for what is written as it is, where brackets are no markup.</summary>
    public static string Line(string text, int longest = Longest)
    {
        var clean = string.Concat(text.EnumerateRunes()
            .Take(longest)
            .Select(rune => Rune.IsControl(rune) || rune.Value == 0xFFFF ? " " : rune.ToString()));
        return text.Length > clean.Length ? clean + "…" : clean;
    }
}
