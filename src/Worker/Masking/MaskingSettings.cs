using System.Collections.Immutable;

namespace Worker.Masking;

/// <summary>
/// The rules as they are configured. Section <c>Masking</c>: <c>Secrets</c>, the lists <c>Fields</c> and <c>Except</c>,
/// and <c>Patterns:NAME</c>, whose names are the operator's.
/// </summary>
internal sealed class MaskingSettings
{
    private static readonly string[] Accepted = [nameof(MaskingOptions.Secrets), "Fields", "Patterns", "Except"];

    private readonly List<string> _faults = [];

    private MaskingSettings(IConfigurationSection section)
    {
        _faults.AddRange(section.GetChildren()
            .Where(child => !Accepted.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child =>
                $"{child.Path} is not a key of the worker; Masking accepts {string.Join(", ", Accepted)}."));
        var patterns = Patterns(section.GetSection("Patterns")).ToImmutableArray();
        var except = Texts(section.GetSection("Except")).ToList();
        var kinds = except.Where(each => SecretShapes.Kinds.Contains(each.Value)).ToList();
        Rules = new()
        {
            Secrets = !bool.TryParse(section[nameof(MaskingOptions.Secrets)], out var secrets) || secrets,
            Fields = [.. Paths(Texts(section.GetSection("Fields")))],
            Patterns = patterns,
            ExceptFields = [.. Paths(except.Except(kinds))],
            ExceptKinds = [.. kinds.Select(kind => kind.Value)],
        };
    }

    public MaskRules Rules { get; }

    /// <summary>Sentences that name the key and what it accepts.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public static MaskingSettings Read(IConfiguration configuration) =>
        new(configuration.GetSection(MaskingOptions.SectionName));

    /// <summary>Whether the key is told of among <see cref="Faults"/>, if it is none.</summary>
    public static bool Checks(string path) =>
        path.StartsWith(MaskingOptions.SectionName + ':', StringComparison.OrdinalIgnoreCase);

    /// <summary>A list, or one text with commas, as the environment has it.</summary>
    private static IEnumerable<(string Key, string Value)> Texts(IConfigurationSection section) =>
        section.GetChildren().Prepend(section)
            .SelectMany(each => (each.Value ?? "")
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(text => (each.Path, text)));

    private IEnumerable<MaskPath> Paths(IEnumerable<(string Key, string Value)> texts)
    {
        foreach (var (key, text) in texts)
        {
            var (path, fault) = MaskPath.Parse(text);
            if (path is not null)
                yield return path;
            else
                _faults.Add($"{key} is \"{text}\"; {fault}.");
        }
    }

    private IEnumerable<MaskPattern> Patterns(IConfigurationSection section)
    {
        foreach (var child in section.GetChildren())
        {
            var (pattern, fault) = MaskPattern.Parse(child.Key, child.Value ?? "");
            if (pattern is not null)
                yield return pattern;
            else
                _faults.Add($"{child.Path} is \"{child.Value}\"; {fault}.");
        }
    }
}
