using Microsoft.Extensions.Configuration;
using Worker.Retention;
using Worker.Traces;

namespace Worker.Tests.Retention;

public sealed class RetentionRulesTests
{
    [Theory]
    [InlineData("30d", 30 * 24)]
    [InlineData("12h", 12)]
    [InlineData("90m", 1.5)]
    [InlineData("1.5d", 36)]
    [InlineData("3600s", 1)]
    [InlineData("30.00:00:00", 30 * 24)]
    [InlineData("00:30:00", 0.5)]
    [InlineData("0d", 0)]
    public void An_age_is_written_as_people_do(string text, double hours) =>
        Age.Parse(text).ShouldBe(TimeSpan.FromHours(hours));

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("d")]
    [InlineData("-1d")]
    [InlineData("99999999d")]
    [InlineData("-01:00:00")]
    [InlineData("a month")]
    public void What_is_no_age_is_none(string text) => Age.Parse(text).ShouldBeNull();

    [Fact]
    public void Every_fault_of_a_rule_is_told()
    {
        Read(("a:Kind", "7"), ("a:LargerThan", "-1"), ("a:Until", "1d"), ("a:Keep", "yes")).Faults.ShouldBe(
            [
                "Retention:Rules:a:Until is not a key of the worker; Retention:Rules:a accepts After, Keep, Kind, Path, Environment, Verdict, LargerThan.",
                "Retention:Rules:a:Keep is \"yes\"; it accepts true or false.",
                "Retention:Rules:a:Kind is \"7\"; it accepts tool, prompt, flow or evaluator.",
                "Retention:Rules:a:LargerThan is \"-1\"; it accepts a number of bytes.",
            ]);
    }

    [Fact]
    public void What_keeps_wins_until_it_is_over()
    {
        var rules = Read(("all:After", "1d"), ("kept:Keep", "true"), ("kept:After", "3d"), ("kept:Kind", "flow"));
        var flow = new OldTrace(Some.FlowLog(), Some.Micros(), 0, ["flow-1"]);
        var tool = flow with { Head = Some.Log() };

        rules.Removing(tool, Some.Time.AddHours(23)).ShouldBeNull();
        rules.Removing(tool, Some.Time.AddHours(24)).ShouldBe("all");
        rules.Removing(flow, Some.Time.AddHours(71)).ShouldBeNull();
        rules.Removing(flow, Some.Time.AddHours(72)).ShouldBe("all");
        rules.Youngest.ShouldBe(TimeSpan.FromDays(1));
    }

    [Fact]
    public void The_newest_stamp_counts_and_none_that_lies_ahead()
    {
        var log = Some.Log(fields: (LogFields.Output, "1"));
        OldTrace.NewestOf(log, Some.Micros(9)).ShouldBe(Some.Micros());

        var updated = log with { Fields = [new(LogFields.Output, Some.Json("2"), Some.Stamp(at: Some.Micros(5)))] };
        OldTrace.NewestOf(updated, Some.Micros(9)).ShouldBe(Some.Micros(5));
        OldTrace.NewestOf(updated, Some.Micros(4)).ShouldBe(Some.Micros());
        OldTrace.NewestOf(log with { Receipts = [new(Some.Stamp(at: Some.Micros(7)), null)] }, Some.Micros(9)).ShouldBe(Some.Micros(7));
    }

    private static RetentionRules Read(params (string Key, string Value)[] keys) => RetentionRules.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection(keys.ToDictionary(key => "Retention:Rules:" + key.Key, key => (string?)key.Value))
            .Build());
}
