using Worker.Runs;

namespace Worker.Tests.Evaluation;

public sealed class WakeTimersTests
{
    private static readonly WakeTimers Timers = Some.Timers with { Quiet = TimeSpan.FromSeconds(60), MaxAge = TimeSpan.FromSeconds(300) };

    [Theory]
    [InlineData(0, 500)]
    [InlineData(1, 1_000)]
    [InlineData(5, 16_000)]
    [InlineData(10, 300_000)]
    [InlineData(int.MaxValue, 300_000)]
    public void Settling_doubles_with_each_revision_to_five_minutes(int revision, int milliseconds) =>
        Timers.Due(Some.Time, complete: true, revision, Some.Time).ShouldBe(Some.At(milliseconds));

    [Fact]
    public void An_unfinished_trace_is_due_when_it_is_quiet_or_old_whichever_is_first()
    {
        Timers.Due(Some.At(10_000), complete: false, 0, Some.Time).ShouldBe(Some.At(70_000));
        Timers.Due(Some.At(290_000), complete: false, 0, Some.Time).ShouldBe(Some.At(300_000));
        (Timers with { Quiet = null }).Due(Some.At(10_000), complete: false, 0, Some.Time).ShouldBe(Some.At(300_000));
        (Timers with { MaxAge = null }).Due(Some.At(290_000), complete: false, 0, Some.Time).ShouldBe(Some.At(350_000));
        Some.Timers.Due(Some.Time, complete: false, 0, Some.Time).ShouldBeNull();
    }

    [Fact]
    public void What_was_judged_for_its_age_settles_before_it_is_judged_again() =>
        Timers.Due(Some.At(400_000), complete: false, 1, Some.Time).ShouldBe(Some.At(401_000));
}
