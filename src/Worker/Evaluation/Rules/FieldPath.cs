using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Worker.Traces;

namespace Worker.Evaluation.Rules;

/// <summary>
/// Where in a Log a value lies: a field by its wire name, or a computed one, and a way into its value, e.g.
/// <c>metadata.a[0]</c>, <c>inputs["a.b"]</c>. A text that is walked into is read as JSON, e.g. <c>output.answer</c>.
/// </summary>
internal sealed partial class FieldPath
{
    private const string Duration = "duration";
    private const string Judgment = "judgment";

    private readonly Field? _field;
    private readonly string _name;
    private readonly ImmutableArray<Step> _steps;

    private FieldPath(string text, string name, ImmutableArray<Step> steps)
    {
        Text = text;
        _name = name;
        _steps = steps;
        _field = name == "path" ? null : Find(name);
    }

    /// <summary>What a path may begin with beside the fields of a Log.</summary>
    public static readonly IReadOnlyList<string> Computed = ["kind", "path", Duration, "trace_status", Judgment];

    /// <summary>The path as it was written.</summary>
    public string Text { get; }

    /// <summary>Where the path begins: a field of a Log, or a computed one.</summary>
    public string Name => _name;

    /// <summary>It lies in what <c>save: false</c> drops.</summary>
    public bool IsPayload => _field is { Payload: true };

    /// <summary>It goes into no value.</summary>
    public bool IsWhole => _steps.IsEmpty;

    /// <summary>
    /// Null when the text is no such path; <paramref name="problem"/> then says why, and what is accepted.
    /// </summary>
    public static FieldPath? Parse(string text, out string problem)
    {
        problem = "";
        var match = Form().Match(text);
        var name = match.Groups["name"].Value;
        if (!match.Success)
            problem = $"\"{text}\" is no field path; accepted are names with dots and brackets, " +
                "e.g. inputs.question, metadata.a[0], metadata[\"a.b\"]";
        else if (Find(name) is null && !Computed.Contains(name))
            problem = $"a Log has no field \"{name}\"; accepted are {string.Join(", ", Names())}";
        else
            return new FieldPath(text, name, [.. match.Groups["step"].Captures.Select(step => Step.Parse(step.Value))]);
        return null;

        IEnumerable<string> Names() =>
            LogFields.All.Except(LogFields.OfVerdicts).Select(field => field.Name).Concat(Computed).Distinct();
    }

    /// <summary>Of what only verdicts have, the judgment alone, which lies in either of two fields.</summary>
    private static Field? Find(string name) =>
        LogFields.Find(name) is { } field && !LogFields.OfVerdicts.Contains(field) ? field : null;

    /// <summary>
    /// True when nobody can tell what stands there: the value may lie in what <c>save: false</c> dropped from that Log,
    /// or it is a duration of what ends before it starts.
    /// </summary>
    public bool IsUnknown(Member member) => IsWithheld(member.Log) || (_name == Duration && member.Span.IsReversed);

    /// <summary>
    /// Whether a value other than null stands there. Of a Log that was not to be saved, only output and error are known
    /// to have been.
    /// </summary>
    public bool? Exists(Member member)
    {
        var log = member.Log;
        if (!IsWithheld(log))
            return _steps.IsEmpty && _field is not null ? log[_field] is not null : Read(member) is not null;
        if (!_steps.IsEmpty)
            return null;
        return _field == LogFields.Error ? log.HadError : _field == LogFields.Output ? log.HadOutput : null;
    }

    /// <summary>The value there; null when there is none, or JSON's null.</summary>
    public JsonElement? Read(Member member)
    {
        return Start(member) is { } value ? Within(JsonElement.Parse(value.Utf8.Span)) : null;
    }

    /// <summary>As <see cref="Read"/>, as JSON.</summary>
    public JsonValue? ReadJson(Member member)
    {
        if (!_steps.IsEmpty)
            return Read(member) is { } element ? JsonValue.Parse(element.GetRawText()) : null;
        return Start(member) is { } value && !value.Utf8.Span.SequenceEqual("null"u8) ? value : null;
    }

    /// <summary>Where it leads in the value of <see cref="Name"/>; null as in <see cref="Read"/>.</summary>
    public JsonElement? Within(JsonElement element)
    {
        foreach (var step in _steps)
        {
            if (step.Into(element) is not { } next)
                return null;
            element = next;
        }

        return element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : element;
    }

    private bool IsWithheld(Log log) => log.Withheld && (IsPayload || (_name == Judgment && log.Judgment is null));

    private JsonValue? Start(Member member)
    {
        var log = member.Log;
        return _name switch
        {
            "kind" => JsonValue.FromText(log.Kind.WireName()),
            "path" => log.Path is { } path ? JsonValue.FromText(DerivedIds.NormalPath(path)) : null,
            Duration => member.Span.Duration is { } time
                ? JsonValue.Parse(time.TotalSeconds.ToString("R", CultureInfo.InvariantCulture))
                : null,
            "trace_status" when log.Kind == LogKind.Flow =>
                JsonValue.FromText(log.IsComplete ? "complete" : "incomplete"),
            "trace_status" => null,
            Judgment => log.Judgment,
            _ => log[_field!],
        };
    }

    [GeneratedRegex(
        """\A(?<name>[a-z_]+)(?<step>\.[^.\[\]"\s]+|\[[0-9]{1,9}\]|\["[^"]*"\])*\z""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    private readonly record struct Step(string? Name, int Index)
    {
        public static Step Parse(string text) => text[0] == '.' ? new Step(text[1..], 0)
            : text[1] == '"' ? new Step(text[2..^2], 0)
            : new Step(null, int.Parse(text[1..^1], CultureInfo.InvariantCulture));

        public JsonElement? Into(JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.String && JsonText.Parse(value.GetString()!) is { } parsed)
                value = parsed;
            if (Name is not null)
                return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(Name, out var member)
                    ? member
                    : null;
            return value.ValueKind == JsonValueKind.Array && Index < value.GetArrayLength() ? value[Index] : null;
        }
    }
}
