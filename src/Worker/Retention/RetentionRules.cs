using System.Globalization;
using Worker.Files;
using Worker.Traces;

namespace Worker.Retention;

/// <summary>
/// Which traces go and which stay. Section <c>Retention:Rules</c>, whose names are the operator's. The order of rules
/// does not matter: a trace goes when one says so and none keeps it.
/// </summary>
internal sealed class RetentionRules
{
    public const string SectionName = RetentionOptions.SectionName + ":Rules";

    private static readonly string[] Keys =
    [
        nameof(RetentionRule.After), nameof(RetentionRule.Keep), nameof(RetentionRule.Kind),
        nameof(RetentionRule.Path), nameof(RetentionRule.Environment), nameof(RetentionRule.Verdict),
        nameof(RetentionRule.LargerThan),
    ];

    private readonly List<RetentionRule> _rules = [];
    private readonly List<string> _faults = [];

    private RetentionRules()
    {
    }

    public IReadOnlyList<RetentionRule> All => _rules;

    /// <summary>Sentences that name the key and what it accepts.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Some rule asks what Evaluators said.</summary>
    public bool AskVerdicts => _rules.Exists(rule => rule.Verdict is not null);

    /// <summary>What came later than so long ago is not looked at; null: no rule removes anything.</summary>
    public TimeSpan? Youngest => _rules.Where(rule => !rule.Keep).Min(rule => rule.After);

    public static RetentionRules Read(IConfiguration configuration)
    {
        var rules = new RetentionRules();
        foreach (var section in configuration.GetSection(SectionName).GetChildren()
            .OrderBy(section => section.Key, StringComparer.Ordinal))
            rules.Add(section);
        return rules;
    }

    /// <summary>Whether a trace with that outermost Log may go, as far as this says it.</summary>
    public bool MayGo(Log head, DateTimeOffset now) => _rules.Exists(rule =>
        !rule.Keep && rule.MayMatch(head) && rule.IsOver(OldTrace.NewestOf(head, Timestamps.ToMicroseconds(now)), now));

    /// <summary>The rule by which it goes: of several, the first by name; null where it stays.</summary>
    public string? Removing(OldTrace trace, DateTimeOffset now) => Keeps(trace, now)
        ? null
        : _rules.Find(rule => !rule.Keep && rule.IsOver(trace.Newest, now) && rule.Matches(trace))?.Name;

    /// <summary>A rule keeps it, whatever others say.</summary>
    public bool Keeps(OldTrace trace, DateTimeOffset now) =>
        _rules.Exists(rule => rule.Keep && !rule.IsOver(trace.Newest, now) && rule.Matches(trace));

    private void Add(IConfigurationSection section)
    {
        var before = _faults.Count;
        _faults.AddRange(section.GetChildren()
            .Where(child => !Keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child =>
                $"{child.Path} is not a key of the worker; {section.Path} accepts {string.Join(", ", Keys)}."));
        var keep = Value(section, nameof(RetentionRule.Keep), "true or false", text =>
            bool.TryParse(text, out var value) ? value : (bool?)null) ?? false;
        var rule = new RetentionRule(
            section.Key, Value(section, nameof(RetentionRule.After), "e.g. 30d, 12h or 30.00:00:00", Age.Parse), keep)
        {
            Kind = Value(section, nameof(RetentionRule.Kind), "tool, prompt, flow or evaluator", KindOf),
            Path = Text(section, nameof(RetentionRule.Path)) is { } pattern ? new PathGlob(pattern) : null,
            Environment = Text(section, nameof(RetentionRule.Environment)),
            Verdict = Text(section, nameof(RetentionRule.Verdict)),
            LargerThan = Value(section, nameof(RetentionRule.LargerThan), "a number of bytes", BytesOf),
        };
        if (!keep && rule.After is null && _faults.Count == before)
            _faults.Add($"{section.Path}:After is not set; a rule that does not keep needs it, e.g. 30d.");
        if (_faults.Count == before)
            _rules.Add(rule);
    }

    private T? Value<T>(IConfigurationSection section, string key, string accepts, Func<string, T?> parse)
        where T : struct
    {
        if (Text(section, key) is not { } text)
            return null;
        var value = parse(text);
        if (value is null)
            _faults.Add($"{section.Path}:{key} is \"{text}\"; it accepts {accepts}.");
        return value;
    }

    private static string? Text(IConfigurationSection section, string key) =>
        section[key]?.Trim() is { Length: > 0 } text ? text : null;

    private static LogKind? KindOf(string text) => Enum.TryParse<LogKind>(text, ignoreCase: true, out var kind)
        && Enum.IsDefined(kind) && !char.IsAsciiDigit(text[0]) ? kind : null;

    private static long? BytesOf(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
}
