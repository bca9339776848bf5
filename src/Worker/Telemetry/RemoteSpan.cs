using System.Diagnostics;

namespace Worker.Telemetry;

/// <summary>Spans of others, as their producers named them.</summary>
internal static class RemoteSpan
{
    /// <summary>The header in which a producer says which span it was in (W3C Trace Context).</summary>
    public const string Header = "traceparent";

    /// <summary>
    /// What is going on here, as that header says it, so that a worker links what it does with a message to the
    /// request that brought it; null where nobody records it.
    /// </summary>
    public static string? Here =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C, Recorded: true } current ? current.Id : null;

    /// <summary>Null where it cannot be read.</summary>
    public static ActivityContext? Of(string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var context) ? context : null;

    /// <summary>Null where either is missing or no id.</summary>
    public static ActivityContext? Of(string? traceId, string? spanId) =>
        traceId is null || spanId is null ? null : Of($"00-{traceId}-{spanId}-01");

    public static IEnumerable<ActivityLink>? Link(ActivityContext? context) =>
        context is { } known ? [new ActivityLink(known)] : null;
}
