using Worker.Evaluation;

namespace Worker.Tests.Evaluation;

public sealed class ClaimWindowTests
{
    private readonly SettableClock _time = new();

    [Fact]
    public void There_is_room_again_when_claims_are_seen_through_or_lapse()
    {
        var claims = Full(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        claims.Room().ShouldBe(0);

        claims.Close("f1");
        claims.Close("not open");
        claims.Room().ShouldBe(1);

        claims.Open(["f1"], TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        claims.Room().ShouldBe(ClaimWindow.Limit - 1);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_clock_that_is_set_makes_no_claim_lapse_later_or_earlier(int hours)
    {
        var claims = Full(TimeSpan.FromSeconds(30));

        _time.SetClock(TimeSpan.FromHours(hours));

        claims.Room().ShouldBe(0);
        _time.Advance(TimeSpan.FromSeconds(30));
        claims.Room().ShouldBe(ClaimWindow.Limit);
    }

    private ClaimWindow Full(TimeSpan length)
    {
        var claims = new ClaimWindow(_time);
        claims.Open(Enumerable.Range(0, ClaimWindow.Limit).Select(number => $"f{number}"), length);
        return claims;
    }
}
