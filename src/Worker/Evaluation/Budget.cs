using Worker.Storage;

namespace Worker.Evaluation;

/// <summary>What may be spent in a day (UTC), over all workers. Null is no limit.</summary>
/// <param name="Cost">In US dollars.</param>
internal sealed record Budget(long? Calls, long? Tokens, decimal? Cost)
{
    private const decimal Micro = 1_000_000;

    public bool IsBoundless => Calls is null && Tokens is null && Cost is null;

    public BudgetAmounts Limits => new(
        Calls ?? long.MaxValue, Tokens ?? long.MaxValue, Cost is { } cost ? ToMicro(cost) : long.MaxValue);

    /// <summary>The part that is left, of what is nearest to its end: from 1, all, to 0.</summary>
    public double LeftOf(BudgetAmounts spent) => new[]
    {
        Left(spent.Calls, Calls), Left(spent.Tokens, Tokens), Left(spent.Cost / Micro, Cost),
    }.Min();

    /// <summary>In millionths of a dollar; a part of one counts whole, so that no sum is too low.</summary>
    public static long ToMicro(decimal dollars) => (long)Math.Ceiling(Math.Min(dollars, 1_000_000_000) * Micro);

    private static double Left(decimal spent, decimal? limit) =>
        limit is not { } most ? 1 : most <= 0 ? 0 : (double)Math.Clamp(1 - (spent / most), 0, 1);

    public override string ToString() => string.Join(", ", new[]
    {
        Calls is { } calls ? FormattableString.Invariant($"{calls} calls") : null,
        Tokens is { } tokens ? FormattableString.Invariant($"{tokens} tokens") : null,
        Cost is { } cost ? FormattableString.Invariant($"{cost} $") : null,
    }.OfType<string>());
}
