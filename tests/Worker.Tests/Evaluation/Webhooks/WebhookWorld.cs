using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Worker.Evaluation;
using Worker.Evaluation.Evaluators;
using Worker.Evaluation.Webhooks;
using Worker.Evaluation.Yaml;

namespace Worker.Tests.Evaluation.Webhooks;

/// <summary>Evaluators of the kind <c>webhook</c>, from their files to their answers.</summary>
internal sealed class WebhookWorld : IDisposable
{
    private readonly WebhookClient _client;
    private readonly EvaluatorReader _reader;

    public WebhookWorld(string allowed = "127.0.0.0/8", string secret = "first-secret", IHostResolver? resolver = null)
    {
        var options = new WebhookOptions { AllowedNetworks = allowed };
        options.Secrets["checks"] = secret;
        _client = new(resolver ?? new HostResolver(), Options.Create(options));
        _reader = new([new WebhookEvaluator(_client, new(Options.Create(options)), Time)]);
    }

    public FakeTimeProvider Time { get; } = new(Some.Time);

    public static EvaluatorInput Input { get; } = new(
        "log_verdict", "log-1", 2, "checks/remote", "evv_1", Encoding.UTF8.GetBytes("""{"id":"log-1","output":"é"}"""), IsTruncated: true);

    public Worker.Evaluation.Evaluator Evaluator(string url, string more = "", string returns = "boolean") =>
        Read(url, more, returns, out var mistakes) ?? throw new InvalidOperationException(string.Join('\n', mistakes));

    public IReadOnlyList<string> Mistakes(string url, string more = "", string returns = "boolean")
    {
        Read(url, more, returns, out var mistakes);
        return mistakes;
    }

    public Task<EvaluatorAnswer> AskAsync(string url, string more = "") => AskAsync(Evaluator(url, more));

    public static Task<EvaluatorAnswer> AskAsync(Worker.Evaluation.Evaluator evaluator, CancellationToken? token = null) =>
        evaluator.Judging.Call!.AskAsync(Input, token ?? TestContext.Current.CancellationToken);

    public void Dispose() => _client.Dispose();

    private Worker.Evaluation.Evaluator? Read(string url, string more, string returns, out IReadOnlyList<string> mistakes)
    {
        var errors = new YamlErrors("a.yaml");
        mistakes = errors.Lines;
        return _reader.Read(
            $$"""
            path: checks/remote
            kind: webhook
            return_type: {{returns}}
            attach: [{ kind: flow, path: "**" }]
            url: {{url}}
            {{(more.Contains("secret:", StringComparison.Ordinal) ? "" : "secret: checks")}}
            {{more}}
            """,
            errors);
    }
}
