using Worker.Traces;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Worker.Evaluation.Yaml;

/// <summary>Values of a mapping; each notes a mistake where it returns null on a key that is there.</summary>
internal static class YamlValues
{
    private const int MaxDepth = 64;

    /// <summary>The text of a file; null, with a mistake, where it is not one mapping.</summary>
    /// <param name="accepted">What a file holds, as <c>one Evaluator a file</c>.</param>
    public static YamlMap? Load(string yaml, string accepted, YamlErrors mistakes)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException mistake)
        {
            mistakes.Add(mistake.Start, "YAML", mistake.InnerException?.Message ?? mistake.Message);
            return null;
        }

        if (stream.Documents.Count == 1)
        {
            var root = stream.Documents[0].RootNode;
            return IsTooDeep(root, MaxDepth, mistakes) ? null : YamlMap.Read(root, "", mistakes);
        }

        var count = stream.Documents.Count;
        mistakes.Add(new Mark(0, 1, 1), "YAML", $"The file holds {count} documents; {accepted} is accepted.");
        return null;
    }

    /// <summary>Null where the key is absent, or, with a mistake, out of those bounds.</summary>
    public static double? Number(this YamlMap map, string key, double min, double max, bool isWhole = false)
    {
        if (map.Optional(key) is not { } node)
            return null;
        if (YamlJson.Number(node) is { } number && number >= min && number <= max
            && (!isWhole || number == Math.Floor(number)))
            return number;
        var accepted = FormattableString.Invariant($"{(isWhole ? "a whole number" : "a number")} from {min} to {max}");
        map.Mistake(key, $"This cannot be used; {accepted} is accepted.");
        return null;
    }

    /// <summary>In seconds.</summary>
    public static double? Duration(this YamlMap map, string key, double min, double max, string accepted)
    {
        if (map.Optional(key) is not { } node)
            return null;
        if (node is YamlScalarNode { Value: { } text } && DurationText.Seconds(text) is { } seconds && seconds >= min
            && seconds <= max)
            return seconds;
        map.Mistake(key, $"This cannot be used; {accepted} is accepted.");
        return null;
    }

    public static bool? Boolean(this YamlMap map, string key)
    {
        if (map.Optional(key) is not { } node)
            return null;
        if (YamlJson.Boolean(node) is { } boolean)
            return boolean;
        map.Mistake(key, "This cannot be used; true or false is accepted.");
        return null;
    }

    /// <summary>A boolean, number or text, as canonical JSON.</summary>
    public static JsonValue? Scalar(this YamlMap map, string key)
    {
        if (map.Optional(key) is not { } node)
            return null;
        if (node is YamlScalarNode && YamlJson.ToJson(node) is var json && !json.Utf8.Span.SequenceEqual("null"u8))
            return json;
        map.Mistake(key, "This cannot be used; true, false, a number or a text is accepted.");
        return null;
    }

    public static YamlMap? Map(this YamlMap map, string key, YamlErrors mistakes) =>
        map.Optional(key) is { } node ? YamlMap.Read(node, map.At(key), mistakes) : null;

    /// <summary>An alias may lead back to itself, so depth is looked at before anything else.</summary>
    private static bool IsTooDeep(YamlNode node, int left, YamlErrors mistakes)
    {
        var children = node switch
        {
            YamlMappingNode map => map.Children.SelectMany(child => new[] { child.Key, child.Value }),
            YamlSequenceNode list => list.Children,
            _ => [],
        };
        if (left > 0)
            return children.Any(child => IsTooDeep(child, left - 1, mistakes));
        mistakes.Add(node, "YAML", $"This is nested too deep; {MaxDepth} levels are accepted.");
        return true;
    }
}
