using Worker.Errors;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// Finds the Logs on which an Evaluator said something, along the index of its verdicts by time, and of those from
/// outside. Throws <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class VerdictSearch(
    IFileListing files, IVerdictListing verdicts, ILogListing listing, ILogStore logs)
{
    /// <summary>So many of its verdicts are looked at, and so many Logs found.</summary>
    private const int MostVerdicts = 50_000;
    private const int MostLogs = 2_000;

    private const int Batch = 200;

    /// <summary>A store may know instants by the millisecond alone.</summary>
    private const long Millisecond = 1_000;

    /// <summary>
    /// Every Log that has such a verdict, and some that had; null where there are too many to say, or the Evaluator is
    /// not known.
    /// </summary>
    public async Task<IReadOnlyList<IndexedLog>?> FindAsync(AskedVerdict asked, CancellationToken cancellationToken)
    {
        if (await FileAsync(asked.Path, cancellationToken) is not { } file)
            return null;
        var from = Timestamps.ToInstant(Math.Max(asked.From, Timestamps.First + Millisecond) - Millisecond);
        var until = Timestamps.ToInstant(Math.Min(asked.Until, Timestamps.Last - Millisecond) + Millisecond);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        return await AddAsync(ids, asked, verdicts.ReadAsync(file, from, until, cancellationToken))
            && await AddAsync(ids, asked, PostedLines.ReadAsync(listing, file, from, until, cancellationToken))
            ? await ReadAsync(ids, cancellationToken)
            : null;
    }

    /// <summary>False where there are too many.</summary>
    private static async Task<bool> AddAsync(
        HashSet<string> ids, AskedVerdict asked, IAsyncEnumerable<IReadOnlyCollection<VerdictLine>> pages)
    {
        var lookedAt = 0;
        await foreach (var page in pages)
        {
            lookedAt += page.Count;
            ids.UnionWith(page.Where(line => asked.Says(RowVerdict.Of(line, asked.Path))).Select(line => line.LogId));
            if (lookedAt > MostVerdicts || ids.Count > MostLogs)
                return false;
        }

        return true;
    }

    private async Task<string?> FileAsync(string path, CancellationToken cancellationToken)
    {
        var (found, _) = await files.ListAsync(
            new([LogKind.Evaluator]) { Path = path }, 0, 2, cancellationToken);
        return found is [var only] ? only.File.Id : null;
    }

    private async Task<IReadOnlyList<IndexedLog>> ReadAsync(
        IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var found = new List<IndexedLog>();
        foreach (var batch in ids.Chunk(Batch))
        {
            var read = await logs.ReadAsync(batch, cancellationToken);
            found.AddRange(read.Values
                .Where(log => log is { Kind: LogKind.Flow, Resolution.FileId: not null })
                .Select(log => new IndexedLog(log.Id, log.Resolution!.FileId!, log.CreatedAt)));
        }

        return found;
    }
}
