using System.ComponentModel.DataAnnotations;

namespace Worker.Evaluation;

/// <summary>
/// What all Evaluators together may spend in a day (UTC), over all workers. Section <c>Evaluation:Budget</c>. Null is
/// no limit.
/// </summary>
internal sealed class BudgetOptions
{
    public const string SectionName = "Evaluation:Budget";

    [Range(0, long.MaxValue)]
    public long? Calls { get; set; }

    /// <summary>In and out.</summary>
    [Range(0, long.MaxValue)]
    public long? Tokens { get; set; }

    /// <summary>In US dollars.</summary>
    [Range(0, 1_000_000_000)]
    public decimal? Cost { get; set; }

    internal Budget Budget => new(Calls, Tokens, Cost);
}
