using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>Reads traces with their verdicts. Throws <see cref="StoreUnavailableException"/>.</summary>
internal sealed class TraceReader(ITraceStore traces, IEvaluatorLogStore verdicts, IRunStore runs, IFileStore files)
{
    /// <summary>The Log and everything under it; null when it is not stored or was deleted.</summary>
    public async Task<TraceView?> ReadAsync(string logId, CancellationToken cancellationToken)
    {
        var path = await traces.PathAboveAsync(logId, cancellationToken);
        return path.Count == 0 ? null : await ReadAsync(logId, Outermost(path), cancellationToken);
    }

    /// <summary>As <see cref="ReadAsync(string, CancellationToken)"/>, from the head of the trace that the Log belongs to.</summary>
    public async Task<TraceView?> ReadWholeAsync(string logId, CancellationToken cancellationToken)
    {
        var path = await traces.PathAboveAsync(logId, cancellationToken);
        if (path.Count == 0)
            return null;
        var outermost = Outermost(path);
        return await ReadAsync(outermost?.Id ?? logId, outermost, cancellationToken);
    }

    private async Task<TraceView?> ReadAsync(string headId, Log? outermost, CancellationToken cancellationToken)
    {
        var members = await traces.MembersAsync(headId, cancellationToken);
        if (members.Count == 0)
            return null;

        var ids = members.Select(member => member.Id).ToList();
        var labels = await traces.LabelsAsync(ids, cancellationToken);
        var inTime = members.Where(member => member.Id == headId || labels.GetValueOrDefault(member.Id) is not { Late: true }).ToList();
        var trace = new Trace(inTime);
        var found = (await verdicts.ReadAsync(ids, cancellationToken))
            .OrderBy(verdict => verdict.Revision)
            .ThenBy(verdict => verdict.Path, StringComparer.Ordinal)
            .ToLookup(verdict => verdict.LogId, StringComparer.Ordinal);
        return new TraceView
        {
            Trace = trace,
            Outermost = outermost,
            Verdicts = found,
            Revisions = await RevisionsAsync(found.Select(group => group.Key), cancellationToken),
            Files = await files.ReadAsync(FileKeys(members), cancellationToken),
            LateLogs = members.Count - trace.TopDown().Count,
        };
    }

    private async Task<IReadOnlyDictionary<string, int>> RevisionsAsync(IEnumerable<string> judged, CancellationToken cancellationToken)
    {
        var revisions = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var logId in judged)
        {
            if (await runs.ReadAsync(logId, cancellationToken) is { } run)
                revisions[logId] = run.Revision;
        }

        return revisions;
    }

    private static HashSet<CatalogKey> FileKeys(IReadOnlyList<Log> members)
    {
        var keys = new HashSet<CatalogKey>();
        foreach (var resolution in members.Select(member => member.Resolution))
        {
            if (resolution?.FileId is { } file)
                keys.Add(new FileKey(file));
            if (resolution?.VersionId is { } version)
                keys.Add(new VersionKey(version));
        }

        return keys;
    }

    /// <summary>The highest Flow Log of a path upward; what is on a cycle belongs to no trace.</summary>
    private static Log? Outermost(IReadOnlyList<Log> path)
    {
        var cycle = path.TakeWhile(log => log.Id != path[^1].ParentId).Count();
        return path.Take(cycle).LastOrDefault(log => log.Kind == LogKind.Flow);
    }
}
