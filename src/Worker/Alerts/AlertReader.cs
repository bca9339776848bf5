using Worker.Evaluation.Webhooks;
using Worker.Evaluation.Yaml;
using Worker.Traces;

namespace Worker.Alerts;

/// <summary>Reads alert files.</summary>
internal static class AlertReader
{
    private const double LongestWindow = 31 * 24 * 3600;

    private const string NameAccepted = "a name of letters, digits, - and _ such as answers-fail is accepted";

    private const string WindowAccepted = "a duration such as 10m, 1h, 24h, from 1s to 744h,";

    /// <summary>Null when there are mistakes.</summary>
    public static Alert? Read(string yaml, YamlErrors mistakes)
    {
        if (YamlValues.Load(yaml, "one alert a file", mistakes) is not { } map)
            return null;

        var name = Name(map);
        var description = map.OptionalText("description", "a sentence is accepted");
        var isEnabled = map.Boolean("enabled") ?? true;
        var measure = Measure(map);
        var alert = measure is { } known ? OfMeasure(map, name ?? "", known) : null;
        var target = Target(map, mistakes);
        if (measure is not null)
            map.Close();
        return mistakes.Lines.Count > 0
            ? null
            : alert! with { Description = description, IsEnabled = isEnabled, Webhook = target };
    }

    /// <summary>What it looks at; keys that have no meaning for that are left to be mistakes.</summary>
    private static Alert OfMeasure(YamlMap map, string name, AlertMeasure measure)
    {
        var bound = Bound(map, measure);
        var evaluator = measure == AlertMeasure.DeadLetters ? null : Evaluator(map, measure);
        var alert = new Alert
        {
            Name = name,
            Measure = measure,
            Evaluator = evaluator,
            Bound = bound ?? new(IsCeiling: true, 0, 0),
        };
        if (!alert.IsOfVerdicts)
            return alert;
        if (measure == AlertMeasure.Rate)
        {
            map.Required("judgment", "give the judgment whose rate it is, e.g. false");
            alert = alert with { Judgment = map.Scalar("judgment") };
        }

        map.Required("window", WindowAccepted + " is accepted");
        var window = TimeSpan.FromSeconds(map.Duration("window", 1, LongestWindow, WindowAccepted) ?? 1);
        return measure == AlertMeasure.Cost
            ? alert with { Window = window }
            : alert with
            {
                Window = window,
                AtLeast = (long?)map.Number("at_least", 1, VerdictTally.MostVerdicts, isWhole: true) ?? 20,
                TellsOfNoData = map.Has("no_data") && map.Choice("no_data", "ignore", "alert") == "alert",
            };
    }

    private static string? Name(YamlMap map)
    {
        var name = map.RequiredText("name", NameAccepted);
        if (name is null || (name.Length <= 100 && name.All(IsOfName)))
            return name;
        map.Mistake("name", $"This is no name of an alert; {NameAccepted}, of 100 at most.");
        return null;
    }

    private static bool IsOfName(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_';

    private static AlertMeasure? Measure(YamlMap map)
    {
        var names = Enum.GetValues<AlertMeasure>().ToDictionary(AlertWords.NameOf);
        return map.Choice("measure", names.Keys) is { } name ? names[name] : null;
    }

    private static string? Evaluator(YamlMap map, AlertMeasure measure)
    {
        const string Accepted = "give the path of the Evaluator, e.g. monitoring/no-tool-failed";
        var path = measure is AlertMeasure.Paused or AlertMeasure.OverBudget
            ? map.OptionalText("evaluator", Accepted)
            : map.RequiredText("evaluator", Accepted);
        if (path is not null && DerivedIds.NormalPath(path).Length == 0)
            map.Mistake("evaluator", $"The path is empty; {Accepted}.");
        return path is null ? null : DerivedIds.NormalPath(path);
    }

    /// <summary>Exactly one of <c>above</c> and <c>below</c>, and perhaps where it is over.</summary>
    private static AlertBound? Bound(YamlMap map, AlertMeasure measure)
    {
        var isCeiling = map.Has("above");
        if (isCeiling == map.Has("below"))
        {
            _ = (map.Optional("above"), map.Optional("below"), map.Optional("recover"));
            map.Mistake(isCeiling ? "below" : "above", "Exactly one of above and below is accepted.");
            return null;
        }

        _ = map.Optional(isCeiling ? "below" : "above");
        var limit = Limit(map, isCeiling ? "above" : "below", measure);
        var recovery = map.Has("recover") ? Limit(map, "recover", measure) : limit;
        if (limit is null || recovery is null)
            return null;
        if (isCeiling ? recovery <= limit : recovery >= limit)
            return new(isCeiling, limit.Value, recovery.Value);
        map.Mistake("recover", isCeiling
            ? "This is above the ceiling; what is at it or below is accepted."
            : "This is below the floor; what is at it or above is accepted.");
        return null;
    }

    private static double? Limit(YamlMap map, string key, AlertMeasure measure) => measure switch
    {
        AlertMeasure.Rate or AlertMeasure.Errors => map.Number(key, 0, 1),
        AlertMeasure.Mean => map.Number(key, -1e15, 1e15),
        AlertMeasure.Cost => map.Number(key, 0, 1e9),
        AlertMeasure.LatencyMean or AlertMeasure.LatencyP95 => map.Duration(
            key, 0, LongestWindow, "a duration such as 250ms, 10s, 2m"),
        _ => map.Number(key, 0, 1e15, isWhole: true),
    };

    private static AlertTarget? Target(YamlMap alert, YamlErrors mistakes)
    {
        if (alert.Map("webhook", mistakes) is not { } map)
            return null;
        var url = WebhookKeys.Url(map);
        var secret = WebhookKeys.Secret(map);
        map.Close();
        return url is null || secret is null ? null : new(url, secret);
    }
}
