using Microsoft.Extensions.Options;
using Worker.Errors;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>Keeps the claim on a run while a long step works on it, or gives it up early, for others to take.</summary>
internal sealed partial class HeldClaims(
    IRunStore runs, IOptions<EvaluationOptions> options, TimeProvider time, ILogger<HeldClaims> logger)
{
    private readonly TimeSpan _lease = options.Value.Lease;

    /// <summary>Renews the claim at a third of its lease, until the work is over.</summary>
    public async Task<T> KeepAsync<T>(Run run, Func<Task<T>> work)
    {
        using var over = new CancellationTokenSource();
        var renewing = RenewAsync(run, over.Token);
        try
        {
            return await work();
        }
        finally
        {
            await over.CancelAsync();
            await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Lets the claim lapse after <paramref name="pause"/>, so that a worker that has room can claim the run.
    /// </summary>
    public Task LapseAsync(Run run, TimeSpan pause, CancellationToken cancellationToken) =>
        HoldAsync(run, pause, cancellationToken);

    private async Task RenewAsync(Run run, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_lease / 3, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await HoldAsync(run, _lease, cancellationToken);
            }
            catch (StoreUnavailableException failure)
            {
                ClaimNotRenewed(failure, run.LogId);
            }
        }
    }

    private Task HoldAsync(Run run, TimeSpan length, CancellationToken cancellationToken) =>
        run.Owner is { } owner
            ? runs.RenewAsync(run.LogId, owner, time.GetUtcNow() + length, cancellationToken)
            : Task.CompletedTask;

    [LoggerMessage(
        LogLevel.Warning, "Claim on the run of {LogId} was not renewed; another worker may take it as well")]
    private partial void ClaimNotRenewed(Exception failure, string logId);
}
