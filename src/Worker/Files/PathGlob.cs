using System.Text.RegularExpressions;
using Worker.Traces;

namespace Worker.Files;

/// <summary>
/// A pattern over File paths: <c>*</c> stays within a segment, <c>**</c> does not, and <c>**/</c> may stand for
/// nothing. Case counts. A Log without a File has the empty path, which only <c>*</c> and <c>**</c> match. Takes time
/// linear in the path.
/// </summary>
internal sealed class PathGlob
{
    private readonly Regex _regex;

    public PathGlob(string pattern)
    {
        Pattern = DerivedIds.NormalPath(pattern);
        var expression = Regex.Escape(Pattern)
            .Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal)
            .Replace(@"\*\*", ".*", StringComparison.Ordinal)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal);
        _regex = new Regex(
            $@"\A{expression}\z",
            RegexOptions.NonBacktracking
            | RegexOptions.CultureInvariant
            | RegexOptions.Singleline
            | RegexOptions.ExplicitCapture);
    }

    public string Pattern { get; }

    public bool Matches(string? path) => _regex.IsMatch(path is null ? "" : DerivedIds.NormalPath(path));
}
