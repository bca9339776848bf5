using Worker.DeadLetters;
using Worker.Storage;

namespace Worker.Viewer;

/// <summary>The newest dead letters, and how many there are by reason.</summary>
/// <param name="Newest">Without bodies, the newest first.</param>
/// <param name="Reasons">All letters, whatever is asked for, by reason; the most first.</param>
/// <param name="Matching">How many are asked for.</param>
internal sealed record LetterList(
    IReadOnlyList<DeadLetter> Newest, IReadOnlyList<KeyValuePair<string, long>> Reasons, long Matching)
{
    private const int MostReasons = 50;

    /// <summary>
    /// Goes through all letters once, from the oldest on, and holds as many as are shown. On a broker nobody else gets
    /// hold of them meanwhile.
    /// </summary>
    /// <param name="reason">Null: any.</param>
    public static async Task<LetterList> ReadAsync(
        IDeadLetters letters, string? reason, int most, CancellationToken cancellationToken)
    {
        var newest = new Queue<DeadLetter>();
        var reasons = new Dictionary<string, long>(StringComparer.Ordinal);
        var filter = new DeadLetterFilter(Reason: reason);
        var matching = 0L;
        if (letters.Exist)
        {
            await foreach (var letter in letters.ListAsync(cancellationToken))
            {
                if (reasons.Count < MostReasons || reasons.ContainsKey(letter.Reason))
                    reasons[letter.Reason] = reasons.GetValueOrDefault(letter.Reason) + 1;
                if (!filter.Matches(letter))
                    continue;
                matching++;
                newest.Enqueue(letter with { Body = null });
                if (newest.Count > most)
                    newest.Dequeue();
            }
        }

        return new(
            [.. newest.Reverse()],
            [.. reasons.OrderByDescending(each => each.Value).ThenBy(each => each.Key, StringComparer.Ordinal)],
            matching);
    }
}
