using Microsoft.AspNetCore.Builder;

namespace Worker.Front;

/// <summary>
/// <c>GET /metrics</c>, for Prometheus. It asks for what every look does: on the loopback nothing, else a key with the
/// role <c>read</c>, as a bearer. Needs the exporter to be registered.
/// </summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    public static void MapMetrics(this WebApplication app) => app.MapPrometheusScrapingEndpoint(Path);
}
