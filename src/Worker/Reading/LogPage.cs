namespace Worker.Reading;

/// <summary>One page of a list of Logs.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Size">How many it may hold.</param>
/// <param name="Total">How many the whole list holds.</param>
/// <param name="IsCut">
/// There are more Logs than were looked at: the list is of the newest <see cref="LogLister.MaxLookedAt"/> alone.
/// </param>
internal sealed record LogPage(IReadOnlyList<string> Ids, int Number, int Size, long Total, bool IsCut);
