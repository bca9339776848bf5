using System.Diagnostics.Metrics;

namespace Worker.Telemetry;

/// <summary>The bounds of histograms, for what takes milliseconds and for what is waited for.</summary>
internal static class Buckets
{
    /// <summary>For what a store or a chunk takes, in seconds.</summary>
    public static readonly InstrumentAdvice<double> Short = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    /// <summary>For what Evaluators and people wait for, in seconds.</summary>
    public static readonly InstrumentAdvice<double> Long = new()
    {
        HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
    };

    /// <summary>For how many there are of something.</summary>
    public static readonly InstrumentAdvice<long> Counts = new()
    {
        HistogramBucketBoundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500],
    };
}
