using Worker.Diagnostics;
using Worker.Traces;

namespace Worker.Viewer;

/// <summary>
/// How the worker is, as the page reads it. Instants and lengths are microseconds; what is not known is null.
/// </summary>
internal static class StatusJson
{
    public static object Of(Status status, DateTimeOffset now) => new
    {
        ThisWorker.Version,
        Now = Timestamps.ToMicroseconds(now),
        status.Missing,
        status.Stalls,
        status.Intake,
        Queues = status.Queues?.Select(queue => new { Name = queue.Key, Messages = queue.Value }),
        Inbox = status.Inbox is { } inbox
            ? new { inbox.Messages, inbox.Bytes, Oldest = Micro(inbox.Oldest), status.IsSpill }
            : null,
        status.IsPaused,
        Received = status.Done?.Received,
        Judged = status.Done?.Judged,
        Held = status.Held is { } held ? new { held.Messages, For = (long)held.For.TotalMicroseconds } : null,
        Due = status.Due is { } due
            ? new { due.Count, IsMore = due.Count >= StatusReader.MostDue, Oldest = Micro(due.Oldest) }
            : null,
        WaitForPaused = status.Waiting?.Paused,
        WaitForBudget = status.Waiting?.OverBudget,
        NotAsked = status.NotAsked.Select(each => new { each.Path, Until = Micro(each.Until) }),
        Budgets = status.Budgets?.Select(budget => new { budget.Path, budget.Left }),
        DeadLetters = status.Letters?.Count,
        Workers = status.Workers?.Select(worker => new
        {
            worker.Host,
            Pid = worker.ProcessId,
            worker.Version,
            worker.Role,
            StartedAt = Micro(worker.StartedAt),
            SeenAt = Micro(worker.SeenAt),
            IsSelf = worker.Id == status.Self,
        }),
    };

    private static long? Micro(DateTimeOffset? instant) =>
        instant is { } known ? Timestamps.ToMicroseconds(known) : null;
}
