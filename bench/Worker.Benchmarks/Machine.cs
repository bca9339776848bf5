using System.Runtime.InteropServices;

namespace Worker.Benchmarks;

/// <summary>What a figure is worth nothing without.</summary>
internal static class Machine
{
    public static string Description =>
        $"{Environment.ProcessorCount} cores ({Processor}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, " +
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    private static string Processor =>
        File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line.Split(':', 2)[1].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
}
