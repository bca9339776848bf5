using Worker.Evaluation;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Evaluation;

public sealed class TraceLabelsTests
{
    private static readonly Log Outer = Some.FlowLog("outer") with { Resolution = new Resolution("fl_outer", null, VersionSource.Empty, null) };
    private static readonly Log Middle = Some.Log("middle", "outer");
    private static readonly Log Inner = Some.FlowLog("inner", "middle");

    [Fact]
    public void Logs_are_labelled_with_the_outermost_flow_and_its_file() =>
        TraceLabels.Settled(["inner", "tool"], [Inner, Middle, Outer]).ShouldBe(
        [
            new TraceLabel("inner", "outer", "fl_outer", false), new TraceLabel("tool", "outer", "fl_outer", false),
        ]);

    [Fact]
    public void A_parent_that_is_not_stored_is_no_flow() =>
        TraceLabels.Settled(["inner"], [Inner, Middle]).ShouldBe([new TraceLabel("inner", "inner", null, false)]);

    [Fact]
    public void Logs_on_a_cycle_head_no_trace()
    {
        var one = Some.FlowLog("one", "two");
        var two = Some.FlowLog("two", "one");
        var under = Some.FlowLog("under", "one");

        TraceLabels.Settled(["under"], [under, one, two]).ShouldBe([new TraceLabel("under", "under", null, false)]);
    }

    [Fact]
    public void Only_what_changes_is_stamped_and_late_logs_stay_late()
    {
        TraceLabel[] labels = [new("same", "t", null, false), new("other", "t", null, false), new("late", "t", null, false), new("new", "t", null, false)];
        var standing = new Dictionary<string, TraceLabel>
        {
            ["same"] = new("same", "t", null, false),
            ["other"] = new("other", "u", null, false),
            ["late"] = new("late", null, null, true),
        };

        TraceLabels.Changed(labels, standing, LatePolicy.Ignore).Select(label => label.LogId).ShouldBe(
            ["other", "new"]);
        TraceLabels.Changed(labels, standing, LatePolicy.Rejudge).Select(label => label.LogId).ShouldBe(
            ["other", "late", "new"]);
    }
}
