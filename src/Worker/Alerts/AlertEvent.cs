namespace Worker.Alerts;

/// <summary>A breach that began, or ended.</summary>
/// <param name="IsRecovery">It ended.</param>
/// <param name="IsOfNoData">There was nothing to be measured; else the bound was broken.</param>
/// <param name="Breach">Derived from the alert's name and when the breach began.</param>
/// <param name="Since">When it began.</param>
/// <param name="At">When this was seen.</param>
internal sealed record AlertEvent(
    bool IsRecovery, bool IsOfNoData, string Breach, DateTimeOffset Since, DateTimeOffset At, Measurement Found)
{
    /// <summary>Whoever is told of it twice knows by this that it is the same.</summary>
    public string Key => IsRecovery ? Breach + "-recovered" : Breach;
}
