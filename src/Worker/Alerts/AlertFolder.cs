using Worker.Errors;
using Worker.Evaluation.Yaml;

namespace Worker.Alerts;

/// <summary>
/// The folder of alert files: every <c>*.yaml</c> in it and in the folders under it. One that does not exist holds
/// none.
/// </summary>
/// <param name="path">Relative to the program's own folder when not absolute.</param>
internal sealed class AlertFolder(string path)
{
    private readonly YamlFolder _folder = new(path);
    private Dictionary<string, Alert> _byFile = new(StringComparer.Ordinal);
    private string? _seen;

    /// <summary>By name; what was read last.</summary>
    public IReadOnlyList<Alert> All { get; private set; } = [];

    /// <summary>Throws <see cref="ConfigurationException"/> with all mistakes of all files.</summary>
    public IReadOnlyList<Alert> Read()
    {
        var mistakes = ReadChanged();
        return mistakes.Count == 0 ? All : throw new ConfigurationException(mistakes);
    }

    /// <summary>
    /// Reads them again where any has changed. In place of a file with mistakes stands what it said before; where two
    /// files name one alert, all stands as it was.
    /// </summary>
    /// <returns>The mistakes of what has changed.</returns>
    public IReadOnlyList<string> ReadChanged()
    {
        var state = _folder.State();
        if (state == _seen)
            return [];
        _seen = state;
        var mistakes = new List<string>();
        var read = new Dictionary<string, Alert>(StringComparer.Ordinal);
        foreach (var file in _folder.Exists ? _folder.Files() : [])
        {
            var ofFile = new YamlErrors(_folder.NameOf(file));
            if ((AlertReader.Read(File.ReadAllText(file), ofFile) ?? _byFile.GetValueOrDefault(file)) is { } alert)
                read[file] = alert;
            mistakes.AddRange(ofFile.Lines);
        }

        var doubles = Doubles(read).ToList();
        mistakes.AddRange(doubles);
        if (doubles.Count == 0)
            _byFile = read;
        All = [.. _byFile.Values.OrderBy(alert => alert.Name, StringComparer.Ordinal)];
        return mistakes;
    }

    /// <summary>An alert from wherever. Throws <see cref="ConfigurationException"/>.</summary>
    public static Alert ReadOne(string file)
    {
        var mistakes = new YamlErrors(Path.GetFileName(file));
        return AlertReader.Read(File.ReadAllText(file), mistakes) ?? throw new ConfigurationException(mistakes.Lines);
    }

    private IEnumerable<string> Doubles(Dictionary<string, Alert> alerts) => alerts
        .GroupBy(each => each.Value.Name, StringComparer.Ordinal)
        .Where(same => same.Count() > 1)
        .Select(same =>
            $"{string.Join(" and ", same.Select(each => _folder.NameOf(each.Key)))}, name: " +
            $"Both name \"{same.Key}\"; one file for each name is accepted.");
}
