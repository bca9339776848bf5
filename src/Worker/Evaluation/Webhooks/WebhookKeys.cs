using System.Text.RegularExpressions;
using Worker.Evaluation.Yaml;

namespace Worker.Evaluation.Webhooks;

/// <summary>Reads where requests go and what they are signed with: the keys <c>url</c> and <c>secret</c>.</summary>
internal static partial class WebhookKeys
{
    private const string UrlAccepted = "an address such as https://checks.example.com/verdict is accepted";

    private const string SecretAccepted =
        "the name of a secret under " + WebhookOptions.SecretsSection + " is accepted: letters, digits, - and _";

    public static Uri? Url(YamlMap map)
    {
        if (map.RequiredText("url", UrlAccepted) is not { } text)
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
            map.Mistake("url", $"This cannot be asked; {UrlAccepted}.");
        else if (url.UserInfo.Length > 0)
            map.Mistake("url", "A user or password has no place in a file; the request is signed with the secret.");
        else
            return url;
        return null;
    }

    public static string? Secret(YamlMap map)
    {
        var name = map.RequiredText("secret", SecretAccepted);
        if (name is null || SecretName().IsMatch(name))
            return name;
        map.Mistake("secret", $"This is no name of a secret; {SecretAccepted}.");
        return null;
    }

    [GeneratedRegex(
        @"\A[A-Z0-9][A-Z0-9_-]*(?<!_FILE)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();
}
