using System.Text.RegularExpressions;
using Worker.Evaluation.Webhooks;
using Worker.Models;

namespace Worker.Hosting;

/// <summary>
/// Hides what must not be shown, wherever somebody else's words repeat it: the users and passwords of addresses, and
/// the configured passwords and keys by themselves. Sentences of ours name neither; drivers' messages and stack traces
/// may.
/// </summary>
internal sealed partial class Secrets
{
    private const string Hidden = "***";

    /// <summary>
    /// Shorter passwords are hidden only within an address: elsewhere, half of every sentence would go with them.
    /// </summary>
    private const int Shortest = 4;

    private static readonly string[] Names = [nameof(ConnectionStringOptions.RabbitMq), nameof(
        ConnectionStringOptions.MongoDb)];

    private readonly IReadOnlyList<(string Secret, Regex Pattern)> _known;

    private Secrets(IEnumerable<string> known) => _known =
    [
        .. known.Distinct(StringComparer.Ordinal)
            .OrderByDescending(secret => secret.Length)
            .Select(
                secret => (secret, new Regex($@"(?<!\w){Regex.Escape(secret)}(?!\w)", RegexOptions.CultureInvariant))),
    ];

    public static Secrets From(IConfiguration? configuration) => new(
        Names.SelectMany(name => PartsOf(configuration?.GetConnectionString(name) ?? ""))
            .Concat(Webhooks(configuration))
            .Concat(ModelSettings.Secrets(configuration))
            .Where(secret => secret.Length >= Shortest));

    public string Hide(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
            text = UserInfo().Replace(text, Hidden);
        foreach (var (secret, pattern) in _known)
        {
            if (text.Contains(secret, StringComparison.Ordinal))
                text = pattern.Replace(text, Hidden);
        }

        return text;
    }

    private static IEnumerable<string> Webhooks(IConfiguration? configuration) =>
        from secrets in configuration?.GetSection(WebhookOptions.SecretsSection).GetChildren() ?? []
        where !secrets.Path.EndsWith(SecretFiles.Suffix, StringComparison.OrdinalIgnoreCase)
        from secret in (secrets.Value ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        select secret;

    /// <summary>
    /// User and password, and the password alone: up to the first @, and up to the last one where a password was not
    /// encoded.
    /// </summary>
    private static IEnumerable<string> PartsOf(string connectionString)
    {
        var start = connectionString.IndexOf("://", StringComparison.Ordinal) + 3;
        int[] ends = [connectionString.IndexOf('@'), connectionString.LastIndexOf('@')];
        foreach (var end in ends.Where(end => start > 2 && end > start))
        {
            // A password that is the user's name, too, is a default that everybody knows, and often a word in our own
            // sentences.
            if (connectionString[start..end].Split(':', 2) is not [var user, var password] || user == password)
                continue;
            yield return $"{user}:{password}";
            yield return password;
            yield return Uri.UnescapeDataString(password);
        }
    }

    /// <summary>Leaves the examples in our own sentences.</summary>
    [GeneratedRegex(@"(?<=\b[A-Za-z][A-Za-z0-9+.-]*://)(?!user:password@)[^\s""'<>]*(?=@)")]
    private static partial Regex UserInfo();
}
