namespace Worker.Traces;

/// <summary>
/// What <c>trace_status</c> and <c>log_status</c> may say, in one form. Clients send it in any case, or as their
/// language prints an enum, e.g. <c>TraceStatus.COMPLETE</c>.
/// </summary>
internal static class LogStatuses
{
    public const string Complete = "complete";
    public const string Incomplete = "incomplete";

    /// <summary>What is accepted, for sentences.</summary>
    public const string Accepted = "\"complete\" or \"incomplete\"";

    private const int QuotedCharacters = 64;

    private static readonly string[] Names = ["trace_status", "log_status"];

    /// <summary><see cref="Complete"/>, <see cref="Incomplete"/>, or null when it is neither.</summary>
    public static string? Normalise(string text)
    {
        var word = text.AsSpan().Trim();
        var prefix = word[..(word.LastIndexOf('.') + 1)];
        foreach (var character in prefix)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('_' or '.'))
                return null;
        }

        return word[prefix.Length..] switch
        {
            var status when Is(status, Complete) || Is(status, "completed") => Complete,
            var status when Is(status, Incomplete) => Incomplete,
            _ => null,
        };
    }

    /// <summary>The sentence on a text that is no status.</summary>
    public static string Unknown(string name, string text)
    {
        var end = QuotedCharacters;
        if (text.Length > end && char.IsHighSurrogate(text[end - 1]))
            end--;
        var quoted = text.Length <= QuotedCharacters ? text : text[..end] + "…";
        return $"{name} was \"{quoted}\", which is neither \"{Complete}\" nor \"{Incomplete}\".";
    }

    /// <summary>That sentence among a Log's problems; null where every status was understood.</summary>
    public static string? UnknownAmong(IEnumerable<string> problems) =>
        problems.FirstOrDefault(
            problem => Array.Exists(Names, name => problem.StartsWith(name + " was ", StringComparison.Ordinal)));

    private static bool Is(ReadOnlySpan<char> word, string status) =>
        word.Equals(status, StringComparison.OrdinalIgnoreCase);
}
