using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using Worker.Evaluation;
using Worker.Evaluation.Evaluators;
using Worker.Evaluation.Models;
using Worker.Evaluation.Yaml;
using Worker.Models;
using Evaluator = Worker.Evaluation.Evaluator;

namespace Worker.Tests.Evaluation.Models;

/// <summary>Evaluators of the kind llm, from their file's text, and what they are asked about.</summary>
internal sealed class Judges : IDisposable
{
    public const string Key = "sk-top-s3cret";

    public static readonly DateTimeOffset Now = Some.Time;

    private readonly ModelClients _clients = new();
    private readonly EvaluatorReader _reader;

    public Judges(string url, params (string Key, string Value)[] more) =>
        _reader = new([new LlmEvaluator(Settings(url, more), _clients, new(), new FakeTimeProvider(Now))]);

    public static ModelSettings Settings(string url, params (string Key, string Value)[] more) => ModelSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(
            more.Prepend(("Providers:default:ApiKey", Key)).Prepend(("Providers:default:BaseUrl", url))
                .ToDictionary(each => $"Evaluation:Models:{each.Item1}", each => (string?)each.Item2)).Build());

    public Evaluator Read(string prompt = "Good? {{log.output}}", string more = "", string returns = "return_type: boolean")
    {
        var evaluator = TryRead(prompt, more, returns, out var mistakes);
        mistakes.ShouldBeEmpty();
        return evaluator!;
    }

    public Evaluator? TryRead(string prompt, string more, string returns, out IReadOnlyList<string> mistakes)
    {
        var noted = new YamlErrors("a.yaml");
        var evaluator = _reader.Read(
            $$"""
            path: judges/one
            kind: llm
            model: m
            attach: [{ kind: flow, path: "**" }]
            prompt: {{System.Text.Json.JsonSerializer.Serialize(prompt)}}
            {{returns}}
            {{more}}
            """,
            noted);
        mistakes = noted.Lines;
        return evaluator;
    }

    public Evaluator OfSpec(Evaluator evaluator) => _reader.OfSpec(evaluator.Path, evaluator.Spec)!;

    public void Dispose() => _clients.Dispose();

    public static EvaluatorInput Input(string log, bool isTruncated = false) =>
        new("evl_1", "log_1", 1, "judges/one", "evv_1", Encoding.UTF8.GetBytes(log), isTruncated);

    public static EvaluatorInput Output(string output) => Input(
        $$$"""{"id":"log_1","flow":{"path":"support/agent"},"inputs":{},"output":{{{System.Text.Json.JsonSerializer.Serialize(output)}}},"error":null,"trace_children":[]}""");

    public static Task<EvaluatorAnswer> AskAsync(Evaluator evaluator, EvaluatorInput? input = null) =>
        evaluator.Judging.Call!.AskAsync(input ?? Output("Paris"), TestContext.Current.CancellationToken);
}
