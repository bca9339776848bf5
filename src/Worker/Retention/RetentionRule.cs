using Worker.Files;
using Worker.Traces;

namespace Worker.Retention;

/// <summary>
/// One rule: the traces that match all it names go when they are old enough, or are kept until then.
/// </summary>
/// <param name="After">How long after its newest content; of a rule that keeps, null is for ever.</param>
/// <param name="Keep">Whatever other rules say, what matches stays until it is that old.</param>
internal sealed record RetentionRule(string Name, TimeSpan? After, bool Keep)
{
    /// <summary>The outermost Log is of this kind.</summary>
    public LogKind? Kind { get; init; }

    /// <summary>The outermost Log's File is at such a path.</summary>
    public PathGlob? Path { get; init; }

    /// <summary>The outermost Log has this label <c>environment</c>.</summary>
    public string? Environment { get; init; }

    /// <summary>One of the outermost Log's verdicts says this (see <see cref="OldTrace.Verdicts"/>).</summary>
    public string? Verdict { get; init; }

    /// <summary>Its Logs together are at least so large, in bytes.</summary>
    public long? LargerThan { get; init; }

    /// <summary>Whether it may match, as far as the outermost Log says.</summary>
    public bool MayMatch(Log head) =>
        (Kind is null || Kind == head.Kind)
        && Path?.Matches(head.Path) != false
        && (Environment is null || Environment == head.Text(LogFields.Environment));

    public bool Matches(OldTrace trace) =>
        MayMatch(trace.Head)
        && (LargerThan is null || trace.Bytes >= LargerThan)
        && (Verdict is null || trace.Verdicts.Contains(Verdict));

    /// <summary>Its newest content lies that far back.</summary>
    public bool IsOver(long newest, DateTimeOffset now) =>
        After is { } after && newest <= Timestamps.ToMicroseconds(now - after);
}
