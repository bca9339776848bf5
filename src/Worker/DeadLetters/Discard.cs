using Worker.Storage;

namespace Worker.DeadLetters;

/// <summary>One throwing away: which letters go, slice by slice, each told before it goes.</summary>
internal sealed class Discard(DeadLetterFilter filter, DiscardStep? around)
{
    private const int Slice = 1_000;

    /// <param name="letters">Each with its place.</param>
    /// <param name="remove">Takes one from its place; false when it was not there.</param>
    public async Task<int> RunAsync<TPlace>(
        IAsyncEnumerable<(DeadLetter Letter, TPlace Place)> letters, Func<TPlace, Task<bool>> remove)
    {
        var discarded = 0;
        var chosen = letters.Where(each => filter.Matches(each.Letter)).Select(
            each => (Letter: each.Letter with { Body = null }, each.Place));
        await foreach (var slice in chosen.Chunk(Slice))
        {
            discarded += around is null
                ? await RemoveAsync()
                : await around([.. slice.Select(each => each.Letter)], RemoveAsync);

            async Task<int> RemoveAsync()
            {
                var removed = 0;
                foreach (var (_, place) in slice)
                    removed += await remove(place) ? 1 : 0;
                return removed;
            }
        }

        return discarded;
    }
}
