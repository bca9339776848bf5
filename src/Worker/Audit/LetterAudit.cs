using Worker.DeadLetters;
using Worker.Storage;

namespace Worker.Audit;

/// <summary>
/// Puts letters back and throws them away as somebody asks for it, and writes that down. What is thrown away is
/// remembered letter by letter, by its id and that of its Log, before it goes. Throws as <see cref="IDeadLetters"/> and
/// <see cref="AuditTrail"/> do.
/// </summary>
internal sealed class LetterAudit(IDeadLetters letters, AuditTrail trail)
{
    /// <param name="asked">In words: which letters were asked for.</param>
    public Task<RedriveReport> RedriveAsync(
        AuditActor actor, DeadLetterFilter filter, string asked, bool canary, CancellationToken cancellationToken)
    {
        var record = new ActRecord { Note = asked };
        return trail.RecordAsync(
            actor,
            AuditAct.LettersRedriven,
            record,
            async () =>
            {
                var report = await letters.RedriveAsync(
                    filter, canary, letter => record.Add(letter.DeadLetterId, letter.LogId), cancellationToken);
                record.Count("redriven", report.Redriven);
                record.Count("withheld", report.Withheld);
                record.IsNothing = report is { Redriven: 0, Stopped: null };
                if (report.Stopped is not null)
                    record.Note = $"{asked}; it stopped before the others";
                return report;
            },
            cancellationToken);
    }

    /// <summary>One entry for as many letters as it can name.</summary>
    public Task<int> DiscardAsync(
        AuditActor actor, DeadLetterFilter filter, string asked, CancellationToken cancellationToken) =>
        letters.DiscardAsync(
            filter,
            (slice, discard) => RecordAsync(actor, slice, asked, discard, cancellationToken),
            cancellationToken);

    /// <summary>Writes down that those letters go, and lets them.</summary>
    public Task<int> RecordAsync(
        AuditActor actor,
        IReadOnlyList<DeadLetter> slice,
        string asked,
        Func<Task<int>> discard,
        CancellationToken cancellationToken)
    {
        var record = new ActRecord { Note = asked };
        foreach (var letter in slice)
        {
            record.Add(letter.DeadLetterId, letter.LogId);
            record.Count($"reason {letter.Reason}", 1);
        }

        return trail.RecordAsync(
            actor,
            AuditAct.LettersDiscarded,
            record,
            async () =>
            {
                var discarded = await discard();
                record.Count("discarded", discarded);
                return discarded;
            },
            cancellationToken);
    }
}
