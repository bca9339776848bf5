using System.Collections.Immutable;
using Worker.Evaluation.Yaml;
using Worker.Storage;
using YamlDotNet.RepresentationModel;

namespace Worker.Evaluation;

/// <summary>
/// Reads what an Evaluator file says of judgments: <c>return_type</c>, <c>options</c> (of select and multi_select) and
/// <c>number_limits</c> (of number).
/// </summary>
internal static class JudgmentKeys
{
    private const string OptionsAccepted = "a list of names, or of `name: …`, is accepted";

    /// <param name="accepted">The return types that the kind may have.</param>
    /// <returns>Null when there are mistakes.</returns>
    public static JudgmentType? Read(YamlMap map, YamlErrors mistakes, params ReturnType[] accepted)
    {
        var names = accepted.Select(Name).ToList();
        if (map.Choice("return_type", names) is not { } name)
            return null;

        var returns = accepted[names.IndexOf(name)];
        var hasOptions = returns is ReturnType.Select or ReturnType.MultiSelect;
        ImmutableArray<string> options = hasOptions ? Options(map, mistakes) : [];
        var (min, max) = returns == ReturnType.Number ? Limits(map, mistakes) : default;
        return new(returns, options, min, max);
    }

    /// <summary>The limits of <c>number_limits</c>; null where there is none.</summary>
    public static (double? Min, double? Max) Limits(YamlMap map, YamlErrors mistakes)
    {
        if (map.Optional("number_limits") is not { } node
            || YamlMap.Read(node, "number_limits", mistakes) is not { } limits)
            return default;

        var range = (Limit(limits, "min"), Limit(limits, "max"));
        limits.Close();
        return range;
    }

    private static ImmutableArray<string> Options(YamlMap map, YamlErrors mistakes)
    {
        var options = ImmutableArray.CreateBuilder<string>();
        foreach (var node in map.RequiredList("options", OptionsAccepted) ?? [])
        {
            if (Option(node) is { Length: > 0 } option)
                options.Add(option);
            else
                mistakes.Add(node, "options", $"This is no option; {OptionsAccepted}.");
        }

        return options.ToImmutable();
    }

    private static string? Option(YamlNode node) => node switch
    {
        YamlScalarNode text => text.Value,
        YamlMappingNode map when map.Children.TryGetValue(new YamlScalarNode("name"), out var name) =>
            (name as YamlScalarNode)?.Value,
        _ => null,
    };

    private static string Name(ReturnType type) => EnumName<ReturnType>.Of(type);

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
