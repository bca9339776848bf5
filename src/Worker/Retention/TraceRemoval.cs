using System.Collections.Immutable;
using Worker.Ingestion;
using Worker.Storage;

namespace Worker.Retention;

/// <summary>
/// Removes whole traces, a slice at a time. What is being removed is written down first; then the heads go, and after
/// them what is beneath, the deepest first: so no Log goes before its living trace, and what is left is always reached
/// from a head that is written down. Killed between any two writes, <see cref="ResumeAsync"/> ends in the same state.
/// </summary>
internal sealed class TraceRemoval(
    IRemovalStore removals, ITraceStore traces, ILogStore logs, LogRemoval removal, TraceWaker waker)
{
    /// <summary>Logs that are removed together at most, but for heads.</summary>
    public const int Slice = 500;

    /// <param name="heads">The outermost Logs that go. What stands above one of them has changed, and is woken.</param>
    /// <param name="beneath">What is under them, none before the one it is under.</param>
    /// <param name="onSlice">Is told after each slice how many Logs it was of.</param>
    public async Task RemoveAsync(
        ImmutableArray<string> heads,
        IEnumerable<string> beneath,
        DateTimeOffset at,
        Func<int, Task> onSlice,
        CancellationToken cancellationToken)
    {
        foreach (var slice in heads.Concat(beneath.Reverse()).Chunk(Math.Max(Slice, heads.Length)))
        {
            var next = new Removal(heads, [.. slice], at);
            await removals.SaveAsync(next, cancellationToken);
            await RemoveAsync(next, cancellationToken);
            await onSlice(slice.Length);
        }

        var tombstones = await logs.ReadAsync(heads, cancellationToken);
        await waker.WakeAsync([.. tombstones.Values.Where(log => log.IsDeleted)], cancellationToken);
        await removals.CloseAsync(heads[0], cancellationToken);
    }

    /// <summary>
    /// Ends what others have begun who were killed. What another is at right now is done twice, harmlessly.
    /// </summary>
    public async Task ResumeAsync(Func<int, Task> onSlice, CancellationToken cancellationToken)
    {
        foreach (var begun in await removals.OpenAsync(cancellationToken))
        {
            await RemoveAsync(begun, cancellationToken);
            await onSlice(begun.LogIds.Length);
            var left = new List<string>();
            foreach (var head in begun.Heads)
            {
                await foreach (var page in traces.BeneathAsync(head, cancellationToken))
                    left.AddRange(page.Select(log => log.Id));
            }

            await RemoveAsync(begun.Heads, left, begun.At, onSlice, cancellationToken);
        }
    }

    /// <summary>Heads first: a store that writes one Log after the other may be left in between.</summary>
    private async Task RemoveAsync(Removal slice, CancellationToken cancellationToken)
    {
        var isHead = slice.LogIds.ToLookup(slice.Heads.ToHashSet(StringComparer.Ordinal).Contains);
        await removal.RemoveAsync([.. isHead[true]], slice.At, cancellationToken);
        await removal.RemoveAsync([.. isHead[false]], slice.At, cancellationToken);
    }
}
