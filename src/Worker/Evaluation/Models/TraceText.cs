using System.Text;
using System.Text.Json;
using Worker.Models;

namespace Worker.Evaluation.Models;

/// <summary>
/// A trace as a tree for a model to read: a line for each Log with its kind and path, and under it its inputs, output
/// and error, as JSON on one line each, so that no value can look like another Log.
/// </summary>
internal static class TraceText
{
    private const int LongestValue = 16 * 1024;
    private const int ShortestValue = 128;

    private static readonly string[] Values = ["inputs", "judgment", "output", "error"];

    /// <summary>
    /// Long values are cut first, all to the same length; where that is not enough, the last Logs are left out.
    /// </summary>
    /// <param name="maxBytes">About the longest text that is given.</param>
    /// <returns>The text, and whether anything of these Logs is not in it.</returns>
    public static (string Text, bool IsCut) Of(TraceLog head, bool isTruncated, int maxBytes)
    {
        var logs = head.All().Select(each => Lines(each.Log, each.Depth).ToList()).ToList();
        var longest = LongestValue;
        while (longest > ShortestValue && logs.Sum(lines => Bytes(lines, longest)) > maxBytes)
            longest /= 2;

        var text = new StringBuilder();
        var bytes = 0L;
        var kept = 0;
        for (; kept < logs.Count && (bytes += Bytes(logs[kept], longest)) <= maxBytes; kept++)
        {
            foreach (var line in logs[kept])
                text.Append(line.Start).Append(BoundedText.Cut(line.Value, longest)).Append('\n');
        }

        var isCut = kept < logs.Count || logs.Any(lines => lines.Any(line => line.Bytes > longest));
        return (text + Note(logs.Count - kept, isTruncated), isCut);
    }

    private static IEnumerable<Line> Lines(TraceLog log, int depth)
    {
        var indent = new string(' ', Math.Min(depth, 32) * 2);
        var path = (log.Path ?? "(no path)").ReplaceLineEndings(" ");
        yield return new($"{indent}{log.Kind} {path}{(log.IsWithheld ? " (not saved)" : "")}", "", 0);
        foreach (var name in Values)
        {
            if (log.Json.TryGetProperty(name, out var value)
                && value.ValueKind is not JsonValueKind.Null
                && TraceLog.Quoted(value) is var quoted && quoted != "{}")
                yield return new($"{indent}  {name}: ", quoted, BoundedText.Bytes(quoted));
        }
    }

    private static long Bytes(List<Line> lines, int longest) =>
        lines.Sum(line => (long)line.Start.Length + Math.Min(line.Bytes, longest) + 1);

    private static string Note(int leftOut, bool isTruncated) =>
        (leftOut > 0 ? $"[{leftOut} more Logs are left out.]\n" : "") +
        (isTruncated ? "[The trace was too large: its Logs furthest down are left out.]\n" : "");

    /// <param name="Bytes">Of <paramref name="Value"/>, before it is cut.</param>
    private readonly record struct Line(string Start, string Value, int Bytes);
}
