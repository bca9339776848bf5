using Spectre.Console;
using Worker.Evaluation;
using Worker.Reading;
using Worker.Traces;

namespace Worker.Commands;

/// <summary>A trace as a tree for people: kind, path, duration, status and id of each Log, its verdicts under it.</summary>
internal static class TraceTree
{
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
                node.AddNode($"[grey]note: {PlainText.Of(problem)}[/]");
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
        return $"[bold]{log.Kind.WireName()}[/] {PlainText.Of(log.Path ?? "(no file)")}  {duration}  {Status(log)}  [grey]{PlainText.Of(log.Id)}[/]";
    }

    private static string Status(Log log)
    {
        if (log.Text(Fields.Error) is { } error)
            return $"[red]failed: {PlainText.Of(error)}[/]";
        if (log.Kind == LogKind.Flow)
            return log.IsComplete ? "complete" : "[yellow]incomplete[/]";
        return log.Withheld ? "[grey]not saved[/]" : "ok";
    }

    private static string Line(EvaluatorLog verdict, bool superseded)
    {
        var line = (verdict.Error, verdict.Judgment?.ToString()) switch
        {
            ({ } error, _) => $"[yellow]![/] {PlainText.Of(verdict.Path)}: could not be run: {PlainText.Of(error)}",
            (_, null or "null") => $"[grey]–[/] {PlainText.Of(verdict.Path)}: abstained",
            (_, "true") => $"[green]✓[/] {PlainText.Of(verdict.Path)}: true",
            (_, "false") => $"[red]✗[/] {PlainText.Of(verdict.Path)}: false",
            (_, var judgment) => $"[blue]=[/] {PlainText.Of(verdict.Path)}: {PlainText.Of(judgment)}",
        };
        return superseded ? $"[grey]{line} (revision {verdict.Revision}, superseded)[/]" : line;
    }
}
