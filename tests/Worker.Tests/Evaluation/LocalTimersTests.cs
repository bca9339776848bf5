using Shouldly;
using Worker.Evaluation;
using Worker.Testing;
using Xunit;

namespace Worker.Tests.Evaluation;

public sealed class LocalTimersTests
{
    private readonly LocalTimers _timers = new();

    [Fact]
    public void Times_close_together_are_one_and_never_too_early()
    {
        _timers.Set(Some.At(101));
        _timers.Set(Some.At(119));
        _timers.Set(Some.At(500));

        _timers.After(Some.At(0)).Next.ShouldBe(Some.At(120));
        _timers.After(Some.At(119)).Next.ShouldBe(Some.At(120));
        _timers.After(Some.At(120)).Next.ShouldBe(Some.At(500));
        _timers.After(Some.At(500)).Next.ShouldBeNull();
    }

    [Fact]
    public void Only_an_earlier_time_interrupts_the_wait()
    {
        _timers.Set(Some.At(500));
        var (_, earlier) = _timers.After(Some.At(0));

        _timers.Set(Some.At(700));
        earlier.IsCompleted.ShouldBeFalse();

        _timers.Set(Some.At(300));
        earlier.IsCompleted.ShouldBeTrue();
    }
}
