using Worker.Evaluation.Rules;
using Worker.Evaluation.Yaml;
using Worker.Traces;

namespace Worker.Evaluation.Evaluators;

/// <summary>
/// The kind <c>rules</c>: a declared condition or measure over the Logs of a trace (see <see cref="RuleReader"/>).
/// </summary>
internal static class RuleEvaluator
{
    public const string Kind = "rules";

    /// <summary>Reads the keys of this kind; null when there are mistakes.</summary>
    public static (JudgmentType Returns, Func<Fold<JsonValue>> Begin)? Read(YamlMap map, YamlErrors mistakes)
    {
        var returns = map.Choice("return_type", "boolean", "number");
        var (min, max) = Limits(map, mistakes);
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

        return (new JudgmentType(type == "number" ? ReturnType.Number : ReturnType.Boolean, [], min, max), rule.Begin);
    }

    private static (double? Min, double? Max) Limits(YamlMap map, YamlErrors mistakes)
    {
        if (map.Optional("number_limits") is not { } node
            || YamlMap.Read(node, "number_limits", mistakes) is not { } limits)
            return default;

        var range = (Limit(limits, "min"), Limit(limits, "max"));
        limits.Close();
        return range;
    }

    private static double? Limit(YamlMap limits, string key)
    {
        if (limits.Optional(key) is not { } node)
            return null;
        var number = YamlJson.Number(node);
        if (number is null)
            limits.Mistake(key, "This is no number; a number is accepted.");
        return number;
    }
}
