namespace Worker.Models;

/// <summary>A service that has models, and speaks OpenAI's chat completions.</summary>
/// <param name="Name">As the operator calls it.</param>
/// <param name="BaseUrl">What <c>/chat/completions</c> is appended to.</param>
/// <param name="ApiKey">A secret; null where the service asks for none.</param>
internal sealed record ModelProvider(string Name, Uri BaseUrl, string? ApiKey)
{
    private const string Hidden = "***";

    /// <summary>
    /// What is shorter is no secret, but the word that a service on one's own machine asks for: to hide "x" would be to
    /// spoil every answer.
    /// </summary>
    private const int Shortest = 8;

    /// <summary>The text without the key, should the service have repeated it.</summary>
    public string Hide(string text) =>
        ApiKey is { Length: >= Shortest } ? text.Replace(ApiKey, Hidden, StringComparison.Ordinal) : text;

    /// <summary>Without secrets.</summary>
    public override string ToString() => $"the provider {Name} ({BaseUrl.Scheme}://{BaseUrl.Authority})";
}
