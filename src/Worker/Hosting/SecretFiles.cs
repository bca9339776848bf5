using Worker.Errors;
using Worker.Evaluation.Webhooks;
using Worker.Models;

namespace Worker.Hosting;

/// <summary>
/// Connection strings, secrets of webhooks and keys of providers of models, that are given as the path of a file, as
/// container secrets are: <c>ConnectionStrings:RabbitMq_FILE</c>.
/// </summary>
internal static class SecretFiles
{
    public const string Suffix = "_FILE";

    public static readonly IReadOnlyList<string> Keys =
        ["ConnectionStrings:RabbitMq" + Suffix, "ConnectionStrings:MongoDb" + Suffix];

    /// <summary>Adds what those files hold, above everything configured so far.</summary>
    public static void AddSecretFiles(this IConfigurationBuilder builder)
    {
        var configured = builder.Build();
        var secrets = new Dictionary<string, string?>();
        var webhooks = configured.GetSection(WebhookOptions.SecretsSection).GetChildren()
            .Select(secret => secret.Path)
            .Where(key => key.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase));
        foreach (var key in Keys.Concat(webhooks).Concat(ModelSettings.SecretFileKeys(configured)))
        {
            if (configured[key] is { Length: > 0 } path)
                secrets[key[..^Suffix.Length]] = Read(key, path);
        }

        if (secrets.Count > 0)
            builder.AddInMemoryCollection(secrets);
    }

    private static string Held(string key) => Keys.Contains(key) ? "connection string" : "secret";

    private static string Read(string key, string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                [
                    $"{key} names {path}, which cannot be read; " +
                    $"it accepts the path of a file with the {Held(key)}.",
                ]);
        }
    }
}
