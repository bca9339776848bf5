using Shouldly;
using Worker.Evaluation;
using Worker.Testing;
using Worker.Traces;
using Xunit;

namespace Worker.Tests.Evaluation;

public sealed class HandOverTests
{
    private readonly HandOver _handOver = new();

    [Fact]
    public void What_was_put_is_taken_once()
    {
        var change = Begun("f", 1);
        _handOver.Put(change);

        _handOver.Take("f", 2).ShouldBeNull();
        _handOver.Take("f", 1).ShouldBe((change.Run, change.Content!));
        _handOver.Take("f", 1).ShouldBeNull();
    }

    [Fact]
    public void What_nobody_takes_does_not_pile_up()
    {
        for (var i = 0; i < 30; i++)
            _handOver.Put(Begun($"f{i}", 1000));

        Enumerable.Range(0, 30).Count(i => _handOver.Take($"f{i}", 1) is not null).ShouldBeInRange(1, 20);
    }

    [Fact]
    public void A_trace_that_is_too_large_and_a_change_that_runs_nothing_are_left_out()
    {
        _handOver.Put(Begun("large", 20_001));
        _handOver.Put(Begun("idle", 1) with { RunsEvaluators = false });

        _handOver.Take("large", 1).ShouldBeNull();
        _handOver.Take("idle", 1).ShouldBeNull();
    }

    private static RunChange Begun(string logId, int logs) =>
        new(Some.Run(logId) with { Revision = 1 }) { RunsEvaluators = true, Content = [.. Enumerable.Repeat<Log>(Some.Log(), logs)] };
}
