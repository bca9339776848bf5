using Worker.Runs;
using Worker.Storage;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="Storage.IEvaluatorLogStore"/> promises.</summary>
public abstract class EvaluatorLogStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    [Fact]
    public async Task A_verdict_is_read_whole_and_outlives_the_worker()
    {
        var verdict = Some.EvaluatorLog("flow", judgment: "[\"a\",\"b\"]", error: "It said: \0 and \"…\"") with
        {
            Stdout = "line\nline",
            Spec = Some.Json("""{"evaluator_type":"rule","$x":{"":1.0}}"""),
            EndTime = Some.At(7),
        };
        await (await OpenWithRunsAsync("flow")).Verdicts.AddAsync([verdict], Cancellation);

        (await (await ReopenAsync()).Verdicts.ReadAsync(["flow"], Cancellation)).ShouldBe([verdict]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("0.30000000000000004")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    public async Task Any_judgment_is_kept(string? judgment)
    {
        var store = await OpenWithRunsAsync("flow");

        await store.Verdicts.AddAsync([Some.EvaluatorLog("flow", judgment: judgment)], Cancellation);

        (await store.Verdicts.ReadAsync(["flow"], Cancellation)).Single().Judgment?.ToString().ShouldBe(judgment);
    }

    [Fact]
    public async Task Verdicts_that_are_added_and_read_at_once_are_each_of_their_own_log()
    {
        var ids = Enumerable.Range(0, 50).Select(number => $"flow-{number}").ToArray();
        var store = await OpenWithRunsAsync([.. ids.Where((_, number) => number != 17)]);

        await Task.WhenAll(ids.Select(id => Task.Run(() => store.Verdicts.AddAsync([Some.EvaluatorLog(id), Some.EvaluatorLog(id, evaluator: "ev-2")], Cancellation), Cancellation)));
        var read = await Task.WhenAll(
            ids.Select(id => Task.Run(() => store.Verdicts.ReadAsync([id], Cancellation), Cancellation)));

        foreach (var (id, verdicts) in ids.Zip(read))
            verdicts.ShouldBe(id == "flow-17" ? [] : [Some.EvaluatorLog(id), Some.EvaluatorLog(id, evaluator: "ev-2")], id);
    }

    [Fact]
    public async Task The_first_verdict_stands()
    {
        var store = await OpenWithRunsAsync("flow");
        var first = Some.EvaluatorLog("flow", judgment: "true");

        await store.Verdicts.AddAsync([first], Cancellation);
        await store.Verdicts.AddAsync(
            [first with { Judgment = Some.Json("false") }, Some.EvaluatorLog("flow", evaluator: "ev-2")], Cancellation);

        var stored = await store.Verdicts.ReadAsync(["flow"], Cancellation);
        stored.ShouldBe([first, Some.EvaluatorLog("flow", evaluator: "ev-2")]);
    }

    [Fact]
    public async Task Of_two_workers_that_judge_at_once_one_verdict_stands()
    {
        var one = await OpenWithRunsAsync("flow");
        var two = await OpenAsync();
        for (var revision = 1; revision <= 20; revision++)
        {
            var verdict = Some.EvaluatorLog("flow", revision);
            await Task.WhenAll(
                Task.Run(
                    () => one.Verdicts.AddAsync([verdict with { Judgment = Some.Json("1") }], Cancellation),
                    Cancellation),
                Task.Run(
                    () => two.Verdicts.AddAsync([verdict with { Judgment = Some.Json("2") }], Cancellation),
                    Cancellation));
        }

        var stored = await one.Verdicts.ReadAsync(["flow"], Cancellation);
        stored.Select(verdict => verdict.Revision).ShouldBe(Enumerable.Range(1, 20));
        stored.ShouldBe(await two.Verdicts.ReadAsync(["flow"], Cancellation));
    }

    [Fact]
    public async Task A_verdict_on_a_log_without_a_run_is_dropped()
    {
        var store = await OpenWithRunsAsync("flow", "gone");
        await store.Runs.DropAsync(["gone"], Cancellation);

        await store.Verdicts.AddAsync(
            [Some.EvaluatorLog("gone"), Some.EvaluatorLog("flow"), Some.EvaluatorLog("never there")], Cancellation);

        (await store.Verdicts.ReadAsync(["gone", "flow", "never there"], Cancellation)).ShouldBe(
            [Some.EvaluatorLog("flow")]);
    }

    [Fact]
    public async Task Verdicts_are_read_by_log_revision_and_evaluator()
    {
        var store = await OpenWithRunsAsync("a", "b", "c");
        EvaluatorLog[] ordered =
        [
            Some.EvaluatorLog("a", 1, "ev-1"),
            Some.EvaluatorLog("a", 1, "ev-2"),
            Some.EvaluatorLog("a", 2, "ev-1"),
            Some.EvaluatorLog("a", 10, "ev-1"),
            Some.EvaluatorLog("b", 1, "ev-1"),
        ];

        await store.Verdicts.AddAsync([.. ordered.Reverse(), Some.EvaluatorLog("c")], Cancellation);

        (await store.Verdicts.ReadAsync(["b", "a", "a"], Cancellation)).ShouldBe(ordered);
        (await store.Verdicts.ReadAsync([], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_log_with_verdicts_is_gone_through_once_in_order()
    {
        var ids = Enumerable.Range(0, 1_100).Select(number => $"flow-{number}").Append("\ue000").Append("\U00010000").ToArray();
        var store = await OpenWithRunsAsync(ids);
        await store.Verdicts.AddAsync(
            [.. ids.SelectMany(id => new[] { Some.EvaluatorLog(id), Some.EvaluatorLog(id, evaluator: "ev-2") })],
            Cancellation);

        (await store.Verdicts.LogsWithVerdictsAsync(Cancellation).ToListAsync(Cancellation)).ShouldBe(
            ids.Order(Utf8Order.Instance));
    }

    private async Task<StoreUnderTest> OpenWithRunsAsync(params string[] ids)
    {
        var store = await OpenAsync();
        await store.Runs.WakeAsync(
            [.. ids.Select(id => new Wake(id, Complete: true))], Some.Timers, Some.Time, Cancellation);
        return store;
    }
}
