namespace Worker.Storage;

/// <summary>What is spent, or may be.</summary>
/// <param name="Cost">In millionths of a US dollar.</param>
internal readonly record struct BudgetAmounts(long Calls, long Tokens, long Cost)
{
    /// <summary>No limit.</summary>
    public static readonly BudgetAmounts Boundless = new(long.MaxValue, long.MaxValue, long.MaxValue);

    public static BudgetAmounts operator +(BudgetAmounts one, BudgetAmounts other) =>
        new(one.Calls + other.Calls, one.Tokens + other.Tokens, one.Cost + other.Cost);

    public static BudgetAmounts operator -(BudgetAmounts one, BudgetAmounts other) =>
        new(one.Calls - other.Calls, one.Tokens - other.Tokens, one.Cost - other.Cost);

    /// <summary>None of the amounts is above that limit.</summary>
    public bool IsWithin(BudgetAmounts limits) =>
        Calls <= limits.Calls && Tokens <= limits.Tokens && Cost <= limits.Cost;
}
