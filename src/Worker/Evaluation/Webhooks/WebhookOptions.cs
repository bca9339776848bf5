using Worker.Errors;

namespace Worker.Evaluation.Webhooks;

/// <summary>What Evaluators of the kind <c>webhook</c> may reach. Section <c>Evaluation:Webhooks</c>.</summary>
internal sealed class WebhookOptions
{
    public const string SectionName = EvaluationOptions.SectionName + ":Webhooks";

    /// <summary>
    /// Under it stands each secret by its name, which is not a key of the worker's own. It may be given as a file that
    /// holds it: <c>NAME_FILE</c>.
    /// </summary>
    public const string SecretsSection = SectionName + ":Secrets";

    /// <summary>
    /// Networks that are reached although they are not public, and over http, too: <c>10.1.0.0/16, fd12::/16</c>.
    /// None by default.
    /// </summary>
    public string AllowedNetworks { get; set; } = "";

    /// <summary>
    /// What requests are signed with, by name; two, parted by white space, while one takes the place of the other.
    /// </summary>
    public Dictionary<string, string> Secrets { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong with the networks, as a sentence; null when nothing is.</summary>
    public string? Fault() => Addresses.Parse(AllowedNetworks, out var wrong) is null
        ? $"{SectionName}:{nameof(AllowedNetworks)} names \"{OneLine.Of(wrong!)}\"; " +
            "it accepts networks such as 10.1.0.0/16 and fd12::/16, parted by commas."
        : null;
}
