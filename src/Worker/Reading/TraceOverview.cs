using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Worker.Errors;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// A whole trace as a picture of it needs it: its outline, and of each Log a few words and its verdicts. Some hundred
/// bytes a Log; no payload is read.
/// </summary>
internal sealed class TraceOverview
{
    private readonly List<OverviewLog> _logs = [];
    private readonly XxHash64 _tag = new();

    private TraceOverview()
    {
    }

    /// <summary>Who is under whom, and when.</summary>
    public TraceShape Shape { get; } = new();

    /// <summary>By place.</summary>
    public IReadOnlyList<OverviewLog> Logs => _logs;

    /// <summary>In the order in which they are shown.</summary>
    public IReadOnlyList<TraceLine> Lines { get; private set; } = [];

    /// <summary>Those that stand, by the place of their Log.</summary>
    public IReadOnlyList<(int Place, RowVerdict Verdict)> Verdicts { get; private set; } = [];

    /// <summary>The evaluation of the head; null when there is none.</summary>
    public Run? Run { get; private set; }

    /// <summary>The head itself.</summary>
    public Log Head { get; private set; } = null!;

    /// <summary>There may be more than was asked for; what is there has all above it.</summary>
    public bool IsPart { get; private set; }

    /// <summary>Changes with whatever is shown.</summary>
    public string Tag => Convert.ToHexStringLower(_tag.GetCurrentHash());

    /// <summary>
    /// Null when the Log is not stored or was deleted. Throws <see cref="StoreUnavailableException"/>.
    /// </summary>
    /// <param name="most">From so many Logs on nothing more is read, level by level from the head on.</param>
    public static async Task<TraceOverview?> ReadAsync(
        string headId,
        ITraceStore traces,
        IEvaluatorLogStore verdicts,
        IRunStore runs,
        int most,
        CancellationToken cancellationToken)
    {
        var overview = new TraceOverview();
        var found = new List<(int Place, RowVerdict Verdict)>();
        await foreach (var page in traces.OutlineAsync(headId, cancellationToken))
        {
            foreach (var log in page)
                overview.Add(log);
            var judged = await verdicts.ReadAsync([.. page.Select(log => log.Id)], cancellationToken);
            foreach (var ofLog in judged.GroupBy(verdict => verdict.LogId))
            {
                var standing = ofLog.Max(verdict => verdict.Revision);
                var place = overview.Shape.PlaceOf(ofLog.Key);
                found.AddRange(ofLog.Where(verdict => verdict.Revision == standing)
                    .Select(verdict => (place, RowVerdict.Of(verdict))));
                overview.Mark(ofLog.Last().Id, standing);
            }

            overview.IsPart = overview.Shape.Count >= most;
            if (overview.IsPart)
                break;
        }

        if (overview.Shape.Count == 0)
            return null;
        overview.Lines = TraceOutline.Lines(overview.Shape);
        overview.Verdicts = found;
        overview.Run = await runs.ReadAsync(headId, cancellationToken);
        overview.Mark(overview.Run?.State.ToString() ?? "", overview.Run?.Revision ?? 0);
        return overview;
    }

    private void Add(Log log)
    {
        if (Shape.Count == 0)
            Head = log;
        Shape.Add(log);
        _logs.Add(OverviewLog.Of(log));
        Mark(log.Id, log.Version);
    }

    private void Mark(string id, int version)
    {
        _tag.Append(Encoding.UTF8.GetBytes(id));
        _tag.Append(MemoryMarshal.AsBytes([version]));
    }
}
