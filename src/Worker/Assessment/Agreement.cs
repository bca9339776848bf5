using Worker.Evaluation;

namespace Worker.Assessment;

/// <summary>How an Evaluator's verdicts compare with people's.</summary>
internal sealed class Agreement
{
    private readonly Dictionary<string, VersionAgreement> _versions = new(StringComparer.Ordinal);

    public required string Path { get; init; }

    /// <summary>The Version in the files; null where they hold no such Evaluator.</summary>
    public required string? CurrentVersionId { get; init; }

    /// <summary>What the Version in the files returns; null where they hold no such Evaluator.</summary>
    public required ReturnType? CurrentReturns { get; init; }

    /// <summary>Its verdicts come from outside, whose Versions the files do not know.</summary>
    public required bool IsFromOutside { get; init; }

    /// <summary>
    /// Its own verdicts are people's: it is of the kind <c>human</c>, by its file or by the Version that they name.
    /// </summary>
    public bool IsByPeople { get; set; }

    /// <summary>Logs that people judged.</summary>
    public long JudgedByPeople { get; set; }

    /// <summary>Of those, the ones on which the Evaluator has no verdict, or none of that time.</summary>
    public long WithoutVerdict { get; set; }

    /// <summary>
    /// Of the Version in the files, where it has given verdicts on such Logs; else of the one that gave the last. Null
    /// where none did.
    /// </summary>
    public VersionAgreement? Judged =>
        (CurrentVersionId is { } current ? _versions.GetValueOrDefault(current) : null)
        ?? _versions.Values.OrderBy(version => version.LastAt).ThenBy(version => version.VersionId).LastOrDefault();

    /// <summary>What is compared; null where nothing is, and the files do not say.</summary>
    public ReturnType? Returns => Judged?.Returns ?? CurrentReturns;

    /// <summary>What is compared says nothing of the Version in the files.</summary>
    public bool IsStale => Judged is { } judged && !IsFromOutside && judged.VersionId != CurrentVersionId;

    /// <summary>Those whose verdicts are not among what is compared, the latest first.</summary>
    public IReadOnlyList<VersionAgreement> Others =>
        [.. _versions.Values.Where(version => version != Judged).OrderByDescending(version => version.LastAt)];

    public VersionAgreement Of(string? versionId, ReturnType returns, int limit)
    {
        if (!_versions.TryGetValue(versionId ?? "", out var version))
            _versions[versionId ?? ""] = version = new(versionId, returns, limit);
        return version;
    }
}
