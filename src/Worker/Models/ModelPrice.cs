namespace Worker.Models;

/// <summary>What a model costs, in US dollars per million tokens.</summary>
internal sealed record ModelPrice(decimal Input, decimal Output)
{
    private const decimal Million = 1_000_000;

    /// <summary>In US dollars.</summary>
    public decimal Cost(long inputTokens, long outputTokens) =>
        ((Input * inputTokens) + (Output * outputTokens)) / Million;
}
