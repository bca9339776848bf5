using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Worker.Audit;
using Worker.Storage;

namespace Worker.Retention;

/// <summary>
/// One look at all that is old: traces, tombstones, dead letters without a broker, and entries of the audit. Killed at
/// any moment and made again, it ends in the same state; two at once do no harm.
/// </summary>
internal sealed class Sweep(
    TraceSweep traces,
    TraceRemoval removal,
    IAgeListing ages,
    IRemovalStore removals,
    RetentionRules rules,
    IAuditStore audit,
    LetterAudit letterAudit,
    IOptions<RetentionOptions> options,
    TimeProvider time,
    ISpace? space = null,
    IDeadLetterStore? letters = null)
{
    private const int Tombstones = 500;
    private const int AuditEntries = 500;

    private readonly RetentionOptions _options = options.Value;

    /// <summary>Something is configured to be removed, beside what the audit has kept for long enough.</summary>
    public bool IsOn => rules.All.Count > 0 || _options.DeadLetters is not null || _options.MaxBytes is not null;

    /// <param name="actor">For whom dead letters are thrown away.</param>
    /// <param name="dryRun">Only counts.</param>
    /// <param name="goesOn">Asked before each next write; false ends it.</param>
    public async Task<SweepReport> RunAsync(
        AuditActor actor, bool dryRun, Func<SweepReport, Task<bool>> goesOn, CancellationToken cancellationToken)
    {
        var (report, now) = (new SweepReport { DryRun = dryRun }, time.GetUtcNow());
        if (!dryRun)
        {
            await removal.ResumeAsync(
                count =>
                {
                    report.Resumed += count;
                    return ThrottleAsync(count, cancellationToken);
                },
                cancellationToken);
        }

        if (IsOn && await RemoveTracesAsync(report, now, goesOn, cancellationToken))
        {
            await ForgetAsync(report, now, goesOn, cancellationToken);
            await DiscardAsync(actor, report, now, goesOn, cancellationToken);
        }

        await ForgetAuditAsync(report, now - _options.Audit, cancellationToken);

        if (!dryRun && space is not null && report is not { Logs: 0, Resumed: 0, Tombstones: 0, DeadLetters: 0 })
            report.GivenBack = await space.GiveBackAsync(cancellationToken);
        return report;
    }

    /// <summary>Small traces go together, a large one alone.</summary>
    private async Task<bool> RemoveTracesAsync(
        SweepReport report,
        DateTimeOffset now,
        Func<SweepReport, Task<bool>> goesOn,
        CancellationToken cancellationToken)
    {
        var excess = _options.MaxBytes is { } most && space is not null
            ? await space.InUseAsync(cancellationToken) - most
            : 0;
        var (group, size) = (new List<OldTrace>(), 0);
        await foreach (var (rule, trace) in traces.FindAsync(now, excess, () => report.Pinned++, cancellationToken))
        {
            report.Add(rule, trace);
            if (size + trace.LogIds.Count > TraceRemoval.Slice && !await RemoveAsync())
                return false;
            group.Add(trace);
            size += trace.LogIds.Count;
        }

        return await RemoveAsync();

        async Task<bool> RemoveAsync()
        {
            if (!report.DryRun && group.Count > 0)
                await RemoveGroupAsync(group, now, cancellationToken);
            group.Clear();
            size = 0;
            return await goesOn(report);
        }
    }

    private Task RemoveGroupAsync(List<OldTrace> group, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ImmutableArray<string> heads = [.. group.Select(trace => trace.Head.Id)];
        return removal.RemoveAsync(
            heads,
            group.SelectMany(trace => trace.LogIds.Skip(1)),
            now,
            count => ThrottleAsync(count, cancellationToken),
            cancellationToken);
    }

    private async Task ForgetAsync(
        SweepReport report,
        DateTimeOffset now,
        Func<SweepReport, Task<bool>> goesOn,
        CancellationToken cancellationToken)
    {
        var until = now - _options.Tombstones;
        if (report.DryRun)
        {
            report.Tombstones = (await ages.TombstonesAsync(until, int.MaxValue, cancellationToken)).Count;
            return;
        }

        int forgotten;
        do
        {
            var ids = await ages.TombstonesAsync(until, Tombstones, cancellationToken);
            forgotten = ids.Count == 0 ? 0 : await removals.ForgetAsync(ids, cancellationToken);
            report.Tombstones += forgotten;
            await ThrottleAsync(forgotten, cancellationToken);
        }
        while (forgotten > 0 && await goesOn(report));
    }

    /// <summary>Until one is met that is younger: they stand about in the order of their age.</summary>
    private async Task DiscardAsync(
        AuditActor actor,
        SweepReport report,
        DateTimeOffset now,
        Func<SweepReport, Task<bool>> goesOn,
        CancellationToken cancellationToken)
    {
        if (_options.DeadLetters is not { } age || letters is not { Exists: true } store)
            return;
        var old = store.ListAsync(cancellationToken)
            .TakeWhile(letter => letter.FirstReceived <= now - age)
            .Select(letter => letter with { Body = null });
        await foreach (var slice in old.Chunk(ActRecord.Most))
        {
            report.DeadLetters += report.DryRun
                ? slice.Length
                : await letterAudit.RecordAsync(actor, slice, "Retention:DeadLetters", RemoveAsync, cancellationToken);
            if (!await goesOn(report))
                return;

            async Task<int> RemoveAsync()
            {
                var removed = 0;
                foreach (var letter in slice)
                    removed += await store.DiscardAsync(letter.DeadLetterId, cancellationToken) ? 1 : 0;
                return removed;
            }
        }
    }

    private async Task ForgetAuditAsync(SweepReport report, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (report.DryRun)
        {
            var entries = audit.AllAsync(new(Until: until), cancellationToken);
            report.AuditEntries = await entries.LongCountAsync(cancellationToken);
            return;
        }

        int forgotten;
        do
        {
            forgotten = await audit.ForgetAsync(until, AuditEntries, cancellationToken);
            report.AuditEntries += forgotten;
            await ThrottleAsync(forgotten, cancellationToken);
        }
        while (forgotten == AuditEntries);
    }

    private Task ThrottleAsync(int count, CancellationToken cancellationToken) => count == 0
        ? Task.CompletedTask
        : Task.Delay(TimeSpan.FromSeconds((double)count / _options.PerSecond), time, cancellationToken);
}
