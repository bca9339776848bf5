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

    public static string ForTerminal(string text)
    {
        var clean = string.Concat(text.EnumerateRunes()
            .Take(Longest)
            .Select(rune => Rune.IsControl(rune) || rune.Value == 0xFFFF ? " " : rune.ToString()));
        return Markup.Escape(text.Length > clean.Length ? clean + "…" : clean);
    }
}
