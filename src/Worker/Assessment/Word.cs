using Worker.Traces;

namespace Worker.Assessment;

/// <summary>What people's verdicts on one Log come to.</summary>
internal sealed record Word
{
    /// <summary>How many people gave a judgment.</summary>
    public required int Said { get; init; }

    /// <summary>How many verdicts are no judgment.</summary>
    public required int Abstained { get; init; }

    /// <summary>How many verdicts are errors.</summary>
    public required int Failed { get; init; }

    /// <summary>Null where there is none, or there is no saying which.</summary>
    public JsonValue? Judgment { get; init; }

    /// <summary>No judgment was given by more people than every other.</summary>
    public bool IsSplit { get; init; }

    /// <summary>One of the judgments cannot be compared with the Evaluator's.</summary>
    public bool IsUnfit { get; init; }

    public bool IsUnanimous { get; init; }
}
