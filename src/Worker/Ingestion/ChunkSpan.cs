using System.Diagnostics;
using Worker.Telemetry;

namespace Worker.Ingestion;

/// <summary>The span of a chunk: one for all of its messages, with links to what their producers were in.</summary>
internal static class ChunkSpan
{
    public const string Name = "worker.chunk";

    public const string MergeName = "worker.merge";

    /// <summary>Producers that are linked to; who comes after them in a chunk is not.</summary>
    public const int Links = 64;

    /// <summary>Null where nobody listens.</summary>
    public static Activity? Start(HeldChunk chunk)
    {
        if (!WorkerTelemetry.Activities.HasListeners())
            return null;
        var links = chunk.Messages
            .Select(message => message.TraceParent)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Select(RemoteSpan.Of)
            .OfType<ActivityContext>()
            .Take(Links)
            .Select(context => new ActivityLink(context))
            .ToList();
        var span = WorkerTelemetry.Activities.StartActivity(ActivityKind.Consumer, links: links, name: Name);
        return span?.SetTag("messaging.operation.name", "process")
            .SetTag("messaging.batch.message_count", chunk.Messages.Count);
    }

    /// <summary>
    /// The Logs of a chunk are merged into what is stored, linked and woken. Null where nobody listens.
    /// </summary>
    public static Activity? StartMerge(int logs) =>
        WorkerTelemetry.Activities.StartActivity(MergeName)?.SetTag("worker.logs.count", logs);

    public static void End(Activity? span, ProcessedChunk processed) => span?
        .SetTag("worker.messages.stored", processed.Result.Stored)
        .SetTag("worker.messages.refused", processed.Refused.Count);

    /// <summary>The chunk goes back.</summary>
    public static void Fail(Activity? span, Exception failure) => span?
        .SetTag("error.type", failure.GetType().Name)
        .SetStatus(ActivityStatusCode.Error);
}
