using Worker.Files;
using Worker.Runs;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>One Log of a trace as people see it, in its place, with what is known about it.</summary>
internal sealed record TraceEntry
{
    public static readonly ILookup<string, EvaluatorLog> NoVerdicts =
        Array.Empty<EvaluatorLog>().ToLookup(verdict => verdict.LogId);

    public required Log Log { get; init; }

    public required TraceLine Line { get; init; }

    /// <summary>From when to when: a Flow Log with everything under it, any other by its own account.</summary>
    public required LogSpan Span { get; init; }

    /// <summary>As <see cref="Span"/>.</summary>
    public required LogSums Sums { get; init; }

    /// <summary>The verdicts from outside, read while they are shown: there may be any number.</summary>
    public required IAsyncEnumerable<PostedVerdict> Posted { get; init; }

    /// <summary>All verdicts of the Evaluators here, oldest revision first, by path.</summary>
    public required IReadOnlyList<EvaluatorLog> Verdicts { get; init; }

    /// <summary>The verdicts on <see cref="Verdicts"/>, and on one another, by what they are on.</summary>
    public ILookup<string, EvaluatorLog> OnVerdicts { get; init; } = NoVerdicts;

    /// <summary>The revision that stands; 0 where none does.</summary>
    public required int Revision { get; init; }

    /// <summary>Holds the Log's File and Version, where they are stored.</summary>
    public required FileCatalog Files { get; init; }

    /// <summary>What was dropped or odd when the Log came, and what is odd about it now, as sentences.</summary>
    public IEnumerable<string> Problems => Span.IsReversed
        ? Log.Problems.Append("It ends before it starts: it has no duration.")
        : Log.Problems;

    /// <param name="allRevisions">Also those that later content superseded.</param>
    public IEnumerable<EvaluatorLog> Shown(bool allRevisions) => allRevisions
        ? Verdicts
        : Verdicts.Where(verdict => !IsSuperseded(verdict));

    public bool IsSuperseded(EvaluatorLog verdict) => verdict.Revision < Revision;
}
