using System.Text;
using Microsoft.Extensions.Time.Testing;
using Worker.Alerts;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Alerts;

/// <summary>When an alert fires, when it is over, and what counts against it.</summary>
public sealed class AlertTests
{
    private readonly InMemoryStore _store = new();
    private readonly FakeTimeProvider _time = new(Some.Time);
    private readonly AlertWorld _world;

    public AlertTests() => _world = new(StoreUnderTest.Of(_store), _time);

    [Fact]
    public async Task A_breach_that_lasts_is_told_once_and_so_is_its_end()
    {
        var alert = AlertWorld.Alert();
        await GiveAsync("false", "false", "true");
        (await LookAsync(alert)).ShouldBe(["fired"]);
        (await LookAsync(alert)).ShouldBeEmpty();
        await GiveAsync("true");

        (await LookAsync(alert)).ShouldBe(["recovered"]);

        var keys = _world.Sent.Select(notice => notice.Key).ToList();
        keys.ShouldBe([keys[0], keys[0] + "-recovered"]);
        keys[0].ShouldMatch(@"\Aalert_[0-9a-f]{32}\z");
        var state = (await _world.StateAsync(alert)).ShouldNotBeNull();
        (state.Condition, state.Value, state.Count, state.Breach).ShouldBe((AlertCondition.Ok, 0.5, 4, null));
    }

    [Fact]
    public async Task Too_few_verdicts_say_nothing_either_way()
    {
        var alert = AlertWorld.Alert(more: "at_least: 3");
        await GiveAsync("false", "false");
        (await LookAsync(alert)).ShouldBeEmpty();
        await GiveAsync("false");
        (await LookAsync(alert)).ShouldBe(["fired"]);

        _time.Advance(TimeSpan.FromHours(1));
        await GiveAsync("true", "true");
        (await LookAsync(alert)).ShouldBeEmpty("two that are right do not say that it is over");
        await GiveAsync("true");
        (await LookAsync(alert)).ShouldBe(["recovered"]);
    }

    [Fact]
    public async Task What_fires_is_over_only_when_it_is_back_at_the_recovery()
    {
        var alert = AlertWorld.Alert(bound: "above: 0.5\nrecover: 0.25");
        await GiveAsync("false", "false", "true");
        (await LookAsync(alert)).ShouldBe(["fired"]);
        await GiveAsync("true", "true", "true");
        (await LookAsync(alert)).ShouldBeEmpty("a third is below the ceiling, and not recovered");
        await GiveAsync("true", "true");
        (await LookAsync(alert)).ShouldBe(["recovered"]);
        await GiveAsync("false", "false");
        (await LookAsync(alert)).ShouldBeEmpty("0.4 would not fire");
    }

    [Fact]
    public async Task Verdicts_leave_with_the_window_and_late_ones_come_into_it()
    {
        var alert = AlertWorld.Alert(bound: "above: 0", more: "at_least: 1");
        await GiveAsync("true");
        (await LookAsync(alert)).ShouldBeEmpty();

        _time.Advance(TimeSpan.FromMinutes(50));
        await _world.GiveAsync("false", ago: TimeSpan.FromMinutes(59));
        await _world.GiveAsync("false", ago: TimeSpan.FromMinutes(61));
        (await LookAsync(alert)).ShouldBe(["fired"]);
        Found().GetProperty("contributing_count").GetInt32().ShouldBe(1, "one came late, the other too late");
        await GiveAsync("true");
        _time.Advance(TimeSpan.FromMinutes(1));
        (await LookAsync(alert)).ShouldBe(["recovered"]);
    }

    [Fact]
    public async Task Nothing_for_a_whole_window_is_a_breach_where_that_is_asked_for()
    {
        var alert = AlertWorld.Alert(more: "at_least: 2\nno_data: alert");
        (await LookAsync(alert)).ShouldBeEmpty("nobody has looked for a whole window");
        _time.Advance(TimeSpan.FromMinutes(58));
        (await LookAsync(alert)).ShouldBeEmpty();
        _time.Advance(TimeSpan.FromMinutes(1));
        (await LookAsync(alert)).ShouldBe(["fired"]);
        (Found().GetProperty("cause").GetString(), Found().GetProperty("contributing").GetArrayLength()).ShouldBe(("no_data", 0));

        await GiveAsync("false");
        (await LookAsync(alert)).ShouldBe(["recovered"], "there is something again, though too little");
        await GiveAsync("false");
        (await LookAsync(alert)).ShouldBe(["fired"]);
        _time.Advance(TimeSpan.FromHours(2));
        (await LookAsync(alert)).ShouldBeEmpty("nothing that comes any more is no recovery");
        await GiveAsync("true", "true");
        (await LookAsync(alert)).ShouldBe(["recovered"]);
    }

    [Fact]
    public async Task What_breaks_the_bound_after_there_was_nothing_is_another_breach()
    {
        var alert = AlertWorld.Alert(more: "at_least: 1\nno_data: alert");
        await LookAsync(alert);
        _time.Advance(TimeSpan.FromHours(1));
        (await LookAsync(alert)).ShouldBe(["fired"]);
        await GiveAsync("false");

        (await LookAsync(alert)).ShouldBe(["recovered", "fired"]);

        _world.Sent.Select(notice => notice.Key).Distinct().Count().ShouldBe(3);
    }

    [Theory]
    [InlineData("measure: rate\njudgment: false", "above: 0.3", 1 / 3d, 3, "false")]
    [InlineData("measure: rate\njudgment: true", "below: 0.5", 1 / 3d, 3, "false", "3")]
    [InlineData("measure: rate\njudgment: 3.0", "above: 0.3", 1 / 3d, 3, "3")]
    [InlineData("measure: errors", "above: 0.1", 0.25, 4, "null")]
    [InlineData("measure: errors", "below: 0.5", 0.25, 4, "false", "3", "true")]
    [InlineData("measure: mean", "above: 2", 3d, 1, "3")]
    [InlineData("measure: latency_mean", "above: 2s", 2.5, 4, "3", "null")]
    [InlineData("measure: latency_p95", "above: 3s", 4d, 4, "null")]
    public async Task Each_measure_has_its_value_its_count_and_what_is_against_it(
        string measure, string bound, double value, long count, params string[] against)
    {
        var ids = new Dictionary<string, string>();
        var took = 0;
        foreach (var judgment in new[] { "true", "false", "3", "null" })
            ids[judgment] = await _world.GiveAsync(
                judgment == "null" ? null : judgment, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(++took));

        var found = await MeasureAsync(AlertWorld.Alert(measure, bound, "at_least: 1"));

        found.Value.ShouldNotBeNull().ShouldBe(value, 1e-9);
        found.Count.ShouldBe(count);
        found.Contributions.Select(each => each.Id).ShouldBe(against.Select(each => ids[each]), ignoreOrder: true);
        found.Against.ShouldBe(against.Length);
    }

    [Fact]
    public async Task Costs_add_up_and_nothing_costs_nothing()
    {
        var alert = AlertWorld.Alert("measure: cost", "above: 0.3", "");
        (await MeasureAsync(alert)).Value.ShouldBe(0);
        var first = await _world.GiveAsync("true", TimeSpan.FromMinutes(1), details: """{"cost":0.1}""");
        var second = await _world.GiveAsync(null, TimeSpan.FromMinutes(2), details: """{"cost":0.25,"model":"m"}""");
        await _world.GiveAsync("true", TimeSpan.FromMinutes(1), details: """{"cost":0}""");
        await _world.GiveAsync("true", TimeSpan.FromMinutes(1));

        var found = await MeasureAsync(alert);

        (found.Value, found.Count).ShouldBe((0.35, 3));
        found.Contributions.Select(each => each.Id).ShouldBe([first, second]);
        (await LookAsync(alert)).ShouldBe(["fired"]);
        _time.Advance(TimeSpan.FromHours(1));
        (await LookAsync(alert)).ShouldBe(["recovered"], "what was spent is not spent again");
    }

    [Fact]
    public async Task A_list_of_options_counts_for_each_that_is_in_it()
    {
        await GiveAsync("""["curt", "wrong"]""", """["wrong"]""", "[]", "\"curt\"");
        _time.Advance(TimeSpan.FromSeconds(1));
        (await MeasureAsync(AlertWorld.Alert("measure: rate\njudgment: curt"))).Value.ShouldBe(0.5);
    }

    [Fact]
    public async Task What_stands_for_a_verdict_from_outside_is_none_and_that_verdict_is()
    {
        await _world.GiveAsync(null, TimeSpan.FromMinutes(1), details: """{"later":true}""");
        Log[] posted =
        [
            Posted("posted-1", "false", 10),
            Posted("posted-2", "true", 20),
            Posted("too-early", "false", 61),
        ];
        await _store.WriteAsync(posted, TestContext.Current.CancellationToken);

        var found = await MeasureAsync(AlertWorld.Alert());

        (found.Value, found.Count).ShouldBe((0.5, 2));
        found.Contributions.ShouldBe([new Contribution("posted-1", "log-a")]);

        Log Posted(string id, string judgment, int minutesAgo) => Some.Log(
            id,
            kind: LogKind.Evaluator,
            fields:
            [
                (LogFields.CreatedAt, Timestamps.ToJson(Timestamps.ToMicroseconds(Some.Time.AddMinutes(-minutesAgo))).ToString()),
                (LogFields.JudgedId, "\"log-a\""),
                (LogFields.Judgment, judgment),
            ]) with { Resolution = new(AlertWorld.EvaluatorId, null, VersionSource.Inline, null) };
    }

    [Fact]
    public async Task Of_many_the_latest_are_named_and_all_are_counted()
    {
        string? first = null, last = null;
        for (var number = 0; number < Measurement.MostContributions + 5; number++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            last = await _world.GiveAsync("false");
            first ??= last;
        }

        await LookAsync(AlertWorld.Alert());

        var named = Found().GetProperty("contributing").EnumerateArray().Select(each => each.GetProperty("id").GetString()).ToList();
        (named.Count, Found().GetProperty("contributing_count").GetInt32()).ShouldBe((1_000, 1_005));
        named[0].ShouldBe(last);
        named.ShouldNotContain(first);
    }

    [Fact]
    public async Task What_nobody_takes_does_not_pile_up_without_end()
    {
        var alert = AlertWorld.Alert(bound: "above: 0", more: "at_least: 1");
        _world.Answer = () => "It answered 500.";
        for (var round = 0; round < AlertLook.MostNotices; round++)
        {
            await GiveAsync("false");
            (await LookAsync(alert)).ShouldBe(["fired"]);
            _time.Advance(TimeSpan.FromHours(1));
            await GiveAsync("true");
            (await LookAsync(alert)).ShouldBe(["recovered"]);
        }

        var waiting = (await _world.StateAsync(alert)).ShouldNotBeNull().Notices;
        waiting.Length.ShouldBe(AlertLook.MostNotices);
        waiting[^1].Key.ShouldEndWith("-recovered");
    }

    [Fact]
    public async Task A_clock_that_was_set_back_does_not_leave_an_alert_alone()
    {
        var alert = AlertWorld.Alert();
        await LookAsync(alert);
        var other = new AlertWorld(StoreUnderTest.Of(_store), new FakeTimeProvider(Some.Time.AddHours(-5)));
        (await other.LookAsync(alert)).ShouldNotBeNull();
        (await other.LookAsync(alert)).ShouldBeNull("it was looked at just now");
    }

    private async Task GiveAsync(params string[] judgments)
    {
        foreach (var judgment in judgments)
            await _world.GiveAsync(judgment);
    }

    private Task<Measurement> MeasureAsync(Alert alert) =>
        _world.Gauge.MeasureAsync(alert, _time.GetUtcNow(), isFiring: false, TestContext.Current.CancellationToken);

    /// <summary>The next look, half a minute later, and what came to pass.</summary>
    private async Task<IReadOnlyList<string>> LookAsync(Alert alert)
    {
        _time.Advance(TimeSpan.FromSeconds(30));
        var change = (await _world.LookAsync(alert)).ShouldNotBeNull();
        return [.. change.Events.Select(each => each.IsRecovery ? "recovered" : "fired")];
    }

    /// <summary>What was told last.</summary>
    private System.Text.Json.JsonElement Found() =>
        System.Text.Json.JsonElement.Parse(Encoding.UTF8.GetString(_world.Sent.Last().Body.Utf8.Span));
}
