using System.Collections.Immutable;

namespace Worker.Runs;

/// <summary>
/// The evaluation of one Log: the saga's document. One per judged Log, named by that Log's id. Immutable; written by
/// compare-and-set on <see cref="Version"/>. Holds nothing of MassTransit.
/// </summary>
internal sealed record Run
{
    public required string LogId { get; init; }

    /// <summary>
    /// 0 for a Log that is no verdict, 1 for a verdict on such a Log, 2 for a verdict on that, and so on. Said by the
    /// wake that made the document.
    /// </summary>
    public int Depth { get; init; }

    /// <summary>
    /// What the verdict is on, where <see cref="LogId"/> names one that a worker gave: that is no Log of the log store,
    /// and found among the verdicts on this one. Null for all that is. Said by the wake that made the document.
    /// </summary>
    public string? JudgedId { get; init; }

    /// <summary>
    /// The store's optimistic version: each write, a wake included, makes it one more. 0 is not stored yet.
    /// </summary>
    public int Version { get; init; }

    public RunState State { get; init; }

    /// <summary>How often content was judged: 0 before the first.</summary>
    public int Revision { get; init; }

    /// <summary>
    /// When the run is to be looked at next; null when nothing is owed. Set by wakes, and as the watch over running
    /// attempts.
    /// </summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>
    /// The <see cref="Version"/> at which the watch over running attempts became <see cref="Due"/>. While the two are
    /// equal no wake has come since: when the last Evaluator has answered, nothing is owed. Otherwise <see cref="Due"/>
    /// stands.
    /// </summary>
    public int WatchVersion { get; init; }

    /// <summary>A wake saw the Log finished by its own account; never undone.</summary>
    public bool Complete { get; init; }

    /// <summary>When the run's document was made.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>The digest of what <see cref="Revision"/> judges; null before the first.</summary>
    public string? Digest { get; init; }

    /// <summary>When <see cref="Revision"/> began.</summary>
    public DateTimeOffset? BegunAt { get; init; }

    /// <summary>When the last Evaluator of <see cref="Revision"/> had answered.</summary>
    public DateTimeOffset? JudgedAt { get; init; }

    public FinishedBy? FinishedBy { get; init; }

    /// <summary>The Evaluators of <see cref="Revision"/>.</summary>
    public ImmutableArray<Pin> Pins { get; init; } = [];

    /// <summary>
    /// What the run waits for, as a sentence, when it was due and could not begin (e.g. "output or error").
    /// </summary>
    public string? WaitingFor { get; init; }

    /// <summary>
    /// The members that were judged, where <c>Traces:Late</c> is <c>ignore</c>; null where content is judged again
    /// anyway.
    /// </summary>
    public ImmutableArray<string>? Members { get; init; }

    /// <summary>Who has claimed the run, until <see cref="LeaseUntil"/>.</summary>
    public string? Owner { get; init; }

    public DateTimeOffset? LeaseUntil { get; init; }
}
