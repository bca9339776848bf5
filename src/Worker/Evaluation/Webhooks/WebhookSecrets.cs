using System.Text;
using Microsoft.Extensions.Options;

namespace Worker.Evaluation.Webhooks;

/// <summary>What requests are signed with, by the name under which it is configured.</summary>
internal sealed class WebhookSecrets(IOptions<WebhookOptions> options)
{
    /// <summary>
    /// One; two while one takes the place of the other. Throws <see cref="EvaluatorPausedException"/> where there is
    /// none.
    /// </summary>
    public IReadOnlyList<byte[]> Of(string name)
    {
        var configured = options.Value.Secrets.GetValueOrDefault(name) ?? "";
        var secrets = configured.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return secrets.Length > 0
            ? Array.ConvertAll(secrets, Encoding.UTF8.GetBytes)
            : throw new EvaluatorPausedException(
                $"There is no secret \"{name}\" to sign the request with; " +
                $"set {WebhookOptions.SecretsSection}:{name}, " +
                $"or {WebhookOptions.SecretsSection}:{name}_FILE to the path of a file that holds it.");
    }
}
