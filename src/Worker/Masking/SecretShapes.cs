using System.Buffers;
using System.Collections.Immutable;

namespace Worker.Masking;

/// <summary>The shapes of secrets that are known without being told. Their kinds are public.</summary>
internal static class SecretShapes
{
    public const string Card = "card";

    /// <summary>In Base64, what stands after these is no token's beginning.</summary>
    private static readonly SearchValues<byte> InBase64 = TokenText.Blob;

    /// <summary>Where two fit at one place, the first counts.</summary>
    public static readonly ImmutableArray<SecretShape> All =
    [
        SecretShape.Token("anthropic_key", "sk-ant-", TokenText.Dashed, 20, isRandom: true),
        SecretShape.Token("openai_key", "sk-", TokenText.Dashed, 20, isRandom: true),
        SecretShape.Token("stripe_key", "sk_live_", TokenText.Plain, 16),
        SecretShape.Token("stripe_key", "sk_test_", TokenText.Plain, 16),
        SecretShape.Token("stripe_key", "rk_live_", TokenText.Plain, 16),
        SecretShape.Token("stripe_key", "rk_test_", TokenText.Plain, 16),
        SecretShape.Token("stripe_key", "whsec_", TokenText.Base64, 24, isRandom: true),
        SecretShape.Token("github_token", "ghp_", TokenText.Plain, 36),
        SecretShape.Token("github_token", "gho_", TokenText.Plain, 36),
        SecretShape.Token("github_token", "ghu_", TokenText.Plain, 36),
        SecretShape.Token("github_token", "ghs_", TokenText.Plain, 36),
        SecretShape.Token("github_token", "ghr_", TokenText.Plain, 36),
        SecretShape.Token("github_token", "github_pat_", TokenText.Word, 22),
        SecretShape.Token("gitlab_token", "glpat-", TokenText.Dotted, 20),
        SecretShape.Token("gitlab_token", "glrt-", TokenText.Dotted, 20, isRandom: true, notAfter: TokenText.Dotted),
        SecretShape.Token("gitlab_token", "gldt-", TokenText.Dotted, 20, isRandom: true, notAfter: TokenText.Dotted),
        SecretShape.Token("slack_token", "xoxb-", TokenText.Dashed, 16),
        SecretShape.Token("slack_token", "xoxp-", TokenText.Dashed, 16),
        SecretShape.Token("slack_token", "xoxa-", TokenText.Dashed, 16),
        SecretShape.Token("slack_token", "xoxr-", TokenText.Dashed, 16),
        SecretShape.Token("slack_token", "xoxs-", TokenText.Dashed, 16),
        SecretShape.Token("slack_token", "xoxe-", TokenText.Dashed, 16),
        SecretShape.Token("slack_token", "xapp-", TokenText.Dashed, 16, isRandom: true),
        SecretShape.Other("slack_token", "hooks.slack.com/services/", SecretMatches.SlackHook),
        SecretShape.Token("aws_key", "AKIA", TokenText.Upper, 16, 16, notAfter: InBase64),
        SecretShape.Token("aws_key", "ASIA", TokenText.Upper, 16, 16, notAfter: InBase64),
        SecretShape.Other("aws_key", "ecret_access_key", SecretMatches.AwsSecret),
        SecretShape.Other("aws_key", "ecretAccessKey", SecretMatches.AwsSecret),
        SecretShape.Other("aws_key", "ECRET_ACCESS_KEY", SecretMatches.AwsSecret),
        SecretShape.Token("google_key", "AIza", TokenText.Dashed, 35, 35, notAfter: InBase64),
        SecretShape.Token("google_key", "ya29.", TokenText.Dashed, 20, isRandom: true),
        SecretShape.Token("google_key", "GOCSPX-", TokenText.Dashed, 20),
        SecretShape.Token("huggingface_token", "hf_", TokenText.Plain, 34),
        SecretShape.Token("npm_token", "npm_", TokenText.Plain, 36, 36),
        SecretShape.Other("jwt", "eyJ", SecretMatches.Jwt),
        SecretShape.Other("bearer_token", "earer ", SecretMatches.Bearer),
        SecretShape.Other("bearer_token", "EARER ", SecretMatches.Bearer),
        SecretShape.Other("private_key", "-----BEGIN ", SecretMatches.PrivateKey),
        SecretShape.Other("password", "://", SecretMatches.Password),
        SecretShape.Other("password", @":\/\/", SecretMatches.Password),
    ];

    private static readonly ImmutableArray<SecretShape>[] ByFirst =
    [
        .. Enumerable.Range(0, 256).Select(first => All.Where(shape => shape.Anchor[0] == first).ToImmutableArray()),
    ];

    /// <summary>Every kind, each once.</summary>
    public static readonly ImmutableArray<string> Kinds = [.. All.Select(shape => shape.Kind).Append(Card).Distinct()];

    /// <summary>Those whose anchor begins with it, in their order.</summary>
    public static ReadOnlySpan<SecretShape> BeginningWith(byte first) => ByFirst[first].AsSpan();
}
