using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Worker.Evaluation.Yaml;

/// <summary>
/// A mapping of an Evaluator file, read key by key. Every reader notes a mistake where it returns null on a key that is
/// there, or was required. <see cref="Close"/> notes the keys that nobody asked for.
/// </summary>
internal sealed class YamlMap(YamlMappingNode node, string at, YamlErrors mistakes)
{
    private readonly HashSet<string> _accepted = new(StringComparer.Ordinal);

    public YamlMappingNode Node => node;

    /// <summary>Null, and a mistake, when the node is no mapping.</summary>
    public static YamlMap? Read(YamlNode node, string at, YamlErrors mistakes)
    {
        if (node is YamlMappingNode mapping)
            return new YamlMap(mapping, at, mistakes);
        mistakes.Add(node, at, "Keys with values are accepted here, as in `of: tools`.");
        return null;
    }

    public string At(string key) => at.Length == 0 ? key : $"{at}.{key}";

    public bool Has(string key) => node.Children.ContainsKey(new YamlScalarNode(key));

    /// <summary>Null when the key is absent: no mistake.</summary>
    public YamlNode? Optional(string key)
    {
        _accepted.Add(key);
        return node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;
    }

    public YamlNode? Required(string key, string accepted)
    {
        var value = Optional(key);
        if (value is null)
            mistakes.Add(node, At(key), $"The key is missing; {accepted}.");
        return value;
    }

    /// <summary>A text with something in it.</summary>
    public string? RequiredText(string key, string accepted) =>
        Required(key, accepted) is { } value ? Text(value, key, accepted) : null;

    public string? OptionalText(string key, string accepted) =>
        Optional(key) is { } value ? Text(value, key, accepted) : null;

    /// <summary>One of the names; null with a mistake when it is another.</summary>
    public string? Choice(string key, params IReadOnlyCollection<string> names)
    {
        var accepted = names.Count == 1 ? $"{names.First()} is accepted" : $"accepted are {string.Join(", ", names)}";
        if (RequiredText(key, accepted) is not { } text)
            return null;
        if (names.Contains(text))
            return text;
        mistakes.Add(Optional(key)!, At(key), $"\"{text}\" is not known; {accepted}.");
        return null;
    }

    public IList<YamlNode>? RequiredList(string key, string accepted)
    {
        if (Required(key, accepted) is not { } value)
            return null;
        if (value is YamlSequenceNode { Children.Count: > 0 } list)
            return list.Children;
        mistakes.Add(value, At(key), $"This is no list with something in it; {accepted}.");
        return null;
    }

    public void Mistake(string key, string sentence) => mistakes.Add(Optional(key) ?? node, At(key), sentence);

    /// <summary>
    /// Puts another key with a text in a key's place, as though the file had said so: for what it only points to.
    /// </summary>
    public void Replace(string key, string by, string text)
    {
        node.Children.Remove(new YamlScalarNode(key));
        node.Children.Add(
            new YamlScalarNode(by), new YamlScalarNode(text) { Style = ScalarStyle.DoubleQuoted });
        _accepted.Add(by);
    }

    /// <summary>Call last: keys that were not asked for are mistakes.</summary>
    public void Close()
    {
        foreach (var key in node.Children.Keys)
        {
            if (key is not YamlScalarNode { Value: { } name } || !_accepted.Contains(name))
                mistakes.Add(
                    key, At(key.ToString()), $"The key is not known; accepted are {string.Join(", ", _accepted)}.");
        }
    }

    private string? Text(YamlNode value, string key, string accepted)
    {
        if (value is YamlScalarNode { Value: { Length: > 0 } text })
            return text;
        mistakes.Add(value, At(key), $"This is no text; {accepted}.");
        return null;
    }
}
