using System.Text;

namespace Worker.Masking;

/// <summary>
/// What stands where something was masked: <c>[masked: kind]</c>. A mark is never masked again, nor is a part of one.
/// </summary>
internal sealed class Marks(IEnumerable<string> kinds)
{
    private const string Begin = "[masked: ";
    private const int Longest = 64;

    private readonly HashSet<string> _known = [.. kinds.Select(Of)];

    public static string Of(string kind) => $"{Begin}{kind}]";

    public static byte[] Utf8(string kind) => Encoding.ASCII.GetBytes(Of(kind));

    /// <summary>Where the marks are. Of a kind that nobody masks, the words are a text like any other.</summary>
    public List<Range> In(string text)
    {
        var found = new List<Range>();
        for (var at = text.IndexOf(Begin, StringComparison.Ordinal); at >= 0;
            at = text.IndexOf(Begin, at + 1, StringComparison.Ordinal))
        {
            var length = text.AsSpan(at, Math.Min(Longest, text.Length - at)).IndexOf(']') + 1;
            if (length > 0 && _known.Contains(text.Substring(at, length)))
                found.Add(at..(at + length));
        }

        return found;
    }
}
