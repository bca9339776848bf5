using Worker.Errors;
using Worker.Storage;

namespace Worker.Reading;

/// <summary>
/// Checks that nothing is owed and nothing is left over: what is stored of complete Flow Logs, of whatever hangs on
/// Logs, of removals, and of dead letters. Streams; holds one page at a time.
/// </summary>
internal sealed class StoreCheck(
    FlowCheck flows, LeftoverCheck leftovers, LetterCheck letters, RemovalCheck removals, DiscardCount discards)
{
    /// <summary>
    /// Says each fault as one sentence. Throws <see cref="StoreUnavailableException"/>, and what reading the letters
    /// throws.
    /// </summary>
    public async Task<StoreCounts> CheckAsync(
        IAsyncEnumerable<DeadLetter> deadLetters, Action<string> onFault, CancellationToken cancellationToken)
    {
        var counts = new StoreCounts();
        foreach (var faults in new[]
        {
            flows.CheckAsync(counts, cancellationToken),
            leftovers.CheckAsync(counts, cancellationToken),
            removals.CheckAsync(cancellationToken),
            letters.CheckAsync(deadLetters, counts, cancellationToken),
        })
        {
            await foreach (var fault in faults)
            {
                counts.Faults++;
                onFault(fault);
            }
        }

        await discards.AddAsync(counts, cancellationToken);
        return counts;
    }
}
