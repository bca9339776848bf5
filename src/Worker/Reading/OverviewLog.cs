using Worker.Traces;

namespace Worker.Reading;

/// <summary>A Log in a picture of its trace.</summary>
/// <param name="Path">What it calls its File; null where it says nothing.</param>
internal readonly record struct OverviewLog(
    string? Path, bool HadError, bool IsComplete, bool HasProblems, float? Cost, float? Tokens)
{
    public static OverviewLog Of(Log log)
    {
        var sums = LogSums.From(log);
        return new(
            log.Path,
            log.HadError,
            log.Kind == LogKind.Flow ? log.IsComplete : log.IsFinished,
            !log.Problems.IsEmpty,
            (float?)sums.Cost,
            (float?)sums.Tokens);
    }
}
