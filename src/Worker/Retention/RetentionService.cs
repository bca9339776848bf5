using Microsoft.Extensions.Options;
using Worker.Audit;
using Worker.Errors;
using Worker.Evaluation;
using Worker.Storage;

namespace Worker.Retention;

/// <summary>
/// Looks again and again for what is old enough to go. Of several workers one does it, as long as it lives: the lease
/// is renewed while it is at it, and outlasts the time between two looks.
/// </summary>
internal sealed partial class RetentionService(
    Sweep sweep,
    AuditTrail trail,
    IAttemptStore leases,
    WorkerId worker,
    IOptions<RetentionOptions> options,
    TimeProvider time,
    ILogger<RetentionService> logger) : BackgroundService
{
    private const string Lease = "retention";

    /// <summary>The id of no Log.</summary>
    private const string NoLog = "";

    /// <summary>How long a slice may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await LookAsync(stoppingToken);
            await Task.Delay(options.Value.Interval, time, stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await HoldAsync(cancellationToken))
                return;
            var report = await sweep.RunAsync(
                AuditActor.Worker, dryRun: false, _ => HoldAsync(cancellationToken), cancellationToken);
            var record = new ActRecord();
            report.Record(record);
            if (!record.IsNothing)
                await trail.NoteAsync(AuditAct.RetentionRun, record);
            foreach (var (rule, removed) in report.Rules)
                TracesRemoved(removed.Traces, removed.Logs, removed.Bytes, rule);
            if (report.GivenBack > 0)
                SpaceGivenBack(report.GivenBack.Value);
        }
        catch (Exception failure) when (StoreFailure.Is(failure))
        {
            RetentionFailed(failure.Message);
        }
    }

    private Task<bool> HoldAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return leases.TryTakeAsync(
            Lease, NoLog, worker.Value, now, now + options.Value.Interval + Patience, cancellationToken);
    }

    [LoggerMessage(
        LogLevel.Information, "Removed {Traces} traces with {Logs} Logs, about {Bytes} bytes, by the rule {Rule}")]
    private partial void TracesRemoved(long traces, long logs, long bytes, string rule);

    [LoggerMessage(LogLevel.Information, "Gave {Bytes} bytes of the store's file back to the disk")]
    private partial void SpaceGivenBack(long bytes);

    [LoggerMessage(
        LogLevel.Error, "What is too old could not be removed; this is tried again at the next look: {Reason}")]
    private partial void RetentionFailed(string reason);
}
