using Worker.Storage;

namespace Worker.Ingestion.Inbox;

/// <summary>The dead letters that are rows of the store. Redriving moves one into the inbox as one step.</summary>
internal sealed class StoreDeadLetterBox(IDeadLetterStore letters, IInbox inbox, TimeProvider time) : IDeadLetterBox
{
    public IAsyncEnumerable<DeadLetter> ListAsync(CancellationToken cancellationToken) => letters.ListAsync(cancellationToken);

    public async Task<RedriveReport> RedriveAsync(DeadLetterFilter filter, bool canary, CancellationToken cancellationToken)
    {
        var all = await ListAsync(cancellationToken).Select(letter => letter with { Body = null }).ToListAsync(cancellationToken);
        var chosen = all.Where(filter.Matches).ToList();
        var (redriven, withheld) = (0, chosen.Count(letter => letter.Withheld));
        DeadLetter? first = null;
        foreach (var letter in chosen.Where(letter => !letter.Withheld))
        {
            if (canary && redriven == 1 && await WatchAsync(first!, all.Count - 1, cancellationToken) is { } stopped)
                return new(redriven, withheld, stopped);
            if (!await letters.RedriveAsync(letter.DeadLetterId, cancellationToken))
                continue;
            first ??= letter;
            redriven++;
        }

        return new(redriven, withheld);
    }

    public async Task<int> DiscardAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var discarded = 0;
        var chosen = await ListAsync(cancellationToken).Where(filter.Matches).Select(letter => letter.DeadLetterId).ToListAsync(cancellationToken);
        foreach (var id in chosen)
            discarded += await letters.DiscardAsync(id, cancellationToken) ? 1 : 0;
        return discarded;
    }

    private Task<string?> WatchAsync(DeadLetter canary, int before, CancellationToken cancellationToken) => new Canary(
        async () => (await inbox.PeekAsync(0, 1, cancellationToken)).Count,
        async () => await letters.ListAsync(cancellationToken).CountAsync(cancellationToken),
        async added => await letters.ListAsync(cancellationToken).Select(letter => letter with { Body = null }).TakeLast((int)added).ToListAsync(cancellationToken),
        time).WatchAsync(canary, before, cancellationToken);
}
