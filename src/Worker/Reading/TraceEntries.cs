using System.Runtime.CompilerServices;
using Worker.Files;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>Fetches the Logs of a view page by page, with what is known about them.</summary>
internal sealed class TraceEntries(
    TraceView view,
    bool withVerdicts,
    Log? held,
    ILogStore logs,
    IEvaluatorLogStore verdicts,
    IPostedVerdictStore posted,
    IRunStore runs,
    IFileStore files)
{
    public async IAsyncEnumerable<TraceEntry> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var gone = int.MaxValue;
        foreach (var lines in Pages())
        {
            var ids = lines.Select(line => view.Shape.Ids[line.Place]).ToList();
            var found = held is null
                ? await logs.ReadAsync(ids, cancellationToken)
                : new Dictionary<string, Log>(StringComparer.Ordinal) { [held.Id] = held };
            var judgable = withVerdicts ? ids : [];
            var judged = await VerdictsAsync(judgable, cancellationToken);
            var fromOutside = await posted.JudgedAmongAsync(judgable, cancellationToken);
            var onVerdicts = await OnVerdictsAsync(judged, cancellationToken);
            var revisions = await RevisionsAsync(judged, cancellationToken);
            var catalog = await files.ReadAsync(FileKeys(found.Values), cancellationToken);
            foreach (var line in lines.Where(line => line.Depth <= gone))
            {
                var log = found.GetValueOrDefault(view.Shape.Ids[line.Place]);
                gone = log is { IsDeleted: false } ? int.MaxValue : line.Depth;
                if (log is not { IsDeleted: false })
                    continue;
                yield return Entry(line, log, catalog) with
                {
                    Verdicts = [.. judged[log.Id]],
                    OnVerdicts = onVerdicts,
                    Revision = revisions.GetValueOrDefault(log.Id),
                    Posted = fromOutside.Contains(log.Id)
                        ? PostedAsync(log.Id, cancellationToken)
                        : AsyncEnumerable.Empty<PostedVerdict>(),
                };
            }
        }
    }

    private TraceEntry Entry(TraceLine line, Log log, FileCatalog catalog)
    {
        var isFlow = view.Shape[line.Place].Kind == LogKind.Flow;
        return new()
        {
            Log = log,
            Line = line,
            Span = isFlow ? view.Shape.SpanOf(line.Place) : LogSpan.From(log),
            Sums = isFlow ? view.Sums.At(line.Place) : LogSums.From(log),
            Verdicts = [],
            Posted = AsyncEnumerable.Empty<PostedVerdict>(),
            Revision = 0,
            Files = catalog,
        };
    }

    /// <summary>Pages as large as those of a store.</summary>
    private IEnumerable<List<TraceLine>> Pages()
    {
        var page = new List<TraceLine>();
        var bytes = 0L;
        foreach (var line in view.Lines)
        {
            page.Add(line);
            bytes += view.Shape[line.Place].Bytes;
            if (page.Count < MemberPage.MaxLogs && bytes < MemberPage.MaxBytes)
                continue;
            yield return page;
            page = [];
            bytes = 0;
        }

        if (page.Count > 0)
            yield return page;
    }

    private async IAsyncEnumerable<PostedVerdict> PostedAsync(
        string logId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in posted.OnAsync(logId, cancellationToken))
        {
            var catalog = await files.ReadAsync(FileKeys(page), cancellationToken);
            foreach (var verdict in page)
                yield return new(verdict, catalog);
        }
    }

    /// <summary>By judged Log, oldest revision first, by path.</summary>
    private async Task<ILookup<string, EvaluatorLog>> VerdictsAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        (await verdicts.ReadAsync(ids, cancellationToken))
            .OrderBy(verdict => verdict.Revision)
            .ThenBy(verdict => verdict.Path, StringComparer.Ordinal)
            .ToLookup(verdict => verdict.LogId, StringComparer.Ordinal);

    private async Task<ILookup<string, EvaluatorLog>> OnVerdictsAsync(
        ILookup<string, EvaluatorLog> judged, CancellationToken cancellationToken) =>
        (await VerdictsOnVerdicts.ReadAsync(runs, verdicts, [.. judged.Select(group => group.Key)], cancellationToken))
            .OrderBy(verdict => verdict.Path, StringComparer.Ordinal)
            .ToLookup(verdict => verdict.LogId, StringComparer.Ordinal);

    private async Task<Dictionary<string, int>> RevisionsAsync(
        ILookup<string, EvaluatorLog> judged, CancellationToken cancellationToken)
    {
        var revisions = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var logId in judged.Select(group => group.Key))
        {
            if (await runs.ReadAsync(logId, cancellationToken) is { } run)
                revisions[logId] = run.Revision;
        }

        return revisions;
    }

    private static HashSet<CatalogKey> FileKeys(IEnumerable<Log> members)
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
}
