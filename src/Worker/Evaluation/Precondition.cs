namespace Worker.Evaluation;

/// <summary>What must hold of a trace for an Evaluator to judge it.</summary>
/// <param name="Text">As the file says it, for people.</param>
/// <param name="Begin">Begins to look at a trace; the fold gives null where it cannot be told.</param>
internal sealed record Precondition(string Text, Func<Fold<bool>> Begin)
{
    /// <summary>Null where it held; else a sentence.</summary>
    public string? WhyNot(Fold<bool> fold)
    {
        var seen = fold.Seen() is { } words ? $" ({words})" : "";
        return fold.Result() switch
        {
            true => null,
            false => $"when does not hold: {Text}{seen}",
            null => $"when cannot be told of this trace: {Text}{seen}",
        };
    }
}
