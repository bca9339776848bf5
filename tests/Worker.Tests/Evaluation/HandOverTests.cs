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
    public void What_was_put_is_taken_once_and_only_as_that_content()
    {
        var members = Members(1);
        _handOver.Put("f", "digest", members);

        _handOver.Take("f", "another digest").ShouldBeNull();
        _handOver.Take("f", "digest").ShouldBeSameAs(members);
        _handOver.Take("f", "digest").ShouldBeNull();
    }

    [Fact]
    public void What_nobody_takes_does_not_pile_up()
    {
        for (var i = 0; i < 30; i++)
            _handOver.Put($"f{i}", "digest", Members(1000));

        Enumerable.Range(0, 30).Count(i => _handOver.Take($"f{i}", "digest") is not null).ShouldBeInRange(1, 20);
    }

    [Fact]
    public void A_trace_that_is_too_large_is_left_out()
    {
        _handOver.Put("large", "digest", Members(20_001));

        _handOver.Take("large", "digest").ShouldBeNull();
    }

    private static Log[] Members(int count) => [.. Enumerable.Repeat(Some.Log(), count)];
}
