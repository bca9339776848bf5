using System.Collections.Concurrent;
using Worker.Evaluation.Evaluators;
using Worker.Files;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>
/// The Versions of Evaluators, those that runs pinned before a file was changed included: each is stored as a Version
/// of its File when the worker starts, and read back from there.
/// </summary>
internal sealed class EvaluatorVersions(EvaluatorCatalog catalog, IFileStore files, EvaluatorReader reader)
{
    private readonly ConcurrentDictionary<string, Evaluator> _earlier = new(StringComparer.Ordinal);

    /// <summary>Stores what the files hold. Free to repeat.</summary>
    public Task StoreAsync(CancellationToken cancellationToken) => files.AddAsync(
        [.. catalog.All.Select(evaluator => new LoggedFile(evaluator.Id, LogKind.Evaluator, evaluator.Path))],
        [.. catalog.All.Select(evaluator => new FileVersion(evaluator.VersionId, evaluator.Id, evaluator.Spec))],
        cancellationToken);

    /// <summary>Null when the files hold another Version by now, or none.</summary>
    public Evaluator? AtHand(Pin pin) => catalog.Version(pin.EvaluatorVersionId);

    /// <summary>Null when that Version is in no file and not stored, or cannot be read by this program.</summary>
    public async ValueTask<Evaluator?> FindAsync(Pin pin, CancellationToken cancellationToken) =>
        AtHand(pin)
        ?? _earlier.GetValueOrDefault(pin.EvaluatorVersionId)
        ?? await ReadAsync(pin, cancellationToken);

    private async Task<Evaluator?> ReadAsync(Pin pin, CancellationToken cancellationToken)
    {
        var stored = await files.ReadAsync(
            [new FileKey(pin.EvaluatorId), new VersionKey(pin.EvaluatorVersionId)], cancellationToken);
        if (!stored.Versions.TryGetValue(pin.EvaluatorVersionId, out var version)
            || !stored.Files.TryGetValue(pin.EvaluatorId, out var file)
            || reader.OfSpec(file.Path ?? file.Id, version.Details) is not { } evaluator)
            return null;
        return _earlier[pin.EvaluatorVersionId] = evaluator;
    }
}
