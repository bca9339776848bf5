using System.Text;
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

        // Whichever comes first: to look for one after the other could cut into a key that stands before.
        string[] forms = [.. Encoders.Select(encoder => JsonEncodedText.Encode(key, encoder).Value), key];
        var (hidden, shown) = (new StringBuilder(), 0);
        while (First(text, shown, forms) is var (at, length))
        {
            hidden.Append(text, shown, at - shown).Append(Hidden);
            shown = at + length;
        }

        return shown == 0 ? text : hidden.Append(text, shown, text.Length - shown).ToString();
    }

    /// <summary>Without secrets.</summary>
    public override string ToString() => $"the provider {Name} ({BaseUrl.Scheme}://{BaseUrl.Authority})";

    private static (int At, int Length)? First(string text, int from, string[] forms)
    {
        (int At, int Length)? first = null;
        foreach (var form in forms)
        {
            var at = text.IndexOf(form, from, StringComparison.Ordinal);
            if (at >= 0 && (first is null || at < first.Value.At))
                first = (at, form.Length);
        }

        return first;
    }
}
