using Worker.Storage;

namespace Worker.Reading;

/// <summary>The verdicts of one Evaluator, summed by its Version.</summary>
/// <param name="id">Of its File.</param>
internal sealed class EvaluatorSums(string id, string? path, VerdictTime time)
{
    /// <summary>Versions that are told apart.</summary>
    private const int MostVersions = 20;

    private readonly Dictionary<string, VerdictSums> _versions = new(StringComparer.Ordinal);

    /// <summary>Logs of which the latest verdict was seen; what comes after it is superseded.</summary>
    private readonly HashSet<string> _judged = new(StringComparer.Ordinal);

    public string Id => id;

    public string? Path => path;

    /// <summary>By when a Version judged last, the latest first.</summary>
    public IReadOnlyList<VerdictSums> Versions => [.. _versions.Values.OrderByDescending(version => version.Last)];

    /// <summary>Verdicts on a Log that this Evaluator judged again within that time: they are in no sum.</summary>
    public long Superseded { get; private set; }

    /// <summary>There were more verdicts than were looked at; those looked at are the latest.</summary>
    public bool IsCut { get; set; }

    /// <summary>A worker's own verdict, the latest first: of one Log only the latest stands.</summary>
    public void AddGiven(VerdictLine verdict)
    {
        if (verdict.IsLater)
            return;
        if (_judged.Add(verdict.LogId))
            Add(verdict);
        else
            Superseded++;
    }

    /// <summary>A verdict from outside: any number stand on one Log.</summary>
    public void Add(VerdictLine verdict)
    {
        var key = verdict.VersionId ?? "";
        if (!_versions.TryGetValue(key, out var version))
        {
            if (_versions.Count == MostVersions)
                return;
            version = _versions[key] = new(verdict.VersionId, time);
        }

        version.Add(verdict);
    }

    /// <summary>All was seen: what was remembered for that may go.</summary>
    public void Close() => _judged.Clear();
}
