using System.Text.Encodings.Web;
using System.Text.Json;

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

    private static readonly JavaScriptEncoder[] Encoders =
        [JavaScriptEncoder.Default, JavaScriptEncoder.UnsafeRelaxedJsonEscaping];

    /// <summary>The text without the key, should the service have repeated it, be it within JSON.</summary>
    public string Hide(string text)
    {
        if (ApiKey is not { Length: >= Shortest } key)
            return text;
        foreach (var encoder in Encoders)
            text = text.Replace(JsonEncodedText.Encode(key, encoder).Value, Hidden, StringComparison.Ordinal);
        return text.Replace(key, Hidden, StringComparison.Ordinal);
    }

    /// <summary>Without secrets.</summary>
    public override string ToString() => $"the provider {Name} ({BaseUrl.Scheme}://{BaseUrl.Authority})";
}
