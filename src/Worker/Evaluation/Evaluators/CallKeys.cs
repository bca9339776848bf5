using Worker.Evaluation.Yaml;
using Worker.Traces;
using YamlDotNet.RepresentationModel;

namespace Worker.Evaluation.Evaluators;

/// <summary>Reads the key <c>calls</c>: see <see cref="CallLimits"/>.</summary>
internal static class CallKeys
{
    public static CallLimits Read(YamlMap evaluator, YamlErrors mistakes)
    {
        var limits = CallLimits.Default;
        if (evaluator.Optional("calls") is not { } node || YamlMap.Read(node, "calls", mistakes) is not { } map)
            return limits;

        limits = limits with
        {
            Concurrency = (int?)Number(map, "concurrency", 1, 256, isWhole: true) ?? limits.Concurrency,
            Rate = Number(map, "rate", 0.001, 100_000) ?? limits.Rate,
            Retries = (int?)Number(map, "retries", 0, 10, isWhole: true) ?? limits.Retries,
            Tries = (int?)Number(map, "tries", 1, 100, isWhole: true) ?? limits.Tries,
            Timeout = Duration(map, "timeout") ?? limits.Timeout,
            Budget = Budget(map, mistakes),
        };
        map.Close();
        return limits;
    }

    private static Budget? Budget(YamlMap calls, YamlErrors mistakes)
    {
        if (calls.Optional("budget") is not { } node || YamlMap.Read(node, "calls.budget", mistakes) is not { } map)
            return null;

        var budget = new Budget(
            (long?)Number(map, "calls", 0, 1e15, isWhole: true),
            (long?)Number(map, "tokens", 0, 1e15, isWhole: true),
            (decimal?)Number(map, "cost", 0, 1e9));
        map.Close();
        return budget;
    }

    /// <summary>Null where the key is absent, or, with a mistake, out of those bounds.</summary>
    public static double? Number(YamlMap map, string key, double min, double max, bool isWhole = false) =>
        map.Number(key, min, max, isWhole);

    private static TimeSpan? Duration(YamlMap map, string key)
    {
        if (map.Optional(key) is not { } node)
            return null;
        if (node is YamlScalarNode { Value: { } text } && DurationText.Seconds(text) is > 0 and <= 3600 and var seconds)
            return TimeSpan.FromSeconds(seconds);
        map.Mistake(key, "This is no duration; one such as 250ms, 10s, 2m, up to 1h, is accepted.");
        return null;
    }
}
