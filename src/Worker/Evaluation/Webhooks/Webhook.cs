namespace Worker.Evaluation.Webhooks;

/// <summary>A program elsewhere that is asked for a judgment, as an Evaluator file describes it.</summary>
/// <param name="Url">Absolute, <c>https</c> or <c>http</c>, without user and password.</param>
/// <param name="Secret">The name of what requests are signed with: see <see cref="WebhookSecrets"/>.</param>
/// <param name="Timeout">For the whole of a try: finding it, connecting, sending, and reading its reply.</param>
/// <param name="MaxReplyBytes">A longer reply is an error.</param>
internal sealed record Webhook(Uri Url, string Secret, TimeSpan Timeout, int MaxReplyBytes)
{
    /// <summary>As it may be shown: paths and queries may hold what is nobody's business.</summary>
    public string Host => Url.IdnHost;
}
