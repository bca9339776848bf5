using Worker.Assessment;

namespace Worker.Commands;

/// <summary>What came of judging in the shadow, as JSON.</summary>
internal static class ShadowJson
{
    public static string Of(ShadowResult result, bool isDryRun)
    {
        var json = new Dictionary<string, object?>
        {
            ["evaluator"] = result.Evaluator.Path,
            ["version_id"] = result.Evaluator.VersionId,
            ["logs"] = result.Logs,
            ["interrupted"] = result.IsInterrupted,
        };
        if (isDryRun)
        {
            json["most_tokens"] = result.Tokens;
            json["most_cost"] = result.Cost;
        }
        else
        {
            Add(json, result);
        }

        return CommandJson.Of(json);
    }

    private static void Add(Dictionary<string, object?> json, ShadowResult result)
    {
        json["stopped"] = result.Stopped;
        json["judged"] = result.Spread.Count;
        json["abstained"] = result.Abstained;
        json["failed"] = result.Failed;
        json["unanswered"] = result.Unanswered;
        json["filtered"] = result.Filtered;
        json["later"] = result.Later;
        json["changed"] = result.Changed;
        json["judgments"] = result.Spread.IsOfNumbers ? Numbers(result.Spread) : result.Spread.Counts;
        json["errors"] = result.Errors.Select(error => new { Error = error.Key, Count = error.Value });
        json["tokens"] = result.Tokens;
        json["cost"] = result.Cost;
        json["latency_ms"] = new
        {
            Mean = result.Latencies.Mean.TotalMilliseconds,
            Median = result.Latencies.Quantile(0.5).TotalMilliseconds,
            P95 = result.Latencies.Quantile(0.95).TotalMilliseconds,
            Max = result.Latencies.Max.TotalMilliseconds,
        };
        json["current_version_id"] = result.CurrentVersionId;
        json["comparison"] = result.Comparison.Pairs > 0
            ? ComparisonJson.Of(result.Comparison, "shadow", "current")
            : null;
    }

    private static object? Numbers(Spread spread) => spread.Count == 0
        ? null
        : new { spread.Mean, spread.Deviation, spread.Min, spread.Max };
}
