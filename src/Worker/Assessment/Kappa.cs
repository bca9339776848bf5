namespace Worker.Assessment;

/// <summary>Agreement beyond chance, with a 95 % interval.</summary>
/// <param name="Value">1: always the same; 0: as often as by chance; below 0: less often than that.</param>
internal readonly record struct Kappa(double Value, double Low, double High)
{
    /// <summary>The normal distribution's 97.5 % quantile.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>
    /// Cohen's kappa of a square table of counts. The interval is the value with 1.96 standard errors on either side,
    /// by the large-sample formula of Fleiss, Cohen and Everitt (1969), cut at -1 and 1. Where every pair agrees that
    /// formula gives a width of nothing: then the lower end is what kappa would be at the exact (Clopper-Pearson) lower
    /// bound of the agreement.
    /// </summary>
    /// <param name="table">Counts; each side has used at least two of the categories.</param>
    public static Kappa Cohens(long[,] table)
    {
        var size = table.GetLength(0);
        var total = (double)table.Cast<long>().Sum();
        var (rows, columns, same) = (new double[size], new double[size], 0.0);
        for (var i = 0; i < size; i++)
        {
            same += table[i, i] / total;
            for (var j = 0; j < size; j++)
            {
                rows[i] += table[i, j] / total;
                columns[j] += table[i, j] / total;
            }
        }

        var chance = rows.Zip(columns, (row, column) => row * column).Sum();
        var value = Beyond(same, chance);
        if (same == 1)
            return new(1, Beyond(Math.Pow(0.025, 1 / total), chance), 1);
        var error = Math.Sqrt(Math.Max(0, Variance(table, rows, columns, same, chance)));
        return new(value, Math.Max(-1, value - (Z * error)), Math.Min(1, value + (Z * error)));
    }

    private static double Beyond(double same, double chance) => (same - chance) / (1 - chance);

    private static double Variance(long[,] table, double[] rows, double[] columns, double same, double chance)
    {
        var (total, sum) = ((double)table.Cast<long>().Sum(), 0.0);
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < rows.Length; j++)
            {
                var term = i == j
                    ? (1 - chance) - ((columns[i] + rows[i]) * (1 - same))
                    : (columns[i] + rows[j]) * (1 - same);
                sum += table[i, j] / total * term * term;
            }
        }

        var mean = (same * chance) - (2 * chance) + same;
        return (sum - (mean * mean)) / (total * Math.Pow(1 - chance, 4));
    }
}
