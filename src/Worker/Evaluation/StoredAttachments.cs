using System.Collections.Frozen;
using Worker.Errors;
using Worker.Files;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>
/// Evaluators that were attached to Files by message: read from the store, and given to the catalog beside those of
/// the files. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class StoredAttachments(
    IMonitoringStore monitorings, IFileStore files, EvaluatorCatalog catalog, EvaluatorVersions versions)
{
    /// <summary>
    /// Reads them again. Where an Environment decides, it is the Version that is deployed there now; where nothing is
    /// deployed in the default one, it is the Version in the files. One that this worker cannot run is passed over.
    /// </summary>
    /// <returns>Those that it could run, and does not (see <see cref="EvaluatorVersions.MayBeAttached"/>).</returns>
    public async Task<IReadOnlyCollection<(string FileId, Pin Pin)>> RefreshAsync(CancellationToken cancellationToken)
    {
        var active = (await monitorings.ReadAsync(null, cancellationToken)).Where(each => each.IsActive).ToList();
        var slots = active.Where(each => each.VersionId is null).Select(each => SlotOf(each).Key).ToHashSet();
        var deployed = slots.Count == 0
            ? []
            : (await files.ReadAsync([.. slots], cancellationToken)).Deployments
                .ToDictionary(slot => slot.Key, slot => slot.VersionId);
        var attached = new List<(string FileId, Evaluator Evaluator)>();
        var refused = new List<(string, Pin)>();
        foreach (var each in active)
        {
            var slot = SlotOf(each);
            var version = each.VersionId ?? deployed.GetValueOrDefault(slot.Key) ?? InFiles(slot);
            if (version is null)
                continue;
            var pin = new Pin(each.EvaluatorId, version, Outcome.Waiting, null);
            if (await versions.FindAsync(pin, cancellationToken) is not { } evaluator)
                continue;
            if (versions.MayBeAttached(evaluator))
                attached.Add((each.FileId, evaluator));
            else
                refused.Add((each.FileId, pin));
        }

        catalog.Attach(attached.GroupBy(each => each.FileId, StringComparer.Ordinal).ToFrozenDictionary(
            file => file.Key, file => file.Select(each => each.Evaluator).ToArray(), StringComparer.Ordinal));
        return refused;
    }

    private static Deployment SlotOf(Monitoring monitoring) =>
        new(monitoring.EvaluatorId, monitoring.Environment ?? Deployment.DefaultEnvironment, null);

    private string? InFiles(Deployment slot) => slot.Environment == Deployment.DefaultEnvironment
        ? catalog.All.FirstOrDefault(evaluator => evaluator.Id == slot.FileId)?.VersionId
        : null;
}
