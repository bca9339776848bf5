using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;
using Worker.Reading;
using Worker.Runs;
using Worker.Traces;

namespace Worker.Commands;

/// <summary>
/// A trace as a tree for people: kind, path, duration, status and id of each Log, its verdicts under it. Drawn line by
/// line, as the Logs are read.
/// </summary>
internal sealed class TraceTree
{
    /// <summary>What a line may need beside its indentation.</summary>
    private const int LineWidth = 500;

    private const int LevelWidth = 4;

    private readonly IAnsiConsole _console;
    private readonly TreeGuide _guide;

    /// <summary>What stands before the lines under the Log that was drawn last.</summary>
    private readonly StringBuilder _indent = new();

    private TraceTree(IAnsiConsole console)
    {
        _console = console;
        _guide = TreeGuide.Line.GetSafeTreeGuide(safe: !console.Profile.Capabilities.Unicode);
    }

    /// <param name="entries">Those of the view.</param>
    public static async Task WriteAsync(
        IAnsiConsole console, TraceView view, IAsyncEnumerable<TraceEntry> entries, bool allRevisions)
    {
        console.Profile.Width = ((view.Lines.Max(line => line.Depth) + 1) * LevelWidth) + LineWidth;
        var tree = new TraceTree(console);
        await foreach (var entry in entries)
            await tree.WriteAsync(entry, allRevisions);
        if (view.LateLogs > 0)
            console.WriteLine(
                $"{view.LateLogs} more came after judgement and stand outside the trace (Traces:Late is ignore).");
    }

    private async Task WriteAsync(TraceEntry entry, bool allRevisions)
    {
        var (_, depth, isLast, isLeaf) = entry.Line;
        if (depth == 0)
        {
            _console.MarkupLine(Line(entry));
        }
        else
        {
            _indent.Length = (depth - 1) * LevelWidth;
            Write(Line(entry), isLast);
            _indent.Append(_guide.GetPart(isLast ? TreeGuidePart.Space : TreeGuidePart.Continue));
        }

        // The last line is drawn differently, so each waits until it is known whether another follows.
        string? waiting = null;
        await foreach (var detail in Details(entry, allRevisions))
        {
            if (waiting is not null)
                Write(waiting, isLast: false);
            waiting = detail;
        }

        if (waiting is not null)
            Write(waiting, isLast: isLeaf);
    }

    private static IAsyncEnumerable<string> Details(TraceEntry entry, bool allRevisions) =>
        entry.Shown(allRevisions).Select(verdict => Line(entry, verdict, entry.IsSuperseded(verdict)))
            .ToAsyncEnumerable()
            .Concat(entry.Posted.Select(Line))
            .Concat(entry.Problems
                .Select(problem => $"[grey]note: {PlainText.ForTerminal(problem)}[/]")
                .ToAsyncEnumerable());

    /// <summary>With the verdicts on it behind it.</summary>
    private static string Line(TraceEntry entry, EvaluatorLog verdict, bool isSuperseded)
    {
        var on = entry.OnVerdicts[verdict.Id].Select(one => Line(entry, one, isSuperseded: false)).ToList();
        return Line(verdict, isSuperseded) + (on.Count == 0 ? "" : $"  ({string.Join(", ", on)})");
    }

    private void Write(string markup, bool isLast) =>
        _console.MarkupLine($"{_indent}{_guide.GetPart(isLast ? TreeGuidePart.End : TreeGuidePart.Fork)}{markup}");

    private static string Line(TraceEntry entry)
    {
        var log = entry.Log;
        var duration = entry.Span.Duration is { } time ? Durations.Words(time)
            : entry.Span.IsReversed ? "no duration"
            : "no times";
        return $"[bold]{log.Kind.WireName()}[/] {PlainText.ForTerminal(log.Path ?? "(no file)")}  {duration}  " +
            $"{Status(log)}  [grey]{PlainText.ForTerminal(log.Id)}[/]";
    }

    private static string Status(Log log)
    {
        if (log.JudgedId is { } judged)
            return $"{VerdictWords.Said(log)}, on {PlainText.ForTerminal(judged)}";
        if (log.Text(LogFields.Error) is { } error)
            return $"[red]failed: {PlainText.ForTerminal(error)}[/]";
        if (log.Kind == LogKind.Flow)
            return log.IsComplete ? "complete" : "[yellow]incomplete[/]";
        return log.Withheld ? "[grey]not saved[/]" : "ok";
    }

    private static string Line(PostedVerdict verdict)
    {
        var log = verdict.Log;
        var mark = log.Judgment?.ToString() switch
        {
            null => log.Text(LogFields.Error) is null ? "[grey]–[/]" : "[yellow]![/]",
            "true" => "[green]✓[/]",
            "false" => "[red]✗[/]",
            _ => "[blue]=[/]",
        };
        return $"{mark} {PlainText.ForTerminal(verdict.Path ?? "(no file)")}: {VerdictWords.Said(log)}  " +
            $"[grey]from outside  {PlainText.ForTerminal(log.Id)}[/]";
    }

    private static string Line(EvaluatorLog verdict, bool superseded)
    {
        var line = (verdict.Error, verdict.Judgment?.ToString()) switch
        {
            ({ } error, _) =>
                $"[yellow]![/] {PlainText.ForTerminal(verdict.Path)}: could not be run: {PlainText.ForTerminal(error)}",
            (_, null or "null") => $"[grey]–[/] {PlainText.ForTerminal(verdict.Path)}: abstained",
            (_, "true") => $"[green]✓[/] {PlainText.ForTerminal(verdict.Path)}: true",
            (_, "false") => $"[red]✗[/] {PlainText.ForTerminal(verdict.Path)}: false",
            (_, var judgment) => $"[blue]=[/] {PlainText.ForTerminal(verdict.Path)}: {PlainText.ForTerminal(judgment)}",
        };
        return superseded ? $"[grey]{line} (revision {verdict.Revision}, superseded)[/]" : line;
    }
}
