using System.Collections.Immutable;
using Worker.Storage;

namespace Worker.Retention;

/// <summary>
/// Removes whole traces, a slice at a time. What is being removed is written down first; then the heads go, and after
/// them what is beneath, the deepest first: so no Log goes before its living trace, and what is left is always reached
/// from a head that is written down. Killed between any two writes, <see cref="ResumeAsync"/> ends in the same state.
/// </summary>
internal sealed class TraceRemoval(IRemovalStore removals, ITraceStore traces, LogRemoval logs)
{
    /// <summary>Logs that are removed together at most, but for heads.</summary>
    public const int Slice = 500;

    /// <param name="heads">The outermost Logs.</param>
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
            var removal = new Removal(heads, [.. slice], at);
            await removals.SaveAsync(removal, cancellationToken);
            await RemoveAsync(removal, cancellationToken);
            await onSlice(slice.Length);
        }

        await removals.CloseAsync(heads[0], cancellationToken);
    }

    /// <summary>Ends what others have begun who were killed. What another is at right now is done twice, harmlessly.</summary>
    public async Task ResumeAsync(Func<int, Task> onSlice, CancellationToken cancellationToken)
    {
        foreach (var removal in await removals.OpenAsync(cancellationToken))
        {
            await RemoveAsync(removal, cancellationToken);
            var left = new List<string>();
            foreach (var head in removal.Heads)
            {
                await foreach (var page in traces.BeneathAsync(head, cancellationToken))
                    left.AddRange(page.Select(log => log.Id));
            }

            await RemoveAsync(removal.Heads, left, removal.At, onSlice, cancellationToken);
        }
    }

    /// <summary>Heads first: a store that writes one Log after the other may be left in between.</summary>
    private async Task RemoveAsync(Removal removal, CancellationToken cancellationToken)
    {
        var isHead = removal.LogIds.ToLookup(removal.Heads.Contains);
        await logs.RemoveAsync([.. isHead[true]], removal.At, cancellationToken);
        await logs.RemoveAsync([.. isHead[false]], removal.At, cancellationToken);
    }
}
