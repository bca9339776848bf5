using Worker.Telemetry;

namespace Worker.Tests.Telemetry;

public sealed class BoundedLabelTests
{
    [Fact]
    public void The_first_two_hundred_keep_their_names_and_the_rest_share_one()
    {
        var label = new BoundedLabel();

        var names = Enumerable.Range(0, 1_000).Select(i => label.Of($"evaluator-{i}")).ToList();

        names[..BoundedLabel.Paths].ShouldBe(Enumerable.Range(0, BoundedLabel.Paths).Select(i => $"evaluator-{i}"));
        names[BoundedLabel.Paths..].ShouldAllBe(name => name == BoundedLabel.Other);
        label.Of("evaluator-7").ShouldBe("evaluator-7", "what has a name keeps it");
    }

    [Fact]
    public void Whoever_adds_them_there_are_never_more()
    {
        var label = new BoundedLabel(10);

        var names = Enumerable.Range(0, 10_000).AsParallel().Select(i => label.Of($"{i % 500}")).Distinct().ToList();

        names.Count.ShouldBe(11);
        names.ShouldContain(BoundedLabel.Other);
    }
}
