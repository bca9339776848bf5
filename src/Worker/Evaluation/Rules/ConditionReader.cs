using System.Text.Json;
using Worker.Evaluation.Yaml;
using YamlDotNet.RepresentationModel;

namespace Worker.Evaluation.Rules;

/// <summary>
/// Makes a <see cref="Condition"/> of the key <c>where</c>. Returns null wherever it has noted a mistake.
/// </summary>
internal sealed class ConditionReader(YamlErrors mistakes)
{
    private const string Accepted =
        "accepted are a field with operators, e.g. { field: error, exists: true }, and, or, not";

    private static readonly string[] Kinds = ["field", "and", "or", "not"];

    private readonly List<FieldPath> _fields = [];

    public Condition? Read(YamlNode node, string at)
    {
        if (YamlMap.Read(node, at, mistakes) is not { } map)
            return null;

        var kinds = Kinds.Where(map.Has).ToList();
        if (kinds.Count != 1)
        {
            mistakes.Add(node, at, kinds.Count == 0
                ? $"The condition says nothing; {Accepted}."
                : $"The condition says both {string.Join(" and ", kinds)}; one is accepted.");
            return null;
        }

        var condition = kinds[0] switch
        {
            "field" => Comparison(map),
            "not" => map.Optional("not") is { } inner && Read(inner, map.At("not")) is { } holds
                ? member => !holds(member)
                : null,
            _ => Combination(map, kinds[0]),
        };
        map.Close();
        return condition;
    }

    /// <summary>The fields that were read since this was asked last, each once.</summary>
    public IReadOnlyList<FieldPath> TakeFields()
    {
        IReadOnlyList<FieldPath> fields = [.. _fields.DistinctBy(field => field.Text)];
        _fields.Clear();
        return fields;
    }

    public FieldPath? Field(YamlMap map) =>
        map.Required("field", "give a field of the Log, e.g. inputs.question") is { } node
            ? Field(node, map.At("field"))
            : null;

    public FieldPath? Field(YamlNode node, string at)
    {
        var path = FieldPath.Parse((node as YamlScalarNode)?.Value ?? "", out var problem);
        if (path is null)
            mistakes.Add(node, at, $"{char.ToUpperInvariant(problem[0])}{problem[1..]}.");
        return path;
    }

    private Condition? Combination(YamlMap map, string kind)
    {
        var nodes = map.RequiredList(kind, "a list of conditions is accepted");
        var conditions = nodes?.Select((node, index) => Read(node, $"{map.At(kind)}[{index}]")).ToList();
        if (conditions is null || conditions.Contains(null))
            return null;
        return kind == "and"
            ? member => Ternary.All(conditions, condition => condition!(member))
            : member => Ternary.Any(conditions, condition => condition!(member));
    }

    /// <summary>
    /// A field and what must hold for its value: all of the operators given. Without a value, only <c>exists: false</c>
    /// and <c>not_equals</c> hold.
    /// </summary>
    private Condition? Comparison(YamlMap map)
    {
        var field = Field(map);
        if (field is not null)
            _fields.Add(field);
        var exists = Exists(map);
        var operators = Operators.Names
            .Where(map.Has)
            .Select(name => (Name: name, Holds: Operator(map, name)))
            .ToList();
        foreach (var name in Operators.Names)
            map.Optional(name);
        if (exists is null && operators.Count == 0 && !map.Has("exists"))
            map.Mistake(
                "field",
                $"Nothing is said about the field; accepted are exists, {string.Join(", ", Operators.Names)}.");
        if (field is null || operators.Exists(each => each.Holds is null))
            return null;

        return member =>
        {
            if (exists is { } expected && field.Exists(member) is var known && known != expected)
                return known is null ? null : false;
            if (operators.Count == 0)
                return true;
            if (field.IsUnknown(member))
                return null;
            return field.Read(member) is { } value
                ? operators.TrueForAll(each => each.Holds!(value))
                : operators.TrueForAll(each => each.Name == "not_equals");
        };
    }

    private static bool? Exists(YamlMap map)
    {
        if (map.Optional("exists") is not { } node)
            return null;
        var expected = YamlJson.Boolean(node);
        if (expected is null)
            map.Mistake("exists", "This is no boolean; true and false are accepted.");
        return expected;
    }

    private static Func<JsonElement, bool>? Operator(YamlMap map, string name)
    {
        var holds = Operators.Create(name, map.Optional(name)!, out var problem);
        if (holds is null)
            map.Mistake(name, $"This cannot be used; {problem}.");
        return holds;
    }
}
