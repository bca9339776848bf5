using Worker.DeadLetters;
using Worker.Storage;

namespace Worker.Tests.Ingestion;

/// <summary>Letters that are only sent, and how.</summary>
internal sealed class SentLetters(Func<DeadLetter, CancellationToken, Task> send) : IDeadLetters
{
    public bool Exist => true;

    public Task SendAsync(DeadLetter letter, CancellationToken cancellationToken) => send(letter, cancellationToken);

    public Task<long> CountAsync(CancellationToken cancellationToken) => throw NotHere();

    public IAsyncEnumerable<DeadLetter> ListAsync(CancellationToken cancellationToken) => throw NotHere();

    public Task<RedriveReport> RedriveAsync(
        DeadLetterFilter filter, bool canary, Action<DeadLetter>? onSent, CancellationToken cancellationToken) =>
        throw NotHere();

    public Task<int> DiscardAsync(
        DeadLetterFilter filter, DiscardStep? around, CancellationToken cancellationToken) => throw NotHere();

    private static NotSupportedException NotHere() => new("Letters are only sent here.");
}
