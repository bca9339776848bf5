using Worker.Traces;

namespace Worker.Commands;

/// <summary>A verdict from outside, for people.</summary>
internal static class VerdictWords
{
    private const int MostCharacters = 200;

    /// <summary>Whose it is, what it says, and its id; plain text.</summary>
    public static string Line(Log verdict)
    {
        var evaluator = verdict.Path ?? verdict.Resolution?.FileId ?? "(no file)";
        return $"{PlainText.ForTerminal(evaluator)}: {Said(verdict)} ({PlainText.ForTerminal(verdict.Id)})";
    }

    /// <summary>What it says alone.</summary>
    public static string Said(Log verdict)
    {
        var judgment = verdict.Judgment is { } value ? Short(value.ToString())
            : verdict.Withheld ? "no judgment was kept"
            : "no judgment";
        return verdict.Text(LogFields.Error) is { } error ? $"{judgment}; it failed: {Short(error)}" : judgment;
    }

    private static string Short(string text) =>
        PlainText.ForTerminal(text.Length <= MostCharacters ? text : text[..MostCharacters] + "…");
}
