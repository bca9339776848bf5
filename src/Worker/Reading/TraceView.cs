using Worker.Evaluation;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>A Log with everything under it, and what is known about it, as read at one time.</summary>
internal sealed record TraceView
{
    /// <summary>The Log that was asked for, as head, and what is under it; without late Logs.</summary>
    public required Trace Trace { get; init; }

    /// <summary>The outermost Flow Log above the head, or the head itself; null when there is none.</summary>
    public required Log? Outermost { get; init; }

    /// <summary>All verdicts, by judged Log, oldest revision first, by path.</summary>
    public required ILookup<string, EvaluatorLog> Verdicts { get; init; }

    /// <summary>The revision that stands, by judged Log.</summary>
    public required IReadOnlyDictionary<string, int> Revisions { get; init; }

    public required FileCatalog Files { get; init; }

    /// <summary>Logs that came after judgement and are kept outside the trace, where <c>Traces:Late</c> is <c>ignore</c>.</summary>
    public required int LateLogs { get; init; }

    public IEnumerable<EvaluatorLog> CurrentVerdicts(string logId) => Verdicts[logId].Where(verdict => !IsSuperseded(verdict));

    public bool IsSuperseded(EvaluatorLog verdict) => verdict.Revision < Revisions.GetValueOrDefault(verdict.LogId);
}
