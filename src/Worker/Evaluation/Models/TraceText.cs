using System.Text;

namespace Worker.Evaluation.Models;

/// <summary>
/// A trace as a tree for a model to read: a line for each Log with its kind and path, and under it its inputs, output
/// and error, as JSON on one line each, so that no value can look like another Log.
/// </summary>
internal static class TraceText
{
    private const int LongestValue = 16 * 1024;
    private const int ShortestValue = 128;

    private static readonly string[] Values = ["inputs", "output", "error"];

    /// <summary>
    /// Long values are cut first, all to the same length; where that is not enough, the last Logs are left out.
    /// </summary>
    /// <param name="maxBytes">About the longest text that is given.</param>
    public static string Of(TraceLog head, bool isTruncated, int maxBytes)
    {
        var longest = LongestValue;
        while (true)
        {
            var lines = head.All().Select(each => Lines(each.Log, each.Depth, longest)).ToList();
            var sizes = lines.Select(BoundedText.Bytes).ToList();
            if (sizes.Sum(size => (long)size) <= maxBytes)
                return string.Concat(lines) + Note(0, isTruncated);
            if (longest <= ShortestValue)
                return Shortened(lines, sizes, isTruncated, maxBytes);
            longest /= 2;
        }
    }

    private static string Shortened(List<string> lines, List<int> sizes, bool isTruncated, int maxBytes)
    {
        var text = new StringBuilder();
        var bytes = 0;
        var kept = 0;
        for (; kept < lines.Count && (bytes += sizes[kept]) <= maxBytes; kept++)
            text.Append(lines[kept]);
        return text + Note(lines.Count - kept, isTruncated);
    }

    private static string Lines(TraceLog log, int depth, int longest)
    {
        var indent = new string(' ', Math.Min(depth, 32) * 2);
        var text = new StringBuilder();
        text.Append(indent).Append(log.Kind).Append(' ').Append(OneLine(log.Path ?? "(no path)")).Append('\n');
        foreach (var name in Values)
        {
            if (log.Json.TryGetProperty(name, out var value)
                && value.ValueKind is not System.Text.Json.JsonValueKind.Null
                && TraceLog.Quoted(value) is var quoted && quoted != "{}")
                text.Append(indent).Append("  ").Append(name).Append(": ")
                    .Append(BoundedText.Cut(quoted, longest)).Append('\n');
        }

        return text.ToString();
    }

    private static string Note(int leftOut, bool isTruncated) =>
        (leftOut > 0 ? $"[{leftOut} more Logs are left out.]\n" : "") +
        (isTruncated ? "[The trace was too large: its Logs furthest down are left out.]\n" : "");

    private static string OneLine(string path) => path.ReplaceLineEndings(" ");
}
