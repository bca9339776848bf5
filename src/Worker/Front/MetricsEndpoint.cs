using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Worker.Front;

/// <summary>
/// <c>GET /metrics</c>, for Prometheus. It asks for what every look does: on the loopback nothing, else a key with the
/// role <c>read</c>, as a bearer; but not one that is for some Files alone, because it tells of all. Needs the exporter
/// to be registered.
/// </summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    public static void MapMetrics(this WebApplication app) =>
        app.MapPrometheusScrapingEndpoint(Path).Add(Confine);

    private static void Confine(EndpointBuilder endpoint)
    {
        var inner = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context => Caller.Of(context).IsConfined
            ? Answers.SentenceAsync(
                context.Response,
                StatusCodes.Status403Forbidden,
                "The metrics tell of all Files, and this key is for some alone; take one without a path")
            : inner(context);
    }
}
