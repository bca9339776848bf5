using System.Collections.Immutable;
using Worker.Traces;

namespace Worker.Runs;

/// <summary>What is to be saved of a run, and what follows once it is.</summary>
internal sealed record RunChange(Run Run)
{
    public ImmutableArray<Decision> Decisions { get; init; } = [];

    /// <summary>
    /// Verdicts that were reached in the same step, and are to be saved with the run; <see cref="Run"/> and
    /// <see cref="Decisions"/> include them already.
    /// </summary>
    public ImmutableArray<EvaluatorLog> Verdicts { get; init; } = [];

    /// <summary>
    /// The run before <see cref="Verdicts"/> were added to it: its revision has begun. Null where there are none.
    /// </summary>
    public Run? Begun { get; init; }

    /// <summary>A revision began: its trace has settled.</summary>
    public bool Begins { get; init; }

    /// <summary>The Evaluators that have not answered are to be run.</summary>
    public bool RunsEvaluators { get; init; }

    /// <summary>The Log that the run judges, where the step has read it.</summary>
    public Log? Head { get; init; }

    /// <summary>Members that came after judgement, and stay outside the trace.</summary>
    public ImmutableArray<string> Late { get; init; } = [];
}
