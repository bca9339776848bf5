using Microsoft.AspNetCore.Http;

namespace Worker.Benchmarks;

/// <summary>A collector that takes all that is sent over OTLP, and keeps nothing.</summary>
internal sealed class CollectorServer : IAsyncDisposable
{
    private LoopbackServer? _server;
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>What leads a worker to it.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _server!.Address,
    };

    public static async Task<CollectorServer> StartAsync(CancellationToken cancellationToken)
    {
        var collector = new CollectorServer();
        collector._server = await LoopbackServer.StartAsync("/v1/{signal}", collector.TakeAsync, cancellationToken);
        return collector;
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private Task TakeAsync(HttpContext context)
    {
        Interlocked.Add(ref _bytes, context.Request.ContentLength ?? 0);
        context.Response.ContentType = "application/x-protobuf";
        return Task.CompletedTask;
    }
}
