using System.Diagnostics;

namespace Worker.Telemetry;

/// <summary>
/// The one meter and the one source of spans. Each room makes its own instruments on the meter; their names are a
/// contract, told in <c>docs/operations.md</c>. No payload and no secret is ever a label or an attribute.
/// </summary>
internal static class WorkerTelemetry
{
    public const string Name = "Worker";

    public static readonly ActivitySource Activities = new(Name);
}
