namespace Worker.Assessment;

/// <summary>One Log on which two judgments are not the same.</summary>
/// <param name="By">How far apart two numbers are; 1 for anything else.</param>
/// <param name="One">As people read it.</param>
/// <param name="Other">As people read it.</param>
internal sealed record Difference(string LogId, double By, string One, string Other) : IComparable<Difference>
{
    /// <summary>The greatest first; of the same size, in the order of ids.</summary>
    public int CompareTo(Difference? other) => other is null ? -1
        : By.CompareTo(other.By) is var bySize and not 0 ? -bySize
        : string.CompareOrdinal(LogId, other.LogId);
}
