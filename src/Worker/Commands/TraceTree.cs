using System.Text;
using Spectre.Console;
using Worker.Evaluation;
using Worker.Reading;
using Worker.Traces;

namespace Worker.Commands;

/// <summary>A trace as a tree for people: kind, path, duration, status and id of each Log, its verdicts under it.</summary>
internal static class TraceTree
{
    private const int LongestText = 200;

    /// <summary>What a line may need beside its indentation.</summary>
    private const int LineWidth = 500;

    public static void Write(IAnsiConsole console, TraceView view, bool allRevisions)
    {
        var totals = LogTotals.Fold(view.Trace);
        var root = new Tree(Line(view.Trace.Head, totals));
        var nodes = new Dictionary<string, (IHasTreeNodes Node, int Depth)>(StringComparer.Ordinal) { [view.Trace.Head.Id] = (root, 1) };
        var deepest = 1;
        foreach (var log in view.Trace.TopDown())
        {
            var (node, depth) = nodes[log.Id];
            deepest = Math.Max(deepest, depth);
            foreach (var verdict in allRevisions ? view.Verdicts[log.Id] : view.CurrentVerdicts(log.Id))
                node.AddNode(Line(verdict, view.IsSuperseded(verdict)));
            foreach (var problem in log.Problems)
                node.AddNode($"[grey]note: {Plain(problem)}[/]");
            foreach (var child in view.Trace.ChildrenOf(log.Id))
                nodes[child.Id] = (node.AddNode(Line(child, totals)), depth + 1);
        }

        console.Profile.Width = (deepest * 4) + LineWidth;
        console.Write(root);
        if (view.LateLogs > 0)
            console.WriteLine($"{view.LateLogs} more came after judgement and stand outside the trace (Traces:Late is ignore).");
    }

    private static string Line(Log log, IReadOnlyDictionary<string, LogTotals> totals)
    {
        var duration = totals[log.Id].Duration is { } time ? Durations.Words(time) : "no times";
        return $"[bold]{log.Kind.WireName()}[/] {Plain(log.Path ?? "(no file)")}  {duration}  {Status(log)}  [grey]{Plain(log.Id)}[/]";
    }

    private static string Status(Log log)
    {
        if (log.Text(Fields.Error) is { } error)
            return $"[red]failed: {Plain(error)}[/]";
        if (log.Kind == LogKind.Flow)
            return log.IsComplete ? "complete" : "[yellow]incomplete[/]";
        return log.Withheld ? "[grey]not saved[/]" : "ok";
    }

    private static string Line(EvaluatorLog verdict, bool superseded)
    {
        var line = (verdict.Error, verdict.Judgment?.ToString()) switch
        {
            ({ } error, _) => $"[yellow]![/] {Plain(verdict.Path)}: could not be run: {Plain(error)}",
            (_, null or "null") => $"[grey]–[/] {Plain(verdict.Path)}: abstained",
            (_, "true") => $"[green]✓[/] {Plain(verdict.Path)}: true",
            (_, "false") => $"[red]✗[/] {Plain(verdict.Path)}: false",
            (_, var judgment) => $"[blue]=[/] {Plain(verdict.Path)}: {Plain(judgment)}",
        };
        return superseded ? $"[grey]{line} (revision {verdict.Revision}, superseded)[/]" : line;
    }

    /// <summary>Text from a trace, fit for a terminal: no control characters, no markup, not too long.</summary>
    private static string Plain(string text)
    {
        var clean = string.Concat(text.EnumerateRunes().Take(LongestText).Select(rune => Rune.IsControl(rune) ? " " : rune.ToString()));
        return Markup.Escape(text.Length > clean.Length ? clean + "…" : clean);
    }
}
