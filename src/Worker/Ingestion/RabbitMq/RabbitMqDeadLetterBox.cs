using System.Runtime.CompilerServices;
using Worker.Storage;

namespace Worker.Ingestion.RabbitMq;

/// <summary>The dead letters in <c>worker.dead</c>. A letter leaves it only after what it holds is confirmed elsewhere.</summary>
internal sealed class RabbitMqDeadLetterBox(RabbitMqEndpoint endpoint, TimeProvider time) : IDeadLetterBox
{
    public async IAsyncEnumerable<DeadLetter> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var walk = await DeadLetterWalk.BeginAsync(endpoint, time, cancellationToken);
        while (await walk.NextAsync() is { } next)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return next.Letter;
        }
    }

    public async Task<RedriveReport> RedriveAsync(DeadLetterFilter filter, bool canary, CancellationToken cancellationToken)
    {
        var (redriven, withheld) = (0, 0);
        DeadLetter? first = null;
        await using var walk = await DeadLetterWalk.BeginAsync(endpoint, time, cancellationToken);
        while (await walk.NextAsync() is { } next)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!filter.Matches(next.Letter))
                continue;
            if (next.Letter.Withheld)
            {
                withheld++;
                continue;
            }

            if (canary && redriven == 1 && await WatchAsync(walk, first!, cancellationToken) is { } stopped)
                return new(redriven, withheld, stopped);
            try
            {
                await walk.RedriveAsync(next.Letter, cancellationToken);
            }
            catch (MessageRejectedException rejected)
            {
                return new(redriven, withheld, rejected.Message);
            }

            await walk.RemoveAsync(next.Tag);
            first ??= next.Letter;
            redriven++;
        }

        return new(redriven, withheld);
    }

    public async Task<int> DiscardAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var discarded = 0;
        await using var walk = await DeadLetterWalk.BeginAsync(endpoint, time, cancellationToken);
        while (await walk.NextAsync() is { } next)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!filter.Matches(next.Letter))
                continue;
            await walk.RemoveAsync(next.Tag);
            discarded++;
        }

        return discarded;
    }

    private Task<string?> WatchAsync(DeadLetterWalk walk, DeadLetter canary, CancellationToken cancellationToken) => new Canary(
        async () => await walk.ReadyAsync(RabbitMqTopology.IngestQueue),
        async () => await walk.ReadyAsync(RabbitMqTopology.DeadQueue),
        added => NewestAsync(added, cancellationToken),
        time).WatchAsync(canary, walk.Left, cancellationToken);

    // Over a connection of its own: what the walk holds already is not in its way.
    private async Task<IReadOnlyList<DeadLetter>> NewestAsync(long count, CancellationToken cancellationToken)
    {
        var newest = new Queue<DeadLetter>();
        await foreach (var letter in ListAsync(cancellationToken))
        {
            newest.Enqueue(letter with { Body = null });
            if (newest.Count > count)
                newest.Dequeue();
        }

        return [.. newest];
    }
}
