namespace Worker.Alerts;

/// <summary>What a value may not be above, or below.</summary>
/// <param name="IsCeiling">It may not be above; else not below.</param>
/// <param name="Limit">May be reached.</param>
/// <param name="Recovery">An alert that fires goes on until the value is back here: at the limit, or within it.</param>
internal sealed record AlertBound(bool IsCeiling, double Limit, double Recovery)
{
    public bool IsBrokenBy(double value) => IsCeiling ? value > Limit : value < Limit;

    public bool IsRecoveredBy(double value) => IsCeiling ? value <= Recovery : value >= Recovery;
}
