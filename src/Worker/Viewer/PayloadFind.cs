using System.Text.Json;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Viewer;

/// <summary>
/// Finds a text in all that a trace holds, and tells while it looks: a line of JSON for each page, with the ids of the
/// Logs that hold it and how many were looked at.
/// </summary>
internal static class PayloadFind
{
    private const int MostHits = 10_000;

    private static readonly byte[] LineEnd = [(byte)'\n'];

    public static async Task WriteAsync(
        Stream output, ITraceStore traces, string headId, string text, CancellationToken cancellationToken)
    {
        var search = new PayloadSearch(text);
        var (hits, lookedAt) = (0, 0);
        await foreach (var page in traces.MembersAsync(headId, cancellationToken))
        {
            lookedAt += page.Count;
            List<string> found = [.. page.Where(search.IsIn).Select(log => log.Id).Take(MostHits - hits)];
            hits += found.Count;
            var line = new { Hits = found, LookedAt = lookedAt, Cut = hits == MostHits };
            await JsonSerializer.SerializeAsync(output, line, PageJson.SnakeCase, cancellationToken);
            await output.WriteAsync(LineEnd, cancellationToken);
            await output.FlushAsync(cancellationToken);
            if (hits == MostHits)
                return;
        }
    }
}
