using Worker.Evaluation.Yaml;
using YamlDotNet.RepresentationModel;

namespace Worker.Evaluation.Rules;

/// <summary>Makes a <see cref="Rule"/> of the key <c>rule</c>. Returns null wherever it has noted a mistake.</summary>
/// <param name="tells">The rule also tells what in a trace led to its result.</param>
internal sealed class RuleReader(YamlErrors mistakes, bool tells = false)
{
    public const string Accepted =
        "give one of any, all, none, and, or, not, or a measure: count, ratio, duration, sum, repeated";

    private static readonly string[] Kinds =
        ["any", "all", "none", "and", "or", "not", "count", "ratio", "duration", "sum", "repeated"];

    private readonly ConditionReader _conditions = new(mistakes);

    public Rule? Read(YamlNode node, string at)
    {
        if (YamlMap.Read(node, at, mistakes) is not { } map)
            return null;

        var kinds = Kinds.Where(map.Has).ToList();
        if (kinds.Count == 1)
            return Read(map, kinds[0]);
        mistakes.Add(node, at, kinds.Count == 0
            ? $"The rule says nothing; {Accepted}."
            : $"The rule says both {string.Join(" and ", kinds)}; one is accepted.");
        return null;
    }

    private Rule? Read(YamlMap map, string kind)
    {
        Rule? rule = kind switch
        {
            "any" or "all" or "none" => Quantifier(map, kind),
            "and" or "or" => Combination(map, kind),
            "not" => map.Optional(kind) is { } node && Boolean(node, map.At(kind)) is { } inner
                ? new BooleanRule(() => Quantifiers.Not(inner()))
                : null,
            _ => Compared(map, kind, Measure(map, kind)),
        };
        map.Close();
        return rule;
    }

    private BooleanRule? Combination(YamlMap map, string kind)
    {
        var nodes = map.RequiredList(kind, "a list of rules is accepted");
        var rules = nodes?.Select((node, index) => Boolean(node, $"{map.At(kind)}[{index}]")).ToList();
        if (rules is null || rules.Contains(null))
            return null;
        return kind == "and"
            ? new BooleanRule(() => Quantifiers.Combined(rules!, folds => Ternary.All(folds, fold => fold.Result())))
            : new BooleanRule(() => Quantifiers.Combined(rules!, folds => Ternary.Any(folds, fold => fold.Result())));
    }

    private Func<Fold<bool>>? Boolean(YamlNode node, string at)
    {
        switch (Read(node, at))
        {
            case BooleanRule rule:
                return rule.Holds;
            case NumberRule:
                mistakes.Add(node, at, "This gives a number; a comparison is accepted beside it, such as `gt: 0`.");
                return null;
            default:
                return null;
        }
    }

    private BooleanRule? Quantifier(YamlMap map, string kind)
    {
        if (Selection(map, kind, whereRequired: kind == "all") is not { } logs)
            return null;
        return kind switch
        {
            "any" => new BooleanRule(() => Quantifiers.Any(logs)),
            "all" => new BooleanRule(() => Quantifiers.All(logs)),
            _ => new BooleanRule(() => Quantifiers.Not(Quantifiers.Any(logs))),
        };
    }

    private Func<Fold<double>>? Measure(YamlMap map, string kind) => kind switch
    {
        "count" => Selection(map, kind) is { } logs ? () => Measures.Count(logs) : null,
        "ratio" => Selection(map, kind, whereRequired: true) is { } logs ? () => Measures.Ratio(logs) : null,
        "duration" => Selection(map, kind) is { } logs ? () => Measures.Duration(logs) : null,
        "sum" => Sum(map),
        _ => Repeated(map),
    };

    private Func<Fold<double>>? Sum(YamlMap map)
    {
        FieldPath? field = null;
        var selection = Selection(map, "sum", also: inner => field = _conditions.Field(inner));
        return selection is { } logs && field is not null ? () => Measures.Sum(logs, field) : null;
    }

    private Func<Fold<double>>? Repeated(YamlMap map)
    {
        IReadOnlyList<FieldPath>? by = null;
        var selection = Selection(map, "repeated", also: inner => by = FieldList(inner));
        return selection is { } logs && by is not null ? () => Measures.Repeated(logs, by) : null;
    }

    private List<FieldPath>? FieldList(YamlMap map)
    {
        var fields = map.RequiredList("by", "a list of fields is accepted, e.g. [path, inputs]")?
            .Select((node, index) => _conditions.Field(node, $"{map.At("by")}[{index}]"))
            .ToList();
        return fields is null || fields.Contains(null) ? null : [.. fields.OfType<FieldPath>()];
    }

    /// <summary>Which Logs: <c>of</c>, and where given <c>where</c>.</summary>
    private Selection? Selection(YamlMap map, string kind, bool whereRequired = false, Action<YamlMap>? also = null)
    {
        if (YamlMap.Read(map.Optional(kind)!, map.At(kind), mistakes) is not { } inner)
            return null;

        var of = inner.Choice("of", [.. LogSet.ByName.Keys]);
        var node = whereRequired
            ? inner.Required("where", "a condition is accepted, e.g. { field: error, exists: true }")
            : inner.Optional("where");
        var where = node is null ? null : _conditions.Read(node, inner.At("where"));
        also?.Invoke(inner);
        inner.Close();
        return of is null || (where is null && (node is not null || whereRequired))
            ? null
            : new(LogSet.ByName[of], where) { Told = tells ? _conditions.TakeFields() : null };
    }

    /// <summary>A measure with comparisons beside it is a boolean.</summary>
    private static Rule? Compared(YamlMap map, string kind, Func<Fold<double>>? measure)
    {
        var comparisons = new List<Func<double, bool>?>();
        foreach (var name in Operators.OfNumbers)
        {
            if (map.Optional(name) is not { } operand)
                continue;
            var comparison = Operators.Compare(name, operand, out var problem);
            if (comparison is null)
                map.Mistake(name, $"This compares with nothing; {problem}.");
            comparisons.Add(comparison);
        }

        if (measure is null || comparisons.Contains(null))
            return null;
        return comparisons.Count == 0
            ? new NumberRule(measure)
            : new BooleanRule(
                () => Quantifiers.Compared(
                    kind, measure(), number => comparisons.TrueForAll(holds => holds!(number))));
    }
}
