using Worker.Evaluation.Evaluators;
using Worker.Evaluation.Yaml;

namespace Worker.Evaluation;

/// <summary>The folder of Evaluator files: every <c>*.yaml</c> in it and in the folders under it.</summary>
/// <param name="path">Relative to the program's own folder when not absolute.</param>
internal sealed class EvaluatorFolder(EvaluatorReader reader, string path)
{
    private readonly YamlFolder _folder = new(path);
    private Dictionary<string, Evaluator> _byFile = new(StringComparer.Ordinal);

    /// <summary>What the files were like when they were read; null before the first time.</summary>
    private string? _seen;

    /// <summary>Throws <see cref="EvaluatorFileException"/> with all mistakes of all files.</summary>
    public IReadOnlyCollection<Evaluator> Read()
    {
        if (!_folder.Exists)
            throw new EvaluatorFileException(
                $"The folder of Evaluator files {_folder.Path} does not exist; " +
                "make it, or name another in Evaluation:Evaluators.");

        _seen = _folder.State();
        var (evaluators, mistakes) = ReadAll();
        if (mistakes.Count > 0)
            throw new EvaluatorFileException(string.Join('\n', mistakes));
        _byFile = evaluators;
        return _byFile.Values;
    }

    /// <summary>
    /// Reads them again where any has changed since they were read; null where none has. In place of a file with
    /// mistakes stands what it said before; where two files name one path, all stands as it was.
    /// </summary>
    public (IReadOnlyCollection<Evaluator> Evaluators, IReadOnlyList<string> Mistakes)? ReadChanged()
    {
        var state = _folder.State();
        if (_seen is null || state == _seen)
            return null;
        _seen = state;
        var (evaluators, mistakes) = ReadAll();
        foreach (var file in _folder.Files().Where(file => !evaluators.ContainsKey(file)))
        {
            if (_byFile.TryGetValue(file, out var before) && evaluators.Values.All(each => each.Id != before.Id))
                evaluators[file] = before;
        }

        _byFile = Doubles(evaluators).Any() ? _byFile : evaluators;
        return (_byFile.Values, mistakes);
    }

    /// <summary>An Evaluator from wherever. Throws <see cref="EvaluatorFileException"/>.</summary>
    public Evaluator ReadOne(string file)
    {
        var mistakes = new YamlErrors(Path.GetFileName(file));
        return reader.Read(File.ReadAllText(file), mistakes)
            ?? throw new EvaluatorFileException(string.Join('\n', mistakes.Lines));
    }

    private (Dictionary<string, Evaluator> Evaluators, List<string> Mistakes) ReadAll()
    {
        var evaluators = new Dictionary<string, Evaluator>(StringComparer.Ordinal);
        var lines = new List<string>();
        foreach (var file in _folder.Files())
        {
            var mistakes = new YamlErrors(_folder.NameOf(file));
            if (reader.Read(File.ReadAllText(file), mistakes) is { } evaluator)
                evaluators[file] = evaluator;
            lines.AddRange(mistakes.Lines);
        }

        lines.AddRange(Doubles(evaluators));
        return (evaluators, lines);
    }

    private IEnumerable<string> Doubles(Dictionary<string, Evaluator> evaluators) => evaluators
        .GroupBy(each => each.Value.Id)
        .Where(same => same.Count() > 1)
        .Select(same =>
            $"{string.Join(" and ", same.Select(each => _folder.NameOf(each.Key)))}, path: " +
            $"Both name \"{same.First().Value.Path}\"; one file for each path is accepted.");
}
