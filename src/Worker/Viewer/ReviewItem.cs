using Worker.Traces;

namespace Worker.Viewer;

/// <summary>A Log that a person judges.</summary>
/// <param name="Path">Of its File; null where that is not known.</param>
/// <param name="Verdicts">People's by that Evaluator; none of them was taken back.</param>
internal sealed record ReviewItem(Log Log, string? Path, IReadOnlyList<Log> Verdicts);

/// <summary>A page of what a person judges.</summary>
/// <param name="Next">Where the next one begins; null when this is the last.</param>
/// <param name="LookedAt">How many Logs were looked at for it.</param>
/// <param name="IsCut">It ends where enough had been looked at, not because it is full.</param>
internal sealed record ReviewPage(
    IReadOnlyList<ReviewItem> Items, Reading.TraceCursor? Next, int LookedAt, bool IsCut);
