namespace Worker.Alerts;

/// <summary>What an alert found.</summary>
/// <param name="Value">Null where there is nothing to say it of.</param>
/// <param name="Count">Of how many it is said.</param>
/// <param name="Against">How many of these count against the alert.</param>
/// <param name="Contributions">Of these the latest, <see cref="MostContributions"/> at most.</param>
/// <param name="IsCut">There were more verdicts than are looked at: the earliest were left out.</param>
internal sealed record Measurement(
    double? Value, long Count, long Against, IReadOnlyList<Contribution> Contributions, bool IsCut = false)
{
    public const int MostContributions = 1_000;
}
