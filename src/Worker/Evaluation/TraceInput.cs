using Microsoft.Extensions.Options;
using Worker.Reading;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// A trace as an Evaluator that is called gets it: the judged Log as JSON with what is under it, without verdicts, cut
/// where it is too large. Throws <see cref="Errors.StoreUnavailableException"/>.
/// </summary>
internal sealed class TraceInput(TraceReader reader, IOptions<EvaluationOptions> options)
{
    /// <summary>About what a Log's JSON takes beside its values.</summary>
    private const int Envelope = 1_200;

    private readonly int _maxBytes = options.Value.MaxTraceBytes;

    /// <param name="trace">Read to its end.</param>
    /// <returns>Null where the trace has changed since it was read.</returns>
    public async Task<TraceJson?> OfAsync(OpenTrace trace, CancellationToken cancellationToken)
    {
        var sums = new FlowSums(trace.Shape);
        if (!await trace.GiveAsync(member => sums.Add(member.Log), cancellationToken))
            return null;

        var whole = await reader.OutlineAsync(trace.Shape, sums, cancellationToken);
        var view = Cut(whole);
        var isTruncated = view.Lines.Count < whole.Lines.Count;
        using var json = new MemoryStream();
        var written = new Entries(view);
        await LogJson.WriteAsync(
            json,
            view,
            written.CheckedAsync(reader.EntriesAsync(
                view, withVerdicts: false, cancellationToken, held: trace.IsVerdict ? trace.Head : null)),
            new() { IsTruncated = isTruncated },
            cancellationToken);
        return written.IsWhole ? new(json.GetBuffer().AsMemory(0, (int)json.Length), isTruncated) : null;
    }

    /// <summary>Level by level from the head on, as far as the room goes.</summary>
    private TraceView Cut(TraceView view)
    {
        var bytes = 0L;
        var kept = view.Lines
            .OrderBy(line => line.Depth)
            .TakeWhile(line => (bytes += view.Shape[line.Place].Bytes + Envelope) <= _maxBytes || line.Place == 0)
            .Select(line => line.Place)
            .ToHashSet();
        return kept.Count == view.Lines.Count
            ? view
            : view with { Lines = [.. view.Lines.Where(line => kept.Contains(line.Place))] };
    }

    /// <summary>Looks whether every Log of the view came, and as it was when the view was read.</summary>
    private sealed class Entries(TraceView view)
    {
        private int _same;

        public bool IsWhole => _same == view.Lines.Count;

        public async IAsyncEnumerable<TraceEntry> CheckedAsync(IAsyncEnumerable<TraceEntry> entries)
        {
            await foreach (var entry in entries)
            {
                _same += entry.Log.Version == view.Shape[entry.Line.Place].Version ? 1 : 0;
                yield return entry;
            }
        }
    }
}
