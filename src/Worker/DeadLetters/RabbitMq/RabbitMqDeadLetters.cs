using System.Runtime.CompilerServices;
using Worker.RabbitMq;
using Worker.Storage;

namespace Worker.DeadLetters.RabbitMq;

/// <summary>
/// The dead letters in <c>worker.dead</c>. A letter leaves it only after what it holds is confirmed elsewhere.
/// </summary>
internal sealed class RabbitMqDeadLetters(RabbitMqEndpoint endpoint, TimeProvider time) : IDeadLetters, IAsyncDisposable
{
    private readonly DeadLetterChannel _channel = new(endpoint, time);

    public bool Exist => true;

    public Task SendAsync(DeadLetter letter, CancellationToken cancellationToken) =>
        _channel.SendAsync(letter, cancellationToken);

    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var walk = await DeadLetterWalk.BeginAsync(endpoint, time, cancellationToken);
        return walk.Left;
    }

    public async IAsyncEnumerable<DeadLetter> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var walk = await DeadLetterWalk.BeginAsync(endpoint, time, cancellationToken);
        await foreach (var (letter, _) in walk.LettersAsync(cancellationToken))
            yield return letter;
    }

    public async Task<RedriveReport> RedriveAsync(
        DeadLetterFilter filter, bool canary, Action<DeadLetter>? onSent, CancellationToken cancellationToken)
    {
        await using var walk = await DeadLetterWalk.BeginAsync(endpoint, time, cancellationToken);
        var redrive = new Redrive(
            filter, canary ? first => WatchAsync(walk, first, cancellationToken) : null, onSent);
        return await redrive.RunAsync(walk.LettersAsync(cancellationToken), async (letter, tag) =>
        {
            await walk.RedriveAsync(letter, cancellationToken);
            await walk.RemoveAsync(tag);
            return true;
        });
    }

    public async Task<int> DiscardAsync(
        DeadLetterFilter filter, DiscardStep? around, CancellationToken cancellationToken)
    {
        await using var walk = await DeadLetterWalk.BeginAsync(endpoint, time, cancellationToken);
        return await new Discard(filter, around).RunAsync(walk.LettersAsync(cancellationToken), async tag =>
        {
            await walk.RemoveAsync(tag);
            return true;
        });
    }

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    private Task<string?> WatchAsync(DeadLetterWalk walk, DeadLetter canary, CancellationToken cancellationToken)
    {
        var watch = new Canary(
            async () => await walk.ReadyAsync(RabbitMqTopology.IngestQueue),
            async () => await walk.ReadyAsync(RabbitMqTopology.DeadQueue),
            added => NewestAsync(added, cancellationToken),
            time);
        return watch.WatchAsync(canary, walk.Left, cancellationToken);
    }

    // Reads over a connection of its own, because the walk holds letters on another.
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
