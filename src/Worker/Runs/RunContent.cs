using System.Collections.Immutable;
using Worker.Traces;

namespace Worker.Runs;

/// <summary>What was read of a run's Log and everything under it.</summary>
/// <param name="Missing">
/// What the Log lacks to be finished by its own account, as a few words; null when it is finished.
/// </param>
/// <param name="IsOnCycle">Going up from the Log leads back to it: it belongs to no trace.</param>
/// <param name="Members">The ids of the Log and all under it.</param>
/// <param name="Evaluators">Those attached now that are asked, as they would be pinned.</param>
internal sealed record RunContent(
    string? Missing, bool IsOnCycle, string Digest, IReadOnlyList<string> Members, ImmutableArray<Pin> Evaluators)
{
    /// <summary>It has no end, and is judged whenever it has been left alone for long enough.</summary>
    public bool IsConversation { get; init; }

    /// <summary>Those attached now whose verdicts come from outside: nobody waits for them.</summary>
    public ImmutableArray<Pin> Outside { get; init; } = [];

    /// <param name="head">The run's Log.</param>
    /// <param name="shape">Of that Log and all under it.</param>
    /// <param name="attached">The Evaluators attached to it, as they would be pinned.</param>
    public static RunContent From(Log head, TraceShape shape, string digest, ImmutableArray<Pin> attached) => new(
        MissingIn(head),
        head.ParentId is { } parent && shape.PlaceOf(parent) >= 0,
        digest,
        shape.Ids,
        attached)
    {
        IsConversation = head.IsConversation,
    };

    /// <summary>Null when the Log is finished by its own account.</summary>
    public static string? MissingIn(Log log)
    {
        if (log.Kind != LogKind.Flow)
            return log.IsFinished ? null : log.HadOutput
                || log.HadError ? "a log_status other than incomplete"
                : log.Kind == LogKind.Evaluator ? "a judgment, output or error" : "output or error";
        return log.IsComplete ? null
            : log.CompletionRequestedAt is not null ? "output or error"
            : log.HadOutput || log.HadError ? "trace_status complete"
            : "trace_status complete, and output or error";
    }
}
