using Worker.Assessment;
using Worker.Evaluation;

namespace Worker.Tests.Assessment;

public sealed class SpreadTests
{
    [Fact]
    public void Judgments_are_counted_and_what_finds_no_room_is_counted_together()
    {
        var spread = new Spread(ReturnType.Select);
        for (var i = 0; i < 60; i++)
            spread.Add(Some.Json($"\"option {i:00}\""));
        spread.Add(Some.Json("\"option 00\""));

        spread.Count.ShouldBe(61);
        (spread.Counts["option 00"], spread.Counts[Spread.Others]).ShouldBe((2, 10));
    }

    [Fact]
    public void Numbers_have_mean_deviation_and_ends()
    {
        var spread = new Spread(ReturnType.Number);
        foreach (var number in new[] { 2, 4, 4, 4, 5, 5, 7, 9 })
            spread.Add(Some.Json($"{number}"));

        (spread.Mean, spread.Deviation, spread.Min, spread.Max).ShouldBe((5, 2, 2, 9));
    }

    [Fact]
    public void A_quantile_is_at_most_five_percent_too_long()
    {
        var latencies = new Latencies();
        for (var i = 1; i <= 1_000; i++)
            latencies.Add(TimeSpan.FromMilliseconds(i));

        latencies.Quantile(0.5).TotalMilliseconds.ShouldBeInRange(500, 525.1);
        latencies.Quantile(0.95).TotalMilliseconds.ShouldBeInRange(950, 997.6);
        latencies.Quantile(1).ShouldBe(latencies.Max);
        new Latencies().Quantile(0.5).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Judgments_are_the_same_in_any_order_of_options_and_only_of_their_type()
    {
        Judgments.Text(ReturnType.MultiSelect, Some.Json("""["b","a","b"]"""))
            .ShouldBe(Judgments.Text(ReturnType.MultiSelect, Some.Json("""["a", "b"]""")));
        Judgments.Text(ReturnType.MultiSelect, Some.Json("[1]")).ShouldBeNull();
        Judgments.Text(ReturnType.Number, Some.Json("1e400")).ShouldBeNull("it could not be summed");
        Judgments.Text(ReturnType.Text, Some.Json("\"a\"")).ShouldBeNull();
    }
}
