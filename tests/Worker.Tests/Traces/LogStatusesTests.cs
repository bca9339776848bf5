using Worker.Traces;

namespace Worker.Tests.Traces;

public sealed class LogStatusesTests
{
    [Theory]
    [InlineData("complete", "complete")]
    [InlineData("COMPLETE", "complete")]
    [InlineData("Completed", "complete")]
    [InlineData(" complete\n", "complete")]
    [InlineData("TraceStatus.COMPLETE", "complete")]
    [InlineData("LogStatus.complete", "complete")]
    [InlineData("humanloop.types.TraceStatus.Complete", "complete")]
    [InlineData("incomplete", "incomplete")]
    [InlineData("LogStatus.INCOMPLETE", "incomplete")]
    [InlineData("done", null)]
    [InlineData("", null)]
    [InlineData("in.complete-", null)]
    [InlineData("not at all. complete", null)]
    [InlineData("complete.", null)]
    [InlineData("uncompleted", null)]
    public void A_status_has_one_form_however_it_is_spelled(string text, string? expected) =>
        LogStatuses.Normalise(text).ShouldBe(expected);

    [Fact]
    public void A_status_that_is_none_is_quoted_but_not_at_any_length()
    {
        LogStatuses.Unknown("trace_status", "done").ShouldBe("""trace_status was "done", which is neither "complete" nor "incomplete".""");
        LogStatuses.Unknown("log_status", new string('x', 63) + "\ud83d\ude00").ShouldBe($"""log_status was "{new string('x', 63)}…", which is neither "complete" nor "incomplete".""");
        LogStatuses.UnknownAmong(["log_id is odd.", LogStatuses.Unknown("log_status", "x")]).ShouldStartWith(
            "log_status was");
    }
}
