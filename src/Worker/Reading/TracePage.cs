using System.Globalization;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>A page of a list of traces.</summary>
/// <param name="Next">Where the next one begins; null when this is the last.</param>
/// <param name="LookedAt">How many traces were looked at for it.</param>
/// <param name="IsCut">It ends where enough had been looked at, not because it is full.</param>
internal sealed record TracePage(IReadOnlyList<TraceRow> Rows, TraceCursor? Next, int LookedAt, bool IsCut);

/// <summary>How many traces fit a search.</summary>
/// <param name="LookedAt">How many were looked at for it.</param>
/// <param name="IsCut">There are older ones, which were not.</param>
internal sealed record TraceCount(int Count, int LookedAt, bool IsCut);

/// <summary>A place in a list of traces, which goes from the newest to the oldest.</summary>
internal readonly record struct TraceCursor(long CreatedAt, string LogId) : IComparable<TraceCursor>
{
    public static TraceCursor Of(Log log) => new(log.CreatedAt, log.Id);

    /// <summary>Null when the text is none.</summary>
    public static TraceCursor? Parse(string? text) =>
        text?.Split('~', 2) is [var at, { Length: > 0 } id]
        && long.TryParse(at, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var createdAt)
            ? new(createdAt, id)
            : null;

    /// <summary>What is newer comes first; of one instant, by id.</summary>
    public int CompareTo(TraceCursor other) => other.CreatedAt.CompareTo(CreatedAt) is not 0 and var order
        ? order
        : string.CompareOrdinal(LogId, other.LogId);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{CreatedAt}~{LogId}");
}
