using System.Globalization;
using System.Text.RegularExpressions;
using Worker.Files;
using Worker.Traces;

namespace Worker.Reading;

/// <summary>
/// Which traces a list shows, as people write it: words to be found in inputs, outputs and errors, and
/// <c>field:value</c>, each with a <c>-</c> before it where it must not hold. All have to hold.
/// </summary>
internal sealed partial class TraceQuery
{
    /// <summary>What <c>field:</c> accepts, each with what its value is.</summary>
    public static readonly IReadOnlyDictionary<string, string> Fields = new Dictionary<string, string>
    {
        ["path"] = "a pattern over the Flow's path: * within a segment, ** over any",
        ["id"] = "a part of the Log's id",
        ["status"] = "complete or incomplete",
        ["is"] = "judged, evaluating, settling, unjudged, or nested for Flow Logs that are part of a trace",
        ["error"] = "a part of the error; true or false for whether there is one",
        ["user"] = "the user",
        ["environment"] = "the environment",
        ["duration"] = "as the Log itself says: >2s, <250ms, 1s..5s",
        ["cost"] = "as the Log itself says, in US dollars: >0.01",
        ["tokens"] = "as the Log itself says: >1000",
        ["since"] = "a date, or as long ago as 15m, 2h, 7d",
        ["until"] = "as since",
        ["verdict"] = "verdict.PATH:VALUE, a judgment by its text or >, <; verdict.PATH:error for a failure",
        ["given"] = "given.PATH:FROM..UNTIL, when that verdict was given: dates, or as long ago as 15m, 2h, 7d",
        ["metadata"] = "metadata.NAME:VALUE",
    };

    private readonly List<Func<TraceRow, bool>> _ofLogs = [];
    private readonly List<Func<TraceRow, bool>> _ofJudgments = [];
    private readonly List<string> _texts = [];
    private readonly Dictionary<string, AskedVerdict> _verdicts = new(StringComparer.Ordinal);
    private bool _isNested;

    private TraceQuery()
    {
    }

    /// <summary>The Flows whose paths match are asked for alone; null is all.</summary>
    public PathGlob? Path { get; private set; }

    /// <summary>The earliest that is shown, in microseconds since the Unix epoch.</summary>
    public long From { get; private set; } = long.MinValue;

    /// <summary>The earliest that is not shown any more.</summary>
    public long Until { get; private set; } = long.MaxValue;

    /// <summary>Each is in what is shown.</summary>
    public IReadOnlyCollection<string> Texts => _texts;

    /// <summary>Each has given one that stands.</summary>
    public IReadOnlyCollection<AskedVerdict> Verdicts => _verdicts.Values;

    /// <summary>Whether a Flow Log is a trace of its own, or nested in one, whichever is asked for.</summary>
    public bool IsMeant(Log log) =>
        _isNested == (log.ParentId is { } parent && !DerivedIds.IsConversation(parent));

    /// <summary>By what the Log alone says: spares the reading of what was judged of it.</summary>
    public bool MayMatch(TraceRow row) => _ofLogs.TrueForAll(condition => condition(row));

    /// <summary>For one that may, by what was judged of it.</summary>
    public bool Matches(TraceRow row) =>
        _ofJudgments.TrueForAll(condition => condition(row))
        && _verdicts.Values.All(asked => row.Verdicts.Any(asked.IsMet));

    /// <summary>Null when the text is none; <paramref name="problem"/> then says why, as a sentence.</summary>
    public static TraceQuery? Parse(string? text, DateTimeOffset now, out string? problem)
    {
        var query = new TraceQuery();
        problem = null;
        foreach (Match term in Terms().Matches(text ?? ""))
        {
            var isNot = term.Groups["not"].Length > 0;
            var (name, value) = (term.Groups["name"].Value, Unquoted(term.Groups["value"].Value));
            problem = name.Length == 0 ? query.Words(value, isNot) : query.Field(name, value, isNot, now);
            if (problem is not null)
                return null;
        }

        return query;
    }

    private static string Unquoted(string value) =>
        value is ['"', .., '"'] ? value[1..^1] : value;

    private string? Words(string text, bool isNot)
    {
        var search = new PayloadSearch(text);
        if (!isNot)
            _texts.Add(text);
        return Add(isNot, row => search.IsIn(row.Log));
    }

    private string? Field(string name, string value, bool isNot, DateTimeOffset now)
    {
        var (head, rest) = name.Split('.', 2) is [var before, var after] ? (before, after) : (name, "");
        switch (head)
        {
            case "path" when !isNot && Path is null:
                Path = new(value);
                return null;
            case "path":
                var glob = new PathGlob(value);
                return Add(isNot, row => glob.Matches(row.Path));
            case "id":
                return Add(isNot, row => row.Log.Id.Contains(value, StringComparison.Ordinal));
            case "status" when value is "complete" or "incomplete":
                return Add(isNot, row => row.Log.IsComplete == (value == "complete"));
            case "is" when value is "judged" or "evaluating" or "settling" or "unjudged":
                return AddJudgment(isNot, row => row.State == value);
            case "is" when value == "nested" && !isNot:
                _isNested = true;
                return null;
            case "error" when value is "true" or "false":
                return Add(isNot, row => row.Log.HadError == (value == "true"));
            case "error":
                return Add(isNot, row => Has(row.Log.Text(LogFields.Error), value));
            case "user":
                return Add(isNot, row => row.Log.Text(LogFields.User) == value);
            case "environment":
                return Add(isNot, row => row.Environment == value);
            case "since" when !isNot && Moment(value, now) is { } since:
                From = Math.Max(From, since);
                return null;
            case "until" when !isNot && Moment(value, now) is { } until:
                Until = Math.Min(Until, until);
                return null;
            case "duration" when QueryRange.Parse(value, DurationText.Seconds) is { } range:
                return Add(isNot, row => range.Holds(row.Span.Duration?.TotalSeconds));
            case "cost" when QueryRange.Parse(value, QueryRange.Number) is { } range:
                return Add(isNot, row => range.Holds((double?)row.Cost));
            case "tokens" when QueryRange.Parse(value, QueryRange.Number) is { } range:
                return Add(isNot, row => range.Holds((double?)row.Tokens));
            case "metadata" when rest.Length > 0:
                return Add(isNot, row => row.Metadata(rest) == value);
            case "given" when rest.Length > 0 && Moments(value, now) is var (from, to):
                return AddVerdict(isNot, new(rest, from, to));
            case "verdict" when rest.Length > 0:
                return Verdict(rest, value, isNot);
            default:
                return Fields.TryGetValue(head, out var accepted)
                    ? $"{name}:{value} cannot be asked; {head} is {accepted}."
                    : $"There is no field \"{head}\"; there are {string.Join(", ", Fields.Keys)}. "
                        + "Put text with a colon into quotes.";
        }
    }

    private string? Verdict(string path, string value, bool isNot)
    {
        var range = value is ['>' or '<', ..] || value.Contains("..", StringComparison.Ordinal)
            ? QueryRange.Parse(value, QueryRange.Number)
            : null;
        return AddVerdict(isNot, new(path)
        {
            Says = verdict => value == "error" ? verdict.Error is not null
                : range is not null ? range.Holds(verdict.Number)
                : verdict.Text == value,
        });
    }

    /// <summary>What is asked of one Evaluator is asked of one verdict of its; what must not be, of each.</summary>
    private string? AddVerdict(bool isNot, AskedVerdict asked)
    {
        if (isNot)
            return AddJudgment(isNot, row => row.Verdicts.Any(asked.IsMet));
        _verdicts[asked.Path] = _verdicts.TryGetValue(asked.Path, out var before) ? before.And(asked) : asked;
        return null;
    }

    private string? Add(bool isNot, Func<TraceRow, bool> condition) => AddTo(_ofLogs, isNot, condition);

    private string? AddJudgment(bool isNot, Func<TraceRow, bool> condition) => AddTo(_ofJudgments, isNot, condition);

    private static string? AddTo(List<Func<TraceRow, bool>> conditions, bool isNot, Func<TraceRow, bool> condition)
    {
        conditions.Add(isNot ? row => !condition(row) : condition);
        return null;
    }

    private static bool Has(string? text, string part) =>
        text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;

    private static (long From, long Until)? Moments(string text, DateTimeOffset now) =>
        text.Split("..") is [var from, var until]
        && Moment(from, now) is { } begin
        && Moment(until, now) is { } end
            ? (begin, end)
            : null;

    /// <summary>A date, or as long ago as that; null where it is neither.</summary>
    public static long? Moment(string text, DateTimeOffset now)
    {
        if (Timestamps.Parse(text) is { } instant)
            return instant;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return Timestamps.ToMicroseconds(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));
        return DurationText.Seconds(text) is { } ago and < 1e9
            ? Timestamps.ToMicroseconds(now) - (long)(ago * 1e6)
            : null;
    }

    [GeneratedRegex(
        """(?<not>-)?(?:(?<name>[a-z_]+(?:\.[^:\s"]+)?):)?(?<value>"[^"]*"|\S+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Terms();
}
