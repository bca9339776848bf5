using System.Text.Json;
using Worker.Front;
using Worker.Reading;

namespace Worker.Viewer.Mcp;

/// <summary>The traces that fit a search, as the viewer's list and <c>worker logs query</c> have them.</summary>
internal sealed class ListTraces(TraceLister lister, TimeProvider time)
{
    private const int Usual = 20;
    private const int Most = 100;

    private static readonly string Search =
        "Words that inputs, output or error have, and FIELD:VALUE, each with - before it where it must not hold; all "
        + "have to hold. Fields: "
        + string.Join("; ", TraceQuery.Fields.Select(field => $"{field.Key}: {field.Value}"))
        + ". Left out, all traces.";

    public McpTool Describe() => McpTool.Of(
        "list_traces",
        "List traces",
        "Lists the traces that fit a search, newest first, each with its path, status, duration, cost, the beginning "
        + "of its inputs, output and error, and its verdicts. A text that ends with … was cut. Where the answer has "
        + "next, there may be more: call again with after. " + McpTools.Untrusted,
        [
            ("query", "string", Search),
            ("limit", "integer", $"Traces at most, 1 to {Most}; {Usual} where it is left out."),
            ("after", "string", "What the answer before had as next."),
        ],
        required: [],
        RunAsync);

    private async Task<JsonElement> RunAsync(
        McpArguments arguments, Caller caller, CancellationToken cancellationToken)
    {
        var query = TraceQuery.Parse(arguments.Text("query"), time.GetUtcNow(), out var problem)
            ?? throw McpArguments.Bad("query: " + problem!.TrimEnd('.'));
        var limit = arguments.Number("limit", 1, Most, Usual);
        var place = arguments.Text("after");
        var after = TraceCursor.Parse(place);
        if (place is not null && after is null)
            throw McpArguments.Bad("after has to be what the answer before had as next");

        var page = await lister.ListAsync(query, after, limit, caller.MaySee, cancellationToken);
        var list = new BoundedList();
        var shown = page.Rows.TakeWhile(row => list.TryAdd(McpJson.Of(row))).ToList();
        var next = shown.Count < page.Rows.Count ? TraceCursor.Of(shown[^1].Log) : page.Next;
        return McpJson.Write(new
        {
            Traces = list.Items,
            Next = next?.ToString(),
            Note = page.IsCut
                ? $"{page.LookedAt} traces were looked at, and there are older ones; narrow the search by since, "
                    + "until or path, or go on with next."
                : null,
        });
    }
}
