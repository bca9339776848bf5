using Worker.Evaluation;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing;

/// <summary>Traces read as a whole: tests have small ones.</summary>
internal static class WholeTraces
{
    /// <summary>Every member, in the order of reading.</summary>
    public static async Task<IReadOnlyList<Log>> AllMembersAsync(
        this ITraceStore traces, string logId, CancellationToken cancellationToken) =>
        await traces.MembersAsync(logId, cancellationToken).SelectMany(page => page).ToListAsync(cancellationToken);

    /// <summary>As a step finds it.</summary>
    public static async Task<RunContent> ContentAsync(
        this ITraceStore traces, string logId, IEnumerable<Evaluator> attached)
    {
        var members = await traces.AllMembersAsync(logId, CancellationToken.None);
        return RunContent.From(
            members[0], ShapeOf(members), TraceDigest.Of(members), [.. attached.Select(evaluator => evaluator.PinOn(logId))]);
    }

    public static TraceShape ShapeOf(IEnumerable<Log> members)
    {
        var shape = new TraceShape();
        foreach (var member in members)
            shape.Add(member);
        return shape;
    }
}
