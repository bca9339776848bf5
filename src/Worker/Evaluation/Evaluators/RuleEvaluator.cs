using Worker.Evaluation.Rules;
using Worker.Evaluation.Yaml;

namespace Worker.Evaluation.Evaluators;

/// <summary>
/// The kind <c>rules</c>: a declared condition or measure over the Logs of a trace (see <see cref="RuleReader"/>).
/// </summary>
internal sealed class RuleEvaluator : IEvaluatorKind
{
    public string Name => "rules";

    public bool IsExecutable => false;

    public Judging? Read(YamlMap map, YamlErrors mistakes)
    {
        var returns = map.Choice("return_type", "boolean", "number");
        var (min, max) = JudgmentKeys.Limits(map, mistakes);
        var rule = map.Required("rule", RuleReader.Accepted) is { } node
            ? new RuleReader(mistakes).Read(node, "rule")
            : null;
        if (returns is null || rule is null)
            return null;

        var type = rule is NumberRule ? "number" : "boolean";
        if (returns != type)
        {
            var comparison = type == "number" ? ", or a comparison in the rule, such as `lt: 10`" : "";
            map.Mistake("return_type", $"The rule gives a {type}; {type} is accepted{comparison}.");
        }

        return new(new(type == "number" ? ReturnType.Number : ReturnType.Boolean, [], min, max), rule.Begin);
    }
}
