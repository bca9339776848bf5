using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Worker.Evaluation.Yaml;

/// <summary>The mistakes of one file, a line each: file, line, key, and what is accepted.</summary>
internal sealed class YamlErrors(string file)
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public void Add(YamlNode node, string key, string sentence) => Add(node.Start, key, sentence);

    public void Add(Mark at, string key, string sentence) => _lines.Add($"{file}, line {at.Line}, {key}: {sentence}");
}
