using System.Globalization;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using Worker.Alerts;

namespace Worker.Tests.Alerts;

/// <summary>Whatever verdicts come, and whenever: what is told is what the window holds.</summary>
public sealed class AlertLaws
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(150);

    private static readonly Gen<Step> Steps =
        from gap in Gen.Choose(1, 8)
        from age in Gen.Choose(0, 5)
        from judgment in Gen.Elements("true", "true", "false", "1", "5", "1", "5", null)
        from isLook in Gen.Elements(false, false, true)
        select new Step(gap, age * 20, judgment, isLook);

    private static readonly Gen<Step[]> Histories =
        from length in Gen.Choose(0, 80)
        from steps in Steps.ArrayOf(length)
        select steps;

    [Theory]
    [InlineData("measure: rate\njudgment: false", "above: 0.3\nrecover: 0.2")]
    [InlineData("measure: rate\njudgment: true", "below: 0.5\nrecover: 0.6")]
    [InlineData("measure: errors", "above: 0.25\nrecover: 0.1")]
    [InlineData("measure: mean", "above: 2.5\nrecover: 2")]
    [InlineData("measure: mean", "below: 4")]
    public void Breaches_and_recoveries_alternate_and_each_breach_names_what_is_against_it(string measure, string bound)
    {
        foreach (var more in new[] { "at_least: 3", "at_least: 2\nno_data: alert" })
        {
            var alert = AlertWorld.Alert(measure, bound, more);
            var told = 0;
            Check.One(Config, Prop.ForAll(
                Histories.ToArbitrary(),
                steps => { told += PlayAsync(alert, steps).GetAwaiter().GetResult(); }));
            told.ShouldBeGreaterThan(50);
        }
    }

    /// <returns>How much was told.</returns>
    private static async Task<int> PlayAsync(Alert alert, IReadOnlyList<Step> steps)
    {
        var world = new AlertWorld(StoreUnderTest.Of(new InMemoryStore()), new FakeTimeProvider(Some.Time));
        var given = new List<(DateTimeOffset At, string? Judgment, string Id)>();
        string? open = null;
        foreach (var step in steps)
        {
            world.Time.Advance(TimeSpan.FromMinutes(step.Gap));
            var at = world.Time.GetUtcNow().AddMinutes(-step.Age);
            given.Add((at, step.Judgment, await world.GiveAsync(step.Judgment, TimeSpan.FromMinutes(step.Age))));
            if (!step.IsLook)
                continue;
            world.Time.Advance(TimeSpan.FromSeconds(30));
            var now = world.Time.GetUtcNow();
            var inWindow = given.Where(each => each.At >= now.AddHours(-1) && each.At < now).ToList();
            foreach (var told in (await world.LookAsync(alert)).ShouldNotBeNull().Events)
            {
                told.IsRecovery.ShouldBe(open is not null, "each breach ends before another begins");
                told.Breach.ShouldBe(open ?? told.Breach);
                open = told.IsRecovery ? null : told.Breach;
                if (!told.IsRecovery && !told.IsOfNoData)
                    told.Found.Contributions.Select(each => each.Id).ShouldBe(
                        inWindow.Where(each => IsAgainst(alert, each.Judgment)).Select(each => each.Id), ignoreOrder: true);
            }

            var broken = ValueOf(alert, inWindow.ConvertAll(each => each.Judgment)) is { } value && alert.Bound.IsBrokenBy(value);
            if (broken)
                open.ShouldNotBeNull("what is broken fires");
        }

        world.Sent.Select(notice => notice.Key).Distinct().Count().ShouldBe(world.Sent.Count);
        var events = world.Sent.Select(notice => (string)JsonNode.Parse(notice.Body.Utf8.Span)!["event"]!).ToList();
        events.ShouldBe(events.Select((_, index) => index % 2 == 0 ? "fired" : "recovered"));
        return events.Count;
    }

    /// <summary>What an alert is to find, said once more in other words; null where it is to say nothing.</summary>
    private static double? ValueOf(Alert alert, List<string?> window)
    {
        var judged = window.OfType<string>().ToList();
        var numbers = judged.Where(each => char.IsDigit(each[0])).Select(Number).ToList();
        var (count, value) = alert.Measure switch
        {
            AlertMeasure.Errors => (window.Count, (double)(window.Count - judged.Count) / window.Count),
            AlertMeasure.Mean => (numbers.Count, numbers.DefaultIfEmpty().Average()),
            _ => (judged.Count, (double)judged.Count(each => each == alert.Judgment.ToString()) / judged.Count),
        };
        return count >= alert.AtLeast ? value : null;
    }

    private static bool IsAgainst(Alert alert, string? judgment) => (alert.Measure, judgment) switch
    {
        (AlertMeasure.Errors, _) => judgment is null,
        (_, null) => false,
        (AlertMeasure.Mean, _) => char.IsDigit(judgment[0])
            && (alert.Bound.IsCeiling ? Number(judgment) > alert.Bound.Limit : Number(judgment) < alert.Bound.Limit),
        _ => judgment == alert.Judgment.ToString() == alert.Bound.IsCeiling,
    };

    private static double Number(string judgment) => double.Parse(judgment, CultureInfo.InvariantCulture);

    /// <summary>A verdict that comes so many minutes later, and was given some before; perhaps with a look after.</summary>
    private sealed record Step(int Gap, int Age, string? Judgment, bool IsLook);
}
