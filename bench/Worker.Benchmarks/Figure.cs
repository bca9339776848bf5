namespace Worker.Benchmarks;

/// <summary>One measured number.</summary>
/// <param name="Floor">The least it may be; null when there is none.</param>
/// <param name="Ceiling">The most it may be; null when there is none.</param>
internal sealed record Figure(string Name, double Value, string Unit, double? Floor = null, double? Ceiling = null)
{
    public bool IsMissed => Value < Floor || Value > Ceiling;
}
