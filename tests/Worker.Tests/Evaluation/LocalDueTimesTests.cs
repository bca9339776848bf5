using Worker.Evaluation;

namespace Worker.Tests.Evaluation;

public sealed class LocalDueTimesTests
{
    private readonly SettableClock _time = new();
    private readonly LocalDueTimes _timers;

    public LocalDueTimesTests() => _timers = new(_time);

    [Fact]
    public void Times_close_together_are_one_and_never_too_early()
    {
        Set(101);
        Set(119);
        Set(500);

        Next().ShouldBe(120);
        Advance(119);
        Next().ShouldBe(1);
        Advance(1);
        Next().ShouldBe(380);
        Advance(380);
        Next().ShouldBeNull();
    }

    [Fact]
    public void Only_an_earlier_time_interrupts_the_wait()
    {
        Set(500);
        var (_, earlier) = _timers.After();

        Set(700);
        earlier.IsCompleted.ShouldBeFalse();

        Set(300);
        earlier.IsCompleted.ShouldBeTrue();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_clock_that_is_set_moves_no_time(int hours)
    {
        Set(500);

        _time.SetClock(TimeSpan.FromHours(hours));

        Next().ShouldBe(500);
        Advance(500);
        Next().ShouldBeNull();
    }

    [Fact]
    public void What_is_due_already_comes_at_once()
    {
        Advance(10);
        Set(-30);

        Next().ShouldBeNull();
    }

    private void Set(int milliseconds) => _timers.Set(TimeSpan.FromMilliseconds(milliseconds));

    private void Advance(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private double? Next() => _timers.After().Next?.TotalMilliseconds;
}
