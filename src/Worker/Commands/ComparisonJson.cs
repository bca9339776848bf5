using System.Text.Encodings.Web;
using System.Text.Json;
using Worker.Assessment;

namespace Worker.Commands;

/// <summary>Two judgments each on many Logs, as JSON.</summary>
internal static class ComparisonJson
{
    public static readonly JsonSerializerOptions SnakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="one">What the first of each pair is called.</param>
    /// <param name="other">What the second is called.</param>
    public static Dictionary<string, object?> Of(Comparison comparison, string one, string other)
    {
        var json = comparison.IsOfNumbers
            ? Numbers(comparison.Numbers, one, other)
            : Categories(comparison.Categories, one, other);
        json["differing"] = comparison.Differing;
        json["differences"] = comparison.Differences.Select(difference => new Dictionary<string, object?>
        {
            ["log_id"] = difference.LogId,
            [one] = difference.One,
            [other] = difference.Other,
        });
        return json;
    }

    private static Dictionary<string, object?> Categories(CategoryPairs pairs, string one, string other)
    {
        var kappa = pairs.Kappa();
        return new()
        {
            ["pairs"] = pairs.Count,
            ["agreement"] = pairs.Count < pairs.Needed ? null : pairs.Observed,
            ["agreement_by_chance"] = pairs.Count < pairs.Needed ? null : pairs.Chance,
            ["kappa"] = kappa?.Value,
            ["kappa_low"] = kappa?.Low,
            ["kappa_high"] = kappa?.High,
            ["no_kappa"] = pairs.WhyNoKappa(),
            ["base_rates"] = pairs.Categories.Select(category => new Dictionary<string, object?>
            {
                ["judgment"] = category,
                [one] = pairs.RowShare(category),
                [other] = pairs.ColumnShare(category),
            }),
            ["matrix"] =
                from row in pairs.Categories
                from column in pairs.Categories
                where pairs[row, column] > 0
                select new Dictionary<string, object?>
                {
                    [one] = row,
                    [other] = column,
                    ["count"] = pairs[row, column],
                },
        };
    }

    private static Dictionary<string, object?> Numbers(NumberPairs pairs, string one, string other)
    {
        var isEnough = pairs.Count >= NumberPairs.Needed;
        return new()
        {
            ["pairs"] = pairs.Count,
            ["mean_absolute_difference"] = isEnough ? pairs.MeanAbsoluteDifference : null,
            ["quadratic_kappa"] = pairs.QuadraticKappa(),
            ["correlation"] = pairs.Correlation(),
            ["no_kappa"] = pairs.WhyNoKappa(),
            ["means"] = new Dictionary<string, object?>
            {
                [one] = isEnough ? pairs.MeanOfOne : null, [other] = isEnough ? pairs.MeanOfOther : null,
            },
            ["deviations"] = new Dictionary<string, object?>
            {
                [one] = isEnough ? pairs.DeviationOfOne : null, [other] = isEnough ? pairs.DeviationOfOther : null,
            },
        };
    }
}
