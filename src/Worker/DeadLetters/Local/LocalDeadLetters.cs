using Worker.Storage;

namespace Worker.DeadLetters.Local;

/// <summary>
/// The dead letters of a worker without a broker: rows of the local file. Redriving moves one into the inbox as one
/// step.
/// </summary>
internal sealed class LocalDeadLetters(
    IDeadLetterStore letters, IInbox inbox, StoreResilience resilience, TimeProvider time) : IDeadLetters
{
    public bool Exist => letters.Exists;

    public async Task SendAsync(DeadLetter letter, CancellationToken cancellationToken) =>
        await resilience.ExecuteAsync(async token => await letters.AddAsync([letter], token), cancellationToken);

    public Task<long> CountAsync(CancellationToken cancellationToken) => letters.CountAsync(cancellationToken);

    public IAsyncEnumerable<DeadLetter> ListAsync(CancellationToken cancellationToken) =>
        letters.ListAsync(cancellationToken);

    public async Task<RedriveReport> RedriveAsync(
        DeadLetterFilter filter, bool canary, Action<DeadLetter>? onSent, CancellationToken cancellationToken)
    {
        var all = await WithoutBodies(cancellationToken).ToListAsync(cancellationToken);
        var redrive = new Redrive(
            filter, canary ? first => WatchAsync(first, all.Count - 1, cancellationToken) : null, onSent);
        return await redrive.RunAsync(
            all.Select(letter => (letter, letter.DeadLetterId)).ToAsyncEnumerable(), (_, id) => letters.RedriveAsync(
                id, cancellationToken));
    }

    public Task<int> DiscardAsync(
        DeadLetterFilter filter, DiscardStep? around, CancellationToken cancellationToken) =>
        new Discard(filter, around).RunAsync(
            ListAsync(cancellationToken).Select(letter => (letter, letter.DeadLetterId)),
            id => letters.DiscardAsync(id, cancellationToken));

    private IAsyncEnumerable<DeadLetter> WithoutBodies(CancellationToken cancellationToken) =>
        letters.ListAsync(cancellationToken).Select(letter => letter with { Body = null });

    private Task<string?> WatchAsync(DeadLetter canary, int before, CancellationToken cancellationToken) => new Canary(
        async () => (await inbox.PeekAsync(0, 1, cancellationToken)).Count,
        async () => await letters.ListAsync(cancellationToken).CountAsync(cancellationToken),
        async added => await WithoutBodies(cancellationToken).TakeLast((int)added).ToListAsync(cancellationToken),
        time).WatchAsync(canary, before, cancellationToken);
}
