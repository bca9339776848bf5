using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// Looks at a trace's members one by one, and then says what they come to. One is used for one trace.
/// </summary>
/// <param name="Take">Given each member once, the head first; keeps none.</param>
/// <param name="Result">Once all were given; null is an abstention.</param>
internal sealed record Fold<T>(Action<Member> Take, Func<T?> Result)
    where T : struct
{
    /// <summary>What in the trace led to the result, in a few words; null where that is not noted.</summary>
    public Func<string?> Seen { get; init; } = () => null;
}
