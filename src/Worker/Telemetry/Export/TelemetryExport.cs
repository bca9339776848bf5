using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Worker.Telemetry.Export;

/// <summary>
/// Lets what the worker tells of itself out: to whoever scrapes it, and over OTLP. Where neither is wanted, nothing is
/// registered, and nobody listens.
/// </summary>
internal static class TelemetryExport
{
    /// <summary>The spans of the web host: who sends a request says there which trace it belongs to.</summary>
    private const string WebSource = "Microsoft.AspNetCore";

    /// <param name="isScraped">There is a front, with <c>/metrics</c>.</param>
    /// <param name="hide">Gives back a text without secrets.</param>
    public static void AddTelemetry(
        this IHostApplicationBuilder builder, bool isScraped, Func<string, string> hide)
    {
        var otlp = new OtlpSignals(builder.Configuration);
        if (!isScraped && !otlp.Any)
            return;
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(Describe);
        if (isScraped || otlp.Has(OtlpSignals.Metrics))
            telemetry.WithMetrics(metrics => Add(metrics, isScraped, otlp));
        if (otlp.Has(OtlpSignals.Traces))
        {
            telemetry.WithTracing(traces => traces
                .AddSource(WorkerTelemetry.Name)
                .AddSource(WebSource)
                .AddOtlpExporter(exporter => Send(exporter, otlp, OtlpSignals.Traces)));
        }

        if (otlp.Has(OtlpSignals.Logs))
        {
            telemetry.WithLogging(
                logs => logs
                    .AddProcessor(new HiddenSecrets(hide))
                    .AddOtlpExporter(exporter => Send(exporter, otlp, OtlpSignals.Logs)),
                options => options.IncludeFormattedMessage = true);
        }
    }

    private static void Add(MeterProviderBuilder metrics, bool isScraped, OtlpSignals otlp)
    {
        metrics.AddMeter(WorkerTelemetry.Name);
        if (isScraped)
            metrics.AddPrometheusExporter();
        if (otlp.Has(OtlpSignals.Metrics))
            metrics.AddOtlpExporter(exporter => Send(exporter, otlp, OtlpSignals.Metrics));
    }

    /// <summary>An endpoint that is set is taken as it is; to one that is read, the signal's path is added.</summary>
    private static void Send(OtlpExporterOptions exporter, OtlpSignals otlp, string signal)
    {
        if (otlp.OwnEndpoint(signal) is { } own)
            exporter.Endpoint = own;
    }

    /// <summary>What <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> say wins.</summary>
    private static void Describe(ResourceBuilder resource) => resource
        .AddService("worker", serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3))
        .AddEnvironmentVariableDetector();
}
