namespace Worker.Tests.Reading;

public sealed class HumanloopTrafficTests
{
    [Fact]
    public void The_shipped_sample_is_the_recordings_translated()
    {
        var shipped = File.ReadLines(
            Path.Combine(AppContext.BaseDirectory, "config", "samples", "support-agent.jsonl"));
        shipped.ShouldBe(HumanloopTraffic.Sample());
    }
}
