using Worker.Runs;
using Worker.Storage;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="IVerdictListing"/> promises.</summary>
public abstract class VerdictListingContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    [Fact]
    public async Task Verdicts_are_read_by_their_end_the_latest_first()
    {
        var store = await OpenAsync();
        await AddAsync(store, Given("a", 10), Given("b", 20), Given("c", 30), Given("d", 20), Given("e", 9));
        await AddAsync(store, Given("other", 15) with { EvaluatorId = "ev-2" });

        var found = await ReadAsync(store, 10, 30);

        found.Select(line => line.LogId).ShouldBe(["d", "b", "a"]);
        found.ShouldAllBe(line => line.Id == $"verdict-{line.LogId}-1-ev-1");
        (await ReadAsync(store, 30, 31)).Select(line => line.LogId).ShouldBe(["c"]);
        (await ReadAsync(store, 31, 99)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_can_be_measured_of_a_verdict_comes_back()
    {
        var store = await OpenAsync();
        var judged = Given("judged", 1) with { Judgment = Some.Json("\"good\""), Details = Some.Json("""{"cost":0.000125,"model":"m","input_tokens":7,"output_tokens":5}""") };
        var failed = Given("failed", 2) with { Judgment = null, Error = "It broke.", Details = null };
        var later = Given("later", 3) with { Judgment = null, Details = Some.Json("""{"later":true}""") };
        var number = Given("number", 4) with { Judgment = Some.Json("0.5"), Details = Some.Json("""{"cost":"dear","input_tokens":3}""") };
        await AddAsync(store, judged, failed, later, number);

        (await ReadAsync(store, 0, 10)).ShouldBe(
        [
            Line(number) with { Judgment = Some.Json("0.5"), Tokens = 3 },
            Line(later) with { IsLater = true },
            Line(failed) with { IsFailed = true },
            Line(judged) with { Judgment = Some.Json("\"good\""), Cost = 0.000125m, Tokens = 12 },
        ]);
    }

    [Fact]
    public async Task However_many_there_are_each_comes_once()
    {
        var store = await OpenAsync();
        var verdicts = Enumerable.Range(0, 2_300).Select(number => Given($"log-{number:0000}", number / 400)).ToArray();
        await AddAsync(store, verdicts);

        var found = await ReadAsync(store, 0, 100);

        found.Select(line => line.LogId).ShouldBe(verdicts.Reverse().Select(verdict => verdict.LogId));
    }

    [Fact]
    public async Task Logs_that_wait_for_an_evaluator_are_counted_until_it_has_answered()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "a", "b", "c", "d");
        await DecideAsync(store, "a", Some.Decision("a", outcome: Outcome.Paused));
        await DecideAsync(
            store, "b", Some.Decision("b", outcome: Outcome.Paused), Some.Decision("b", evaluator: "ev-2", outcome: Outcome.Paused));
        await DecideAsync(store, "c", Some.Decision("c", outcome: Outcome.OverBudget));
        await DecideAsync(store, "d", Some.Decision("d"));

        var paused = await store.Given.PutOffAsync(Outcome.Paused, "ev-1", 10, Cancellation);
        paused.Count.ShouldBe(2);
        paused.LogIds.ShouldBe(["a", "b"], ignoreOrder: true);
        (await store.Given.PutOffAsync(Outcome.Paused, null, 1, Cancellation)).ShouldSatisfyAllConditions(
            any => any.Count.ShouldBe(3), any => any.LogIds.ShouldHaveSingleItem());
        (await store.Given.PutOffAsync(Outcome.OverBudget, null, 10, Cancellation)).LogIds.ShouldBe(["c"]);

        await DecideAsync(store, "a", Some.Decision("a"));
        await DecideAsync(store, "c", Some.Decision("c", outcome: Outcome.Failed));
        (await store.Given.PutOffAsync(Outcome.Paused, "ev-1", 10, Cancellation)).LogIds.ShouldBe(["b"]);
        (await store.Given.PutOffAsync(Outcome.OverBudget, null, 10, Cancellation)).Count.ShouldBe(0);
    }

    private static async Task DecideAsync(StoreUnderTest store, string logId, params Decision[] decisions)
    {
        var run = (await store.Runs.ReadAsync(logId, Cancellation)).ShouldNotBeNull();
        (await store.Runs.SaveAsync(run, decisions, Cancellation)).ShouldBeTrue();
    }

    private static EvaluatorLog Given(string logId, double end) =>
        Some.EvaluatorLog(logId) with { StartTime = Some.At(end - 5), EndTime = Some.At(end) };

    private static VerdictLine Line(EvaluatorLog verdict) =>
        new(verdict.Id, verdict.LogId, null, false, false, null, verdict.StartTime, verdict.EndTime)
        {
            VersionId = verdict.EvaluatorVersionId,
        };

    private static async Task AddAsync(StoreUnderTest store, params EvaluatorLog[] verdicts)
    {
        await WakeAsync(store, [.. verdicts.Select(verdict => verdict.LogId)]);
        await store.Verdicts.AddAsync(verdicts, Cancellation);
    }

    private static Task WakeAsync(StoreUnderTest store, params string[] logIds) => store.Runs.WakeAsync(
        [.. logIds.Select(id => new Wake(id, Complete: true))], Some.Timers, Some.Time, Cancellation);

    private static async Task<List<VerdictLine>> ReadAsync(StoreUnderTest store, double from, double until) =>
        await store.Given.ReadAsync("ev-1", Some.At(from), Some.At(until), Cancellation)
            .SelectMany(page => page.ToAsyncEnumerable())
            .ToListAsync(Cancellation);
}
