using Worker.Traces;

namespace Worker.Runs;

/// <summary>One verdict on one Log. Never a member of a trace.</summary>
internal sealed record EvaluatorLog
{
    /// <summary>
    /// Derived from Log, revision, Evaluator and Version: whoever judges again gets the same id, and the first stands.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>The judged Log (<c>parent_id</c> on the wire).</summary>
    public required string LogId { get; init; }

    public required int Revision { get; init; }

    public required string EvaluatorId { get; init; }

    public required string EvaluatorVersionId { get; init; }

    /// <summary>The Evaluator's path.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// boolean, number, string or list of strings; null is an abstention, or a failure when <see cref="Error"/> is set.
    /// </summary>
    public JsonValue? Judgment { get; init; }

    public string? Error { get; init; }

    /// <summary>Why, in the Evaluator's own words.</summary>
    public string? Reason { get; init; }

    public string? Stdout { get; init; }

    public required DateTimeOffset StartTime { get; init; }

    public required DateTimeOffset EndTime { get; init; }

    /// <summary>What else an Evaluator that was called has said, an object; null where there is nothing.</summary>
    public JsonValue? Details { get; init; }

    /// <summary>The Evaluator's spec as pinned.</summary>
    public JsonValue? Spec { get; init; }
}
