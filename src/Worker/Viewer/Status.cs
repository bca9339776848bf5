using Worker.Storage;

namespace Worker.Viewer;

/// <summary>
/// How the worker is, as the status page shows it. Null is not known: the server that would say does not answer, or
/// this process does not do that work, as a front alone.
/// </summary>
internal sealed record Status
{
    /// <summary>What is missing for the worker to do its work, a sentence each, without a full stop.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>What stands still, likewise.</summary>
    public required IReadOnlyList<string> Stalls { get; init; }

    /// <summary>What messages are put into.</summary>
    public required string Intake { get; init; }

    /// <summary>Ready messages by queue of the broker; null without one, or where nobody asks it.</summary>
    public required IReadOnlyDictionary<string, long>? Queues { get; init; }

    /// <summary>What the local inbox holds: what waits to be drained, or with a broker what waits for that.</summary>
    public required InboxSize? Inbox { get; init; }

    /// <summary>Whether <see cref="Inbox"/> is kept for a broker.</summary>
    public required bool IsSpill { get; init; }

    public required bool? IsPaused { get; init; }

    /// <summary>Messages that this process has received since it began, and revisions that it has judged.</summary>
    public required (long Received, long Judged)? Done { get; init; }

    /// <summary>Messages that this process has taken and not settled, and since when the oldest is held.</summary>
    public required (long Messages, TimeSpan For)? Held { get; init; }

    public required DueRuns? Due { get; init; }

    /// <summary>Judgments that wait for Evaluators that are paused, and for a budget.</summary>
    public required WaitingJudgments? Waiting { get; init; }

    public required IReadOnlyList<(string Path, DateTimeOffset Until)> NotAsked { get; init; }

    public required IReadOnlyList<(string Path, double Left)>? Budgets { get; init; }

    public required LetterCount? Letters { get; init; }

    /// <summary>Who shares the store, who was seen last first.</summary>
    public required IReadOnlyList<SeenWorker>? Workers { get; init; }

    /// <summary>The id of the one that answers.</summary>
    public required string Self { get; init; }
}

/// <summary>Runs that are due, counted to <see cref="StatusReader.MostDue"/>.</summary>
internal sealed record DueRuns(long Count, DateTimeOffset? Oldest);

/// <summary>Pairs of Log and Evaluator that wait.</summary>
internal sealed record WaitingJudgments(long Paused, long OverBudget);

/// <summary>How many dead letters there are.</summary>
internal sealed record LetterCount(long Count);
