namespace Worker.Evaluation;

/// <summary>A call of an Evaluator was not made, because it might have cost more than is left.</summary>
/// <param name="message">A sentence: which budget, and what is spent of it.</param>
/// <param name="until">When the budget begins anew.</param>
internal sealed class OverBudgetException(string message, DateTimeOffset until) : Exception(message)
{
    public DateTimeOffset Until => until;
}
