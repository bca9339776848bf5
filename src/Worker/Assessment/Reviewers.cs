using Worker.Evaluation;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Assessment;

/// <summary>
/// Tells people's verdicts from others: those of the Evaluators that were named, or, where none was, of those that are
/// <c>human</c> by their file or by the Version that the verdict names. Throws
/// <see cref="Errors.StoreUnavailableException"/>.
/// </summary>
internal sealed class Reviewers(IFileStore files, EvaluatorCatalog catalog, IReadOnlySet<string> named)
{
    private const int Remembered = 10_000;

    private readonly Dictionary<string, string?> _paths = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonValue?> _specs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _humans =
        [.. catalog.All.Where(evaluator => evaluator.IsHuman).Select(evaluator => evaluator.Id)];

    /// <summary>Looks up what the verdicts name, in one round trip at most.</summary>
    public async Task LookUpAsync(IReadOnlyCollection<Log> verdicts, CancellationToken cancellationToken)
    {
        if (_paths.Count + _specs.Count > Remembered)
        {
            _paths.Clear();
            _specs.Clear();
        }

        var fileIds = Missing(verdicts.Select(verdict => verdict.Resolution?.FileId), _paths);
        var versionIds = Missing(verdicts.Select(verdict => verdict.Resolution?.VersionId), _specs);
        if (fileIds.Count + versionIds.Count == 0)
            return;
        var found = await files.ReadAsync(
            [.. fileIds.Select(id => new FileKey(id)), .. versionIds.Select(id => new VersionKey(id))],
            cancellationToken);
        foreach (var id in fileIds)
            _paths[id] = found.Files.GetValueOrDefault(id)?.Path;
        foreach (var id in versionIds)
            _specs[id] = found.Versions.GetValueOrDefault(id)?.Details;
    }

    /// <summary>Once it was looked up.</summary>
    public bool IsPeoples(Log verdict) => named.Count > 0
        ? PathOf(verdict) is { } path && named.Contains(DerivedIds.NormalPath(path))
        : (verdict.Resolution?.FileId is { } file && _humans.Contains(file))
            || (SpecOf(verdict) is { } spec && Evaluator.SaysHuman(spec));

    /// <summary>Once it was looked up.</summary>
    public JsonValue? SpecOf(Log verdict) =>
        verdict.Resolution?.VersionId is { } id ? _specs.GetValueOrDefault(id) : null;

    private string? PathOf(Log verdict) =>
        (verdict.Resolution?.FileId is { } id ? _paths.GetValueOrDefault(id) : null) ?? verdict.Path;

    private static List<string> Missing<T>(IEnumerable<string?> ids, Dictionary<string, T> known) =>
        [.. ids.OfType<string>().Where(id => !known.ContainsKey(id)).Distinct(StringComparer.Ordinal)];
}
