namespace Worker.Benchmarks.Soak;

/// <summary>
/// Memory and handles of one process, looked at every two seconds while it lives. Flat: the median of the last third
/// is not above that of the second third by more than the tolerance; the first third is for warming up.
/// </summary>
internal sealed class Samples
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>A life with fewer, of 40 seconds, says nothing.</summary>
    private const int Least = 20;

    private readonly List<(double Megabytes, int Handles)> _taken = [];

    public bool IsTelling => _taken.Count >= Least;

    public int Count => _taken.Count;

    public TimeSpan Length => _taken.Count * Pause;

    public double PeakMegabytes => _taken.Count == 0 ? 0 : _taken.Max(sample => sample.Megabytes);

    public (double Before, double After) Megabytes => Thirds(sample => sample.Megabytes);

    public (double Before, double After) Handles => Thirds(sample => sample.Handles);

    /// <summary>15 % and 20 MB: what a collector that has room lets lie about.</summary>
    public double MegabytesAllowed => (Megabytes.Before * 1.15) + 20;

    /// <summary>10 % and 10: connections that are being made again.</summary>
    public double HandlesAllowed => (Handles.Before * 1.1) + 10;

    public void Add(double megabytes, int handles) => _taken.Add((megabytes, handles));

    private (double, double) Thirds(Func<(double Megabytes, int Handles), double> value)
    {
        var third = _taken.Count / 3;
        return (Median(_taken.Skip(third).Take(third)), Median(_taken.Skip(2 * third)));

        double Median(IEnumerable<(double, int)> part) =>
            part.Select(value).Order().ToList() is { Count: > 0 } sorted ? sorted[sorted.Count / 2] : 0;
    }
}
