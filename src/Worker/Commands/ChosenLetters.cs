using Worker.DeadLetters;

namespace Worker.Commands;

/// <summary>Letters that somebody chose.</summary>
/// <param name="Filter">Which they are.</param>
/// <param name="Asked">How they were chosen, in words.</param>
/// <param name="Ids">Those that were named; empty where they were not chosen by id.</param>
/// <param name="Met">Those of the ids that the filter has met.</param>
internal sealed record ChosenLetters(
    DeadLetterFilter Filter, string Asked, IReadOnlySet<string> Ids, IReadOnlySet<string> Met)
{
    /// <summary>Named, and not there; or not written before the time that was given.</summary>
    public IReadOnlyList<string> NotFound => [.. Ids.Except(Met).Order(StringComparer.Ordinal)];

    /// <param name="id">One id; null where it is another choice.</param>
    /// <param name="listed">Ids from a file; null where it is another choice.</param>
    public static ChosenLetters Of(string? id, string? reason, DateTimeOffset? before, HashSet<string>? listed)
    {
        var ids = listed ?? (id is null ? [] : new HashSet<string>([id], StringComparer.Ordinal));
        var met = new HashSet<string>(StringComparer.Ordinal);
        var filter = new DeadLetterFilter(Reason: reason, Before: before, Also: letter =>
        {
            if (ids.Count == 0)
                return true;
            if (!ids.Contains(letter.DeadLetterId))
                return false;
            met.Add(letter.DeadLetterId);
            return true;
        });
        var asked = (id, reason, listed) switch
        {
            (not null, _, _) => "one by its id",
            (_, not null, _) => $"all refused for {reason}",
            (_, _, not null) => $"the {Counted.Phrase(listed.Count, "letter")} of a list",
            _ => "all",
        };
        var until = before is { } time ? $", written before {time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z" : "";
        return new(filter, asked + until, ids, met);
    }
}
