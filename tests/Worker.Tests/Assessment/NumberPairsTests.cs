using FsCheck.Fluent;
using Worker.Assessment;

namespace Worker.Tests.Assessment;

public sealed class NumberPairsTests
{
    /// <summary>Bland and Altman (1986), peak flow by two meters, the first measurement of each: r = 0.94.</summary>
    [Fact]
    public void Two_meters_of_peak_flow_agree_as_it_was_published()
    {
        double[] wright = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427];
        double[] mini = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451];
        var pairs = new NumberPairs();

        // Each pair twice: that leaves the numbers as they are, and makes them enough.
        foreach (var (one, other) in wright.Zip(mini).Concat(wright.Zip(mini)))
            pairs.Add(one, other);

        pairs.Correlation()!.Value.ShouldBe(0.943, 0.0005);
        pairs.QuadraticKappa()!.Value.ShouldBe(0.943, 0.0005);
        (pairs.MeanOfOther - pairs.MeanOfOne).ShouldBe(2.1, 0.05, "the published mean difference");
    }

    [Fact]
    public void The_quadratic_kappa_is_that_of_a_table_with_quadratic_weights()
    {
        foreach (var sample in Gen.Sample(Gen.Choose(1, 5).Two().ArrayOf(40), 50))
        {
            var pairs = new NumberPairs();
            foreach (var (one, other) in sample)
                pairs.Add(one, other);
            if (pairs.WhyNoKappa() is null)
                pairs.QuadraticKappa()!.Value.ShouldBe(OfTable(sample), 1e-9);
        }
    }

    [Fact]
    public void Too_few_pairs_and_one_who_never_changes_give_no_kappa()
    {
        var pairs = new NumberPairs();
        for (var i = 0; i < 19; i++)
            pairs.Add(3, i);

        pairs.WhyNoKappa().ShouldBe("There are too few pairs for a kappa: 19, and it takes 20.");
        pairs.Add(3, 19);
        pairs.WhyNoKappa().ShouldBe("One side always gives the same number: a kappa would say nothing.");
        (pairs.QuadraticKappa(), pairs.Correlation()).ShouldBe((null, null));
    }

    private static double OfTable((int, int)[] sample)
    {
        var (seen, expected) = (0.0, 0.0);
        foreach (var (one, other) in sample)
            seen += (one - other) * (one - other);
        foreach (var (one, _) in sample)
        {
            foreach (var (_, other) in sample)
                expected += (one - other) * (one - other) / (double)sample.Length;
        }

        return 1 - (seen / expected);
    }
}
