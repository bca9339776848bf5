using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Worker.Alerts;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Testing.Contracts;

/// <summary>Alerts over a store that several workers share: one breach is one message, whoever sends it.</summary>
public abstract class AlertContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    private readonly FakeTimeProvider _time = new(Some.Time);

    [Fact]
    public async Task Three_workers_that_look_at_once_tell_of_a_breach_once()
    {
        var alert = AlertWorld.Alert();
        var workers = await WorkersAsync(3);
        var wrong = new[] { await workers[0].GiveAsync("false"), await workers[0].GiveAsync("false") };
        await workers[0].GiveAsync("true");

        for (var round = 0; round < 4; round++)
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            await Task.WhenAll(workers.Select(worker => Task.Run(() => worker.LookAsync(alert))));
        }

        var sent = workers[0].Sent.ShouldHaveSingleItem();
        var body = JsonNode.Parse(sent.Body.Utf8.Span)!;
        ((string?)body["event"]).ShouldBe("fired");
        ((string?)body["breach_id"]).ShouldBe(sent.Key);
        body["contributing"]!.AsArray().Select(each => (string)each!["id"]!).ShouldBe(wrong, ignoreOrder: true);
        ((int)body["contributing_count"]!).ShouldBe(2);
        ((int)body["count"]!).ShouldBe(3);
        (await workers[1].StateAsync(alert)).ShouldNotBeNull().Notices.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_killed_worker_had_to_tell_another_tells()
    {
        var alert = AlertWorld.Alert();
        var workers = await WorkersAsync(2);
        await workers[0].GiveAsync("false");
        await workers[0].GiveAsync("false");
        _time.Advance(TimeSpan.FromSeconds(30));
        var fired = (await workers[0].LookAndDieAsync(alert)).ShouldNotBeNull().Events.ShouldHaveSingleItem();

        await workers[1].LookAsync(alert);

        workers[1].Sent.ShouldHaveSingleItem().Key.ShouldBe(fired.Key);
    }

    [Fact]
    public async Task A_worker_that_is_killed_while_it_sends_has_it_sent_again_under_the_same_key()
    {
        var alert = AlertWorld.Alert();
        var workers = await WorkersAsync(2);
        await workers[0].GiveAsync("false");
        await workers[0].GiveAsync("false");
        _time.Advance(TimeSpan.FromSeconds(30));
        AlertNotice? begun = null;
        workers[0].Answer = () => throw new InvalidOperationException("killed");
        await Should.ThrowAsync<InvalidOperationException>(() => workers[0].LookAsync(alert));
        begun = (await workers[0].StateAsync(alert)).ShouldNotBeNull().Notices.ShouldHaveSingleItem();

        await workers[1].LookAsync(alert);
        workers[1].Sent.ShouldBeEmpty("the other may still be at it");
        _time.Advance(TimeSpan.FromMinutes(1));
        await workers[1].LookAsync(alert);

        var sent = workers[1].Sent.ShouldHaveSingleItem();
        (sent.Key, sent.Body).ShouldBe((begun.Key, begun.Body));
    }

    [Fact]
    public async Task What_is_not_taken_is_tried_again_after_growing_pauses_and_in_order()
    {
        var alert = AlertWorld.Alert(more: "at_least: 1");
        var worker = (await WorkersAsync(1))[0];
        var tries = new List<double>();
        worker.Answer = () =>
        {
            tries.Add((_time.GetUtcNow() - Some.Time).TotalSeconds);
            return "It answered 503.";
        };
        await worker.GiveAsync("false");
        _time.Advance(TimeSpan.FromSeconds(30));
        await worker.LookAsync(alert);
        for (var second = 0; second < 100; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await worker.SendAsync(alert);
        }

        tries.ShouldBe([30, 35, 45, 65, 105]);
        _time.Advance(TimeSpan.FromHours(1));
        (await worker.GiveAsync("true")).ShouldNotBeNull();
        _time.Advance(TimeSpan.FromSeconds(30));
        worker.Answer = () => null;
        await worker.LookAsync(alert);

        worker.Sent.Select(notice => (string?)JsonNode.Parse(notice.Body.Utf8.Span)!["event"]).ShouldBe(["fired", "recovered"]);
        worker.Sent.Select(notice => notice.Key).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Logs_that_wait_and_dead_letters_are_counted_as_they_are_now()
    {
        var store = await OpenAsync();
        var worker = new AlertWorld(store, _time);
        await worker.GiveAsync("true");
        await DecideAsync(Some.Decision("log-0", evaluator: AlertWorld.EvaluatorId, outcome: Outcome.Paused));
        await DecideAsync(Some.Decision("log-1", evaluator: "other", outcome: Outcome.Paused));
        await DecideAsync(Some.Decision("log-2", evaluator: AlertWorld.EvaluatorId, outcome: Outcome.OverBudget));
        await store.DeadLetters.AddAsync([Some.DeadLetter("dead-1"), Some.DeadLetter("dead-2")], Cancellation);

        await IsAsync(Of("paused"), "log-0");
        await IsAsync(Of("paused", evaluator: ""), "log-0", "log-1");
        await IsAsync(Of("over_budget"), "log-2");
        await IsAsync(Of("dead_letters", evaluator: ""), "dead-1", "dead-2");

        async Task DecideAsync(Decision decision)
        {
            await store.Runs.WakeAsync([new Wake(decision.LogId, true)], Some.Timers, Some.Time, Cancellation);
            var run = (await store.Runs.ReadAsync(decision.LogId, Cancellation)).ShouldNotBeNull();
            (await store.Runs.SaveAsync(run, [decision], Cancellation)).ShouldBeTrue();
        }

        Alert Of(string measure, string evaluator = "evaluator: " + AlertWorld.Evaluator) =>
            AlertWorld.Alert($"measure: {measure}", "above: 0", "", hasWindow: false, evaluator);

        async Task IsAsync(Alert alert, params string[] ids)
        {
            var found = await worker.Gauge.MeasureAsync(alert, _time.GetUtcNow(), isFiring: false, Cancellation);
            found.Value.ShouldBe(ids.Length);
            found.Contributions.Select(each => each.Id).ShouldBe(ids, ignoreOrder: true);
        }
    }

    private async Task<List<AlertWorld>> WorkersAsync(int count)
    {
        var workers = new List<AlertWorld>();
        for (var number = 0; number < count; number++)
            workers.Add(new(await OpenAsync(), _time) { Sent = workers.Count > 0 ? workers[0].Sent : [] });
        return workers;
    }
}
