using System.Text.RegularExpressions;
using Worker.Evaluation.Evaluators;
using Worker.Evaluation.Rules;
using Worker.Evaluation.Yaml;
using Worker.Files;
using Worker.Models;

namespace Worker.Evaluation.Models;

/// <summary>
/// The kind <c>llm</c>: a model judges a finished trace. It reaches only the providers that the operator configured.
/// </summary>
internal sealed partial class LlmEvaluator(
    ModelSettings settings, ModelClients clients, Dialects dialects, TimeProvider time) : IEvaluatorKind
{
    private const int ShortestPrompt = 1_000;
    private const int LongestPrompt = 8 * 1024 * 1024;

    private static readonly string[] Logs = ["tool", "prompt", "flow", "head"];
    private static readonly string[] Places = ["first", "last", "all"];

    public string Name => "llm";

    public bool IsExecutable => false;

    public Judging? Read(YamlMap map, YamlErrors mistakes)
    {
        var returns = JudgmentKeys.Read(map, mistakes, Enum.GetValues<ReturnType>());
        var provider = map.OptionalText("provider", "the name of a provider in the configuration is accepted");
        var model = map.RequiredText("model", "give the provider's name of the model, e.g. gpt-4.1-mini");
        var inputs = Inputs(map, mistakes);
        var text = map.RequiredText("prompt", "give the question, with {{log.output}}, {{trace}} and the like");
        var system = map.OptionalText("system", "a text is accepted");
        if (system?.Contains("{{", StringComparison.Ordinal) == true)
            map.Mistake("system", "Variables are accepted in prompt alone.");
        var temperature = CallKeys.Number(map, "temperature", 0, 2) ?? 0;
        var maxTokens = CallKeys.Number(map, "max_tokens", 1, 1_000_000, isWhole: true) ?? 500;
        var maxPrompt =
            CallKeys.Number(map, "max_prompt_bytes", ShortestPrompt, LongestPrompt, isWhole: true) ?? 100_000;
        var template = text is null ? null
            : PromptTemplate.Read(text, inputs, sentence => map.Mistake("prompt", sentence));
        if (template?.FixedBytes > maxPrompt)
            map.Mistake("prompt", "The prompt is longer than max_prompt_bytes without any values.");
        if (returns is null || model is null || template is null)
            return null;

        var task = new ModelTask(
            provider ?? "default", model, template, system, (float)temperature, (int)maxTokens, (int)maxPrompt);
        return new(returns, Call: new LlmCall(task, returns, settings, clients, dialects, time));
    }

    private static Dictionary<string, MappedInput> Inputs(YamlMap map, YamlErrors mistakes)
    {
        var inputs = new Dictionary<string, MappedInput>(StringComparer.Ordinal);
        if (map.Optional("inputs") is not { } node || YamlMap.Read(node, "inputs", mistakes) is not { } named)
            return inputs;
        foreach (var (key, value) in named.Node.Children)
        {
            var name = key.ToString();
            if (!VariableName().IsMatch(name) || name is "log" or "trace")
                mistakes.Add(key, $"inputs.{name}", "This is no name; letters, digits and _ are accepted.");
            else if (YamlMap.Read(value, $"inputs.{name}", mistakes) is { } input && Input(name, input) is { } read)
                inputs.Add(name, read);
        }

        return inputs;
    }

    private static MappedInput? Input(string name, YamlMap map)
    {
        var of = map.Choice("of", Logs);
        var path = map.OptionalText("path", "a pattern over File paths is accepted");
        var take = map.Has("take") ? map.Choice("take", Places) : "last";
        var text = map.OptionalText("field", "a field such as output or inputs.question is accepted") ?? "output";
        var field = FieldPath.Parse(text, out var problem);
        if (field is null)
            map.Mistake("field", $"This cannot be used: {problem}.");
        if (path is not null && of == "head")
            map.Mistake("path", "The head is one Log; leave the key out.");
        map.Close();
        return of is null || take is null || field is null
            ? null
            : new(
                name,
                of,
                path is null ? null : new PathGlob(path),
                Enum.Parse<MappedPlace>(take, ignoreCase: true),
                field);
    }

    [GeneratedRegex(@"\A[A-Za-z_]\w*\z")]
    private static partial Regex VariableName();
}
