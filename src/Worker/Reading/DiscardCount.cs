using Worker.Errors;
using Worker.Storage;

namespace Worker.Reading;

/// <summary>
/// Accounts for the dead letters that are gone: nobody throws one away without an entry of the audit.
/// </summary>
internal sealed class DiscardCount(IAuditStore audit)
{
    /// <summary>Throws <see cref="StoreUnavailableException"/>.</summary>
    public async Task AddAsync(StoreCounts counts, CancellationToken cancellationToken)
    {
        await foreach (var entry in audit.AllAsync(new(Act: AuditAct.LettersDiscarded), cancellationToken))
        {
            if (entry.Outcome is AuditOutcome.Begun or AuditOutcome.Failed)
                counts.DiscardedPerhaps += entry.SubjectCount;
            else
                counts.Discarded += entry.Counts.GetValueOrDefault("discarded");
        }

        await foreach (var entry in audit.AllAsync(new(Act: AuditAct.LogsDeleted), cancellationToken))
            counts.Discarded += entry.Counts.GetValueOrDefault("dead_letters");
    }

    /// <summary>
    /// The last time that a letter about that Log was thrown away, as the audit has it; null where none was.
    /// </summary>
    public async Task<AuditEntry?> LastAboutAsync(string logId, CancellationToken cancellationToken) =>
        await audit.ListAsync(new(Act: AuditAct.LettersDiscarded, Subject: logId), null, 1, cancellationToken)
            is [var last] ? last : null;
}
