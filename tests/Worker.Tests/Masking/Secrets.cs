namespace Worker.Tests.Masking;

/// <summary>
/// One secret of each shape. Nobody's: parted here, so that nothing that looks for secrets in this repository finds one.
/// </summary>
internal static class Secrets
{
    private const string Lot = "aZ8bY7cX6dW5eV4fU3gT2hS1iR0jQ9kP8lO7mN6";

    public static readonly IReadOnlyDictionary<string, string> ByShape = new Dictionary<string, string>
    {
        ["an OpenAI key"] = "sk-" + Lot + "T3BlbkFJ" + Lot,
        ["an OpenAI project key"] = "sk-proj-" + Lot + "_" + Lot + "-" + Lot,
        ["an Anthropic key"] = "sk-ant-" + "api03-" + Lot + "-" + Lot + "-AA",
        ["a key of an OpenAI-compatible host"] = "sk-" + "0123456789abcdef0123456789abcdef",
        ["a Stripe key"] = "sk_live_" + Lot[..24],
        ["a restricted Stripe key"] = "rk_test_" + Lot[..24],
        ["a GitHub token"] = "ghp_" + Lot[..36],
        ["a fine-grained GitHub token"] = "github_pat_" + Lot[..22] + "_" + Lot,
        ["a GitLab token"] = "glpat-" + Lot[..20],
        ["a Slack token"] = "xoxb-" + "123456789012-123456789012-" + Lot[..24],
        ["a Slack hook"] = "T0123ABCD/B0123ABCD/" + Lot[..24],
        ["an AWS key id"] = "AKIA" + "Q3EGRSXYZ7ABCDEF",
        ["a temporary AWS key id"] = "ASIA" + "Q3EGRSXYZ7ABCDEF",
        ["a Google key"] = "AIza" + Lot[..35],
        ["a Google token"] = "ya29." + Lot,
        ["a Hugging Face token"] = "hf_" + Lot[..34],
        ["an npm token"] = "npm_" + Lot[..36],
        ["a JWT"] = "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + "." + Lot,
        ["a password"] = "correct-horse-staple",
        ["a Visa card"] = "4111" + "111111111111",
        ["an American Express card"] = "3782 " + "822463 10005",
        ["a card in groups"] = "5555-" + "5555-5555-4444",
    };

    public static readonly string PrivateKey =
        "-----BEGIN RSA " + "PRIVATE KEY-----\n" + Lot + Lot[..25] + "\n" + Lot + "==\n-----END RSA " + "PRIVATE KEY-----";

    /// <summary>As it stands in a text, with what it is known by.</summary>
    public static string InText(string shape) => shape switch
    {
        "a password" => $"amqp://worker:{ByShape[shape]}@rabbit:5672/logs",
        "a Slack hook" => $"https://hooks.slack.com/services/{ByShape[shape]}",
        _ => ByShape[shape],
    };
}
