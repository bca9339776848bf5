using FsCheck;
using FsCheck.Fluent;
using Worker.Traces;

namespace Worker.Tests.Traces;

public sealed class TimestampsTests
{
    [Fact]
    public void An_instant_as_json_is_the_string_of_its_text() => Prop.ForAll(
        ArbMap.Default.ArbFor<DateTime>(),
        date =>
        {
            var instant = Timestamps.ToMicroseconds(new DateTimeOffset(date.Ticks, TimeSpan.Zero));

            Timestamps.ToJson(instant).AsText().ShouldBe(Timestamps.Format(instant));
            Timestamps.Parse(Timestamps.ToJson(instant)).ShouldBe(instant);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_first_and_the_last_instant_have_a_json_string()
    {
        Timestamps.ToJson(Timestamps.First).ToString().ShouldBe("\"0001-01-01T00:00:00Z\"");
        Timestamps.ToJson(Timestamps.Last).ToString().ShouldBe("\"9999-12-31T23:59:59.999999Z\"");
    }
}
