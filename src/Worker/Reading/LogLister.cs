using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Worker.Errors;
using Worker.Storage;

namespace Worker.Reading;

/// <summary>
/// Lists the Logs of a File, newest first. By time alone an index answers; anything else looks at each Log of the
/// range, the newest <see cref="MaxLookedAt"/> at most, a page at a time. Throws
/// <see cref="StoreUnavailableException"/>.
/// </summary>
internal sealed class LogLister(ILogListing listing)
{
    public const int MaxLookedAt = 100_000;

    /// <param name="number">From 1.</param>
    public async Task<LogPage> ListAsync(LogFilter filter, int number, int size, CancellationToken cancellationToken)
    {
        var skip = (int)Math.Min((number - 1L) * size, int.MaxValue);
        if (!filter.LooksAtLogs && filter.Sample is null)
        {
            var total = await listing.CountAsync(filter.Range, cancellationToken);
            var page = skip < total ? await listing.PageAsync(filter.Range, skip, size, cancellationToken) : [];
            return new(page, number, size, total, IsCut: false);
        }

        var (found, isCut) = filter.LooksAtLogs
            ? await MatchesAsync(filter, cancellationToken)
            : await AllAsync(filter.Range, cancellationToken);
        if (filter.Sample is { } sample)
            found = Sampled(found, sample);
        return new([.. found.Skip(skip).Take(size)], number, size, found.Count, isCut);
    }

    private async Task<(IReadOnlyList<string> Found, bool IsCut)> AllAsync(
        LogRange range, CancellationToken cancellationToken)
    {
        var ids = await listing.PageAsync(range, 0, MaxLookedAt + 1, cancellationToken);
        return ids.Count > MaxLookedAt ? ([.. ids.Take(MaxLookedAt)], true) : (ids, false);
    }

    private async Task<(IReadOnlyList<string> Found, bool IsCut)> MatchesAsync(
        LogFilter filter, CancellationToken cancellationToken)
    {
        var (found, lookedAt) = (new List<string>(), 0);
        var matches = filter.Matcher();
        await foreach (var page in listing.ReadAsync(filter.Range, cancellationToken))
        {
            foreach (var log in page)
            {
                if (lookedAt++ == MaxLookedAt)
                    return (found, true);
                if (matches(log))
                    found.Add(log.Id);
            }
        }

        return (found, false);
    }

    private static List<string> Sampled(IReadOnlyList<string> ids, int sample)
    {
        var chosen = ids.OrderBy(Rank).Take(sample).ToHashSet(StringComparer.Ordinal);
        return [.. ids.Where(chosen.Contains)];
    }

    private static ulong Rank(string id) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
