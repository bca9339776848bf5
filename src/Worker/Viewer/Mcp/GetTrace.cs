using System.Text.Json;
using Worker.Front;
using Worker.Reading;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Viewer.Mcp;

/// <summary>A trace as <c>worker trace</c> has it, a page of its Logs at a time.</summary>
internal sealed class GetTrace(TraceReader reader, IRunStore runs, StoredLogs stored)
{
    private const int Usual = 50;
    private const int Most = 200;

    /// <summary>Verdicts from outside that are shown of a Log.</summary>
    private const int MostPosted = 20;

    public McpTool Describe() => McpTool.Of(
        "get_trace",
        "Get a trace",
        "Shows the trace that a Log belongs to, from its outermost Flow Log: its Logs in the order of the tree, each "
        + "with its depth, parent, kind, path, times, cost, the beginning of its inputs, output and error, and the "
        + "verdicts that stand. A text that ends with … was cut; get_log has it. Where the answer has next_skip, there "
        + "are more Logs: call again with skip. " + McpTools.Untrusted,
        [
            ("id", "string", "The id of any Log of the trace."),
            ("limit", "integer", $"Logs at most, 1 to {Most}; {Usual} where it is left out."),
            ("skip", "integer", "Logs to pass over: what the answer before had as next_skip."),
        ],
        required: ["id"],
        RunAsync);

    private async Task<JsonElement> RunAsync(
        McpArguments arguments, Caller caller, CancellationToken cancellationToken)
    {
        var id = arguments.Required("id");
        var limit = arguments.Number("limit", 1, Most, Usual);
        var skip = arguments.Number("skip", 0, 100_000_000, 0);
        await stored.MustBeSeenAsync(id, caller);
        var view = await reader.ReadAsync(await HeadAsync(id, caller, cancellationToken), cancellationToken)
            ?? throw StoredLogs.Unknown(id);
        var run = await runs.ReadAsync(view.Shape.Ids[0], cancellationToken);
        var list = new BoundedList();
        var page = view with { Lines = [.. view.Lines.Skip(skip).Take(limit)] };
        await foreach (var entry in reader.EntriesAsync(page, cancellationToken))
        {
            var posted = await entry.Posted.Take(MostPosted).ToListAsync(cancellationToken);
            if (!list.TryAdd(McpJson.Of(entry, PathOf(entry), posted)))
                break;
        }

        return Answer(view, run, list, skip, skip + Math.Max(1, list.Items.Count));
    }

    private static JsonElement Answer(TraceView view, Run? run, BoundedList list, int skip, int next)
    {
        var sums = view.Shape[0].Kind == LogKind.Flow ? view.Sums.At(0) : null;
        return McpJson.Write(new
        {
            Id = view.Shape.Ids[0],
            State = run is null ? "unjudged" : EnumName<RunState>.Of(run.State),
            Revision = run?.Revision ?? 0,
            run?.WaitingFor,
            sums?.Cost,
            sums?.Tokens,
            LogsInAll = view.Lines.Count,
            LateLogs = view.LateLogs,
            Skip = skip,
            Logs = list.Items,
            NextSkip = next < view.Lines.Count ? next : (int?)null,
        });
    }

    /// <summary>
    /// The outermost Flow Log, where the caller may see it: else the Log itself, under which everything is seen.
    /// </summary>
    private async Task<string> HeadAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        var head = await reader.TraceIdAsync(id, cancellationToken) ?? id;
        return head == id || !caller.IsConfined || caller.MaySee(await stored.PathOfAsync(head)) ? head : id;
    }

    private static string? PathOf(TraceEntry entry) =>
        (entry.Log.Resolution?.FileId is { } file ? entry.Files.Files.GetValueOrDefault(file)?.Path : null)
        ?? entry.Log.Path;
}
