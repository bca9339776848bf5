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
/// <param name="remote">Null allows no code that came by message or API.</param>
/// <param name="audit">Null: nobody writes down what is new.</param>
internal sealed class EvaluatorVersions(
    EvaluatorCatalog catalog,
    IFileStore files,
    EvaluatorReader reader,
    RemoteCode? remote = null,
    EvaluatorAudit? audit = null)
{
    private readonly ConcurrentDictionary<string, Evaluator> _earlier = new(StringComparer.Ordinal);

    private bool IsRemoteAllowed => remote is { IsAllowed: true };

    /// <summary>Stores what the files hold, and writes down what was new. Free to repeat.</summary>
    public async Task StoreAsync(CancellationToken cancellationToken)
    {
        var all = catalog.All;
        var unknown = audit is null ? null : await audit.UnknownAsync(all, cancellationToken);
        await StoreAsync(all, cancellationToken);
        if (unknown is not null)
            await audit!.NoteAsync(unknown);
    }

    /// <summary>Stores what the files are going to hold. Free to repeat.</summary>
    public Task StoreAsync(
        IReadOnlyCollection<Evaluator> evaluators, CancellationToken cancellationToken) => files.AddAsync(
        [.. evaluators.Select(evaluator => new LoggedFile(evaluator.Id, LogKind.Evaluator, evaluator.Path))],
        [
            .. evaluators.Select(evaluator => new FileVersion(evaluator.VersionId, evaluator.Id, evaluator.Spec)
            {
                IsFromFiles = true,
            }),
        ],
        cancellationToken);

    /// <summary>Null when the files hold another Version by now, or none.</summary>
    public Evaluator? AtHand(Pin pin) => catalog.Version(pin.EvaluatorVersionId);

    /// <summary>
    /// Whether it may be attached by message: of what runs code or calls hosts, only what the files hold now. What they
    /// held once stands there for those who began with it, and nobody else may bring it back.
    /// </summary>
    public bool MayBeAttached(Evaluator evaluator) =>
        !evaluator.IsExecutable || IsRemoteAllowed || catalog.Version(evaluator.VersionId) is not null;

    /// <summary>
    /// Null when that Version is in no file and not stored, or cannot be read by this program. One that runs code or
    /// calls hosts, and did not come from the files, fails with the reason instead of running.
    /// </summary>
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
            || version.FileId != pin.EvaluatorId
            || reader.OfSpec(file.Path ?? file.Id, version.Details) is not { } read)
            return null;

        // A Version that had its id elsewhere keeps it.
        var evaluator = read with { Id = file.Id, VersionId = version.Id };
        if (evaluator.IsExecutable && !version.IsFromFiles && !IsRemoteAllowed)
            return evaluator with { Judging = evaluator.Judging with { Begin = null, Call = new RefusedCall() } };
        return _earlier[pin.EvaluatorVersionId] = evaluator;
    }

    /// <summary>Stands for what is not run.</summary>
    private sealed class RefusedCall : IEvaluatorCall
    {
        public Task<EvaluatorAnswer> AskAsync(EvaluatorInput input, CancellationToken cancellationToken) =>
            Task.FromResult(new EvaluatorAnswer(Judgment: null)
            {
                Error = "This Version runs code or calls a host, and came by message or API: it is not run. " +
                    $"Write it into the files of Evaluators, or set {RemoteCode.Key}.",
            });
    }
}
