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
    public void What_was_put_is_taken_once_and_only_for_the_same_content()
    {
        var members = Logs(2);
        _handOver.Put("f", "digest", members);

        _handOver.Take("f", "another").ShouldBeNull();
        _handOver.Take("f", "digest").ShouldBeSameAs(members);
        _handOver.Take("f", "digest").ShouldBeNull();
    }

    [Fact]
    public void What_nobody_takes_does_not_pile_up()
    {
        for (var i = 0; i < 30; i++)
            _handOver.Put($"f{i}", "digest", Logs(1000));

        Enumerable.Range(0, 30).Count(i => _handOver.Take($"f{i}", "digest") is not null).ShouldBeInRange(1, 20);
    }

    [Fact]
    public void A_trace_that_is_too_large_is_left_out()
    {
        _handOver.Put("large", "digest", Logs(20_001));

        _handOver.Take("large", "digest").ShouldBeNull();
    }

    private static IReadOnlyList<Log> Logs(int count) => [.. Enumerable.Repeat(Some.Log(), count)];
}
