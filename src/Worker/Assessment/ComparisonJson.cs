namespace Worker.Assessment;

/// <summary>Two judgments each on many Logs, as JSON.</summary>
internal static class ComparisonJson
{
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
            ["agreement"] = pairs.AreFew ? null : pairs.Observed,
            ["agreement_by_chance"] = pairs.AreFew ? null : pairs.Chance,
            ["kappa"] = kappa?.Value,
            ["kappa_low"] = kappa?.Low,
            ["kappa_high"] = kappa?.High,
            ["no_kappa"] = pairs.WhyNoKappa(),
            ["base_rates"] = pairs.Categories.Select(category => new Dictionary<string, object?>
            {
                ["judgment"] = category,
                [one] = pairs.AreFew ? null : pairs.RowShare(category),
                [other] = pairs.AreFew ? null : pairs.ColumnShare(category),
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

    private static Dictionary<string, object?> Numbers(NumberPairs pairs, string one, string other) => new()
    {
        ["pairs"] = pairs.Count,
        ["mean_absolute_difference"] = pairs.AreFew ? null : pairs.MeanAbsoluteDifference,
        ["quadratic_kappa"] = pairs.QuadraticKappa(),
        ["correlation"] = pairs.Correlation(),
        ["no_kappa"] = pairs.WhyNoKappa(),
        ["means"] = Both(pairs, one, pairs.MeanOfOne, other, pairs.MeanOfOther),
        ["deviations"] = Both(pairs, one, pairs.DeviationOfOne, other, pairs.DeviationOfOther),
    };

    private static Dictionary<string, double>? Both(
        NumberPairs pairs, string one, double ofOne, string other, double ofOther) =>
        pairs.AreFew ? null : new() { [one] = ofOne, [other] = ofOther };
}
