using Worker.Errors;
using Worker.Files;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// What one Evaluator said in a time, by what it was said of. A verdict does not say that: the judged Logs are read,
/// whole and a page at a time, so fewer are looked at than in <see cref="VerdictReport"/>. One report is made at a
/// time, others wait. Safe for concurrent use. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class JudgedReport(
    IVerdictListing verdicts, ILogListing listing, ILogStore logs, IFileStore files, IFileListing fileListing)
    : IDisposable
{
    /// <summary>So many of the latest verdicts are looked at, and as many from outside.</summary>
    public const int MostVerdicts = 5_000;

    private const int Page = 100;
    private const int MostParts = 200;

    private readonly SemaphoreSlim _reading = new(1);

    /// <summary>By how many verdicts, the most first.</summary>
    /// <returns>And whether there were more verdicts, or more parts.</returns>
    public async Task<(IReadOnlyList<JudgedPart> Parts, bool IsCut)> ReadAsync(
        string evaluatorId, VerdictTime time, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var judged = new HashSet<string>(StringComparer.Ordinal);
            var given = verdicts.ReadAsync(evaluatorId, time.From, time.Until, cancellationToken)
                .SelectMany(page => page)
                .Where(verdict => !verdict.IsLater && judged.Add(verdict.LogId));
            var posted = PostedLines.ReadAsync(listing, evaluatorId, time.From, time.Until, cancellationToken)
                .SelectMany(page => page);
            var parts = new Dictionary<Key, VerdictSums>();
            var isCut = await AddAsync(parts, given, time, cancellationToken);
            isCut |= await AddAsync(parts, posted, time, cancellationToken);
            return (await NamedAsync(parts, time, cancellationToken), isCut);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task<bool> AddAsync(
        Dictionary<Key, VerdictSums> parts,
        IAsyncEnumerable<VerdictLine> lines,
        VerdictTime time,
        CancellationToken cancellationToken)
    {
        var (isCut, count) = (false, 0);
        await foreach (var page in lines.Take(MostVerdicts + 1).Chunk(Page).WithCancellation(cancellationToken))
        {
            var found = await logs.ReadAsync([.. page.Select(verdict => verdict.LogId).Distinct()], cancellationToken);
            foreach (var verdict in page)
            {
                var key = Key.Of(found.GetValueOrDefault(verdict.LogId));
                if (count++ == MostVerdicts || (!parts.ContainsKey(key) && parts.Count == MostParts))
                    isCut = true;
                else if (parts.TryGetValue(key, out var sums))
                    sums.Add(verdict);
                else
                    (parts[key] = new(versionId: null, time)).Add(verdict);
            }
        }

        return isCut;
    }

    private async Task<IReadOnlyList<JudgedPart>> NamedAsync(
        Dictionary<Key, VerdictSums> parts, VerdictTime time, CancellationToken cancellationToken)
    {
        var (from, until) = (Timestamps.ToMicroseconds(time.From), Timestamps.ToMicroseconds(time.Until));
        List<string> ids = [.. parts.Keys.Select(key => key.FileId).OfType<string>().Distinct()];
        var catalog = await files.ReadAsync([.. ids.Select(id => new FileKey(id))], cancellationToken);
        var deployed = new Dictionary<string, IReadOnlyList<Deployment>>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            var all = await fileListing.DeploymentsAsync(id, cancellationToken);
            deployed[id] = [.. all.Where(each => each.OccurredAt >= from && each.OccurredAt < until)];
        }

        return
        [
            .. parts.OrderByDescending(part => part.Value.Count).Select(part => new JudgedPart(
                (part.Key.FileId is { } id ? catalog.Files.GetValueOrDefault(id)?.Path : null) ?? part.Key.Path,
                part.Key.Kind,
                part.Key.Environment,
                part.Value,
                part.Key.FileId is { } file ? deployed[file] : [])),
        ];
    }

    private readonly record struct Key(string? FileId, string? Path, LogKind? Kind, string? Environment)
    {
        public static Key Of(Log? log) => log is null or { IsDeleted: true } ? default : new(
            log.Resolution?.FileId,
            log.Resolution?.FileId is null ? log.Path : null,
            log.Kind,
            log.Text(LogFields.Environment) ?? log.Text(LogFields.VersionEnvironment));
    }
}
