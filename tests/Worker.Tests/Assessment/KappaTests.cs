using Worker.Assessment;

namespace Worker.Tests.Assessment;

/// <summary>Against numbers that were published, or worked out by another program.</summary>
public sealed class KappaTests
{
    private const double Cent = 0.0005;

    [Fact]
    public void Two_readers_of_fifty_proposals_agree_at_0_4()
    {
        // The example of Wikipedia's article on Cohen's kappa: 20 both yes, 5 and 10 apart, 15 both no.
        var pairs = Pairs((true, true, 20), (true, false, 5), (false, true, 10), (false, false, 15));

        pairs.Observed.ShouldBe(0.7, Cent);
        pairs.Chance.ShouldBe(0.5, Cent);
        pairs.Kappa()!.Value.Value.ShouldBe(0.4, Cent);
    }

    /// <summary>
    /// The first is the example of Uebersax, "Calculating Kappa with SAS", with a category that only one of the two
    /// uses; the second is another of SAS; both with the limits that PROC FREQ prints.
    /// </summary>
    [Theory]
    [InlineData("0 0 0, 5 16 3, 8 12 28", 0.3333, 0.1738, 0.4929)]
    [InlineData("0 4 1, 0 8 0, 0 1 5", 0.4842, 0.2137, 0.7547)]
    public void The_interval_is_that_of_Fleiss_Cohen_and_Everitt(string table, double value, double low, double high)
    {
        var kappa = Kappa.Cohens(Table(table));

        kappa.Value.ShouldBe(value, 0.00005);
        kappa.Low.ShouldBe(low, 0.00005);
        kappa.High.ShouldBe(high, 0.00005);
    }

    [Fact]
    public void Where_all_agree_the_interval_is_as_wide_as_so_few_pairs_make_it()
    {
        var (few, many) = (Kappa.Cohens(new long[,] { { 10, 0 }, { 0, 10 } }), Kappa.Cohens(new long[,] { { 500, 0 }, { 0, 500 } }));

        // The exact 95 % interval of 20 of 20 begins at 0.8316 (Clopper-Pearson); chance is a half.
        (few.Value, few.High).ShouldBe((1, 1));
        few.Low.ShouldBe((0.8316 - 0.5) / 0.5, Cent);
        many.Low.ShouldBeInRange(0.99, 1);
    }

    [Fact]
    public void To_agree_never_is_worse_than_chance_and_no_interval_leaves_its_bounds()
    {
        var kappa = Kappa.Cohens(new long[,] { { 0, 10 }, { 10, 0 } });

        kappa.Value.ShouldBe(-1, Cent);
        kappa.Low.ShouldBeGreaterThanOrEqualTo(-1);
        kappa.High.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Too_few_pairs_give_no_kappa_but_say_how_many_it_takes()
    {
        var pairs = Pairs((true, true, 10), (false, false, 9));

        pairs.Kappa().ShouldBeNull();
        pairs.WhyNoKappa().ShouldBe("There are too few pairs for a kappa: 19, and it takes 20 for 2 different judgments.");
        Pairs((true, true, 10), (false, false, 10)).Kappa().ShouldNotBeNull();
        var five = new CategoryPairs();
        for (var i = 0; i < 49; i++)
            five.Add($"{i % 5}", $"{i % 5}");
        five.Kappa().ShouldBeNull("five categories take 50");
    }

    [Fact]
    public void One_who_always_says_the_same_gives_no_kappa()
    {
        Pairs((true, true, 50), (true, false, 50)).WhyNoKappa().ShouldBe("One side always says true: a kappa would say nothing.");
        Pairs((true, true, 100)).Kappa().ShouldBeNull();
    }

    [Fact]
    public void What_has_too_many_values_to_be_categories_is_not_counted()
    {
        var pairs = new CategoryPairs();
        for (var i = 0; i < CategoryPairs.MostCategories; i++)
            pairs.Add($"{i}", $"{i}").ShouldBeTrue();

        pairs.Add("one more", "1").ShouldBeFalse();
        pairs.Add("3", "4").ShouldBeTrue();
        pairs.Count.ShouldBe(CategoryPairs.MostCategories + 1);
    }

    [Fact]
    public void The_matrix_counts_rows_and_columns_apart()
    {
        var pairs = Pairs((true, false, 3), (false, true, 1), (true, true, 6));

        (pairs["true", "false"], pairs["false", "true"]).ShouldBe((3, 1));
        (pairs.Row("true"), pairs.Column("true")).ShouldBe((9, 7));
        (pairs.RowShare("true"), pairs.ColumnShare("true")).ShouldBe((0.9, 0.7));
    }

    private static long[,] Table(string text)
    {
        var rows = text.Split(", ").Select(row => row.Split(' ').Select(long.Parse).ToArray()).ToArray();
        var table = new long[rows.Length, rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < rows.Length; j++)
                table[i, j] = rows[i][j];
        }

        return table;
    }

    private static CategoryPairs Pairs(params (bool One, bool Other, int Count)[] cells)
    {
        var pairs = new CategoryPairs();
        foreach (var (one, other, count) in cells)
        {
            for (var i = 0; i < count; i++)
                pairs.Add(one ? "true" : "false", other ? "true" : "false");
        }

        return pairs;
    }
}
