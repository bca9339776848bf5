using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// A Log with everything under it, in outline, as read at one time. Without late Logs and what is under them.
/// </summary>
internal sealed record TraceView
{
    /// <summary>The Log that was asked for, as head, and what is under it.</summary>
    public required TraceShape Shape { get; init; }

    /// <summary>Its Logs in the order in which they are shown.</summary>
    public required IReadOnlyList<TraceLine> Lines { get; init; }

    /// <summary>What its Flow Logs come to.</summary>
    public required FlowSums Sums { get; init; }

    /// <summary>The outermost Flow Log above the head, or the head itself; null when there is none.</summary>
    public required Log? Outermost { get; init; }

    /// <summary>
    /// Logs that came after judgement and are kept outside the trace, where <c>Traces:Late</c> is <c>ignore</c>.
    /// </summary>
    public required int LateLogs { get; init; }

    /// <summary>More than a store gives at once: not to be held, or written as one, without need.</summary>
    public bool IsLarge =>
        Lines.Count > MemberPage.MaxLogs || Lines.Sum(line => (long)Shape[line.Place].Bytes) > MemberPage.MaxBytes;

    /// <summary>The head alone, with what it comes to.</summary>
    public TraceView WithoutChildren() => this with { Lines = [Lines[0]] };
}
