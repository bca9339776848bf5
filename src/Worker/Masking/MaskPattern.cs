using System.Text.RegularExpressions;

namespace Worker.Masking;

/// <summary>A pattern of the operator's own, on an engine that takes time linear in the text.</summary>
internal sealed record MaskPattern(string Kind, Regex Regex)
{
    private const int LongestName = 32;

    /// <summary>The pattern, or else what is wrong with it, as the end of a sentence.</summary>
    public static (MaskPattern? Pattern, string? Fault) Parse(string name, string pattern)
    {
        var kind = name.ToLowerInvariant();
        if (kind.Length > LongestName || !kind.All(IsOfName))
            return (null, $"its name accepts letters, digits, - and _, at most {LongestName}");
        try
        {
            var regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return regex.IsMatch("")
                ? (null, "it matches the empty text, and so would be everywhere")
                : (new(kind, regex), null);
        }
        catch (NotSupportedException)
        {
            return (
                null,
                "the linear-time engine does not take it: leave out lookarounds, backreferences and atomic groups, " +
                "and repeat less");
        }
        catch (ArgumentException exception)
        {
            return (null, $"it is no regular expression: {exception.Message.TrimEnd('.')}");
        }
    }

    private static bool IsOfName(char character) =>
        char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '_' or '-';
}
