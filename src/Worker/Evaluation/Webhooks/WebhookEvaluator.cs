using Worker.Evaluation.Yaml;
using Worker.Traces;
using YamlDotNet.RepresentationModel;

namespace Worker.Evaluation.Webhooks;

/// <summary>
/// The kind <c>webhook</c>: a program elsewhere gets the Log as a signed request, and answers with the verdict, or that
/// it will come. Keys: <c>url</c>, <c>secret</c>, <c>timeout</c> (30s), <c>max_reply_bytes</c> (65536), and those of
/// the judgment, of any type.
/// </summary>
internal sealed class WebhookEvaluator(WebhookClient client, WebhookSecrets secrets, TimeProvider time)
    : IEvaluatorKind
{
    private const double ShortestTimeout = 0.1, LongestTimeout = 600;
    private const int LargestReply = 1024 * 1024;

    public string Name => "webhook";

    public bool IsExecutable => true;

    public Judging? Read(YamlMap map, YamlErrors mistakes)
    {
        var returns = JudgmentKeys.Read(map, mistakes, Enum.GetValues<ReturnType>());
        var url = WebhookKeys.Url(map);
        var secret = WebhookKeys.Secret(map);
        var timeout = Timeout(map);
        var bytes = MaxReplyBytes(map);
        return returns is null || url is null || secret is null || timeout is null || bytes is null
            ? null
            : new(returns, Call: new WebhookCall(new(url, secret, timeout.Value, bytes.Value), client, secrets, time));
    }

    private static TimeSpan? Timeout(YamlMap map)
    {
        if (map.Optional("timeout") is not { } node)
            return TimeSpan.FromSeconds(30);
        if (node is YamlScalarNode { Value: { } text }
            && DurationText.Seconds(text) is >= ShortestTimeout and <= LongestTimeout and var seconds)
            return TimeSpan.FromSeconds(seconds);
        map.Mistake("timeout", "This is no time to wait; a duration from 100ms to 10m is accepted.");
        return null;
    }

    private static int? MaxReplyBytes(YamlMap map)
    {
        if (map.Optional("max_reply_bytes") is not { } node)
            return 64 * 1024;
        if (YamlJson.Number(node) is >= 1 and <= LargestReply and var bytes && double.IsInteger(bytes))
            return (int)bytes;
        map.Mistake("max_reply_bytes", $"This is no size of a reply; 1 to {LargestReply} is accepted.");
        return null;
    }
}
