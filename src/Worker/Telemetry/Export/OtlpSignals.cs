namespace Worker.Telemetry.Export;

/// <summary>
/// Which signals go where over OTLP, as OpenTelemetry's own variables say it (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, or
/// one for each signal). Without them nothing is exported. What else they say, the exporter reads itself.
/// </summary>
internal sealed class OtlpSignals(IConfiguration configuration)
{
    public const string Traces = "TRACES";
    public const string Metrics = "METRICS";
    public const string Logs = "LOGS";

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public bool Any => Has(Traces) || Has(Metrics) || Has(Logs);

    public bool Has(string signal) =>
        !Says("OTEL_SDK_DISABLED", "true")
        && !Says($"OTEL_{signal}_EXPORTER", "none")
        && (IsSet(Endpoint) || IsSet(EndpointOf(signal)));

    /// <summary>Where that signal alone goes, the path included; null where it goes where all do.</summary>
    public Uri? OwnEndpoint(string signal) =>
        Uri.TryCreate(configuration[EndpointOf(signal)], UriKind.Absolute, out var own) ? own : null;

    private static string EndpointOf(string signal) => $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT";

    private bool IsSet(string key) => !string.IsNullOrWhiteSpace(configuration[key]);

    private bool Says(string key, string value) =>
        string.Equals(configuration[key]?.Trim(), value, StringComparison.OrdinalIgnoreCase);
}
