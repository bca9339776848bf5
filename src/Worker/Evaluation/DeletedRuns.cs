using Worker.Runs;
using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>
/// The runs of Logs that were deleted go with them; but whoever wrote a Log beneath, or repeats a message, may have
/// read the Log before it was deleted and wake its run after that was dropped, which opens it again. Such a run is
/// dropped when it is due: a deleted Log never comes back. Throws <see cref="Errors.StoreUnavailableException"/>.
/// </summary>
internal sealed class DeletedRuns(ILogStore logs, IRunStore runs)
{
    /// <summary>Called where the run's Log was not found.</summary>
    /// <returns>False where the Log was not deleted.</returns>
    public async Task<bool> DropAsync(Run run, CancellationToken cancellationToken)
    {
        var stored = await logs.ReadAsync([run.LogId], cancellationToken);
        if (stored.GetValueOrDefault(run.LogId) is not { IsDeleted: true })
            return false;
        await runs.DropAsync([run.LogId], cancellationToken);
        return true;
    }
}
