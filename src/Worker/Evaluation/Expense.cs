namespace Worker.Evaluation;

/// <summary>What one call of an Evaluator costs.</summary>
/// <param name="Tokens">In and out.</param>
/// <param name="Cost">In US dollars.</param>
internal readonly record struct Expense(long Tokens, decimal Cost)
{
    public static readonly Expense None = new(0, 0);
}
