using System.Text.Json;
using Worker.Traces;

namespace Worker.Transfer;

/// <summary>
/// A line of an export, taken apart: the Log, everything under it, and the verdicts on each, one after the other, those
/// above first. What is under a Log that has no place here is given all the same.
/// </summary>
internal static class LogTree
{
    /// <param name="file">Of the Log, where that shows none.</param>
    public static IEnumerable<LogInTree> Of(JsonElement line, ExportedFile? file)
    {
        var open = new Stack<LogInTree>([new(line, KindOf(line) ?? file?.Type, null, null)]);
        while (open.TryPop(out var log))
        {
            yield return log;
            var id = Json.Text(log.Json, "id");
            foreach (var verdict in Json.Items(log.Json, "evaluator_logs").Reverse())
                open.Push(new(verdict, KindOf(verdict) ?? LogKind.Evaluator.WireName(), null, id));
            foreach (var child in Json.Items(log.Json, "trace_children").Reverse())
                open.Push(new(child, KindOf(child), id, null));
        }
    }

    /// <summary>By what it shows as its File; null where it shows none.</summary>
    private static string? KindOf(JsonElement log)
    {
        foreach (var type in new[] { "flow", "prompt", "tool", "evaluator", "agent" })
        {
            if (Json.Member(log, type) is { ValueKind: JsonValueKind.Object })
                return type;
        }

        return null;
    }
}
