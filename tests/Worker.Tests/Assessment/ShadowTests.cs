using Worker.Assessment;
using Worker.Evaluation;
using Worker.Runs;
using Worker.Storage;
using Worker.Tests.Evaluation;
using Evaluator = Worker.Evaluation.Evaluator;

namespace Worker.Tests.Assessment;

public sealed class ShadowTests
{
    private static readonly EvaluatorAnswer Yes = new(Some.Json("true")) { InputTokens = 10, OutputTokens = 2, Cost = 0.001m };

    private readonly InMemoryStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_share_of_the_finished_traces_is_judged_the_same_each_time_and_nothing_is_written()
    {
        await StoreAsync(40);
        await _store.WriteAsync([Some.FlowLog("unfinished")], Token);
        var evaluator = Rules.Evaluator("count: { of: logs }", returns: "number");

        var (half, again, all) = (await RunAsync(evaluator, share: 0.5), await RunAsync(evaluator, share: 0.5), await RunAsync(evaluator));

        var expected = Enumerable.Range(0, 40).Count(number => Sampling.PointOf($"f{number:00}") < 0.5);
        (half.Logs, again.Logs, all.Logs).ShouldBe((expected, expected, 40));
        (all.Spread.Count, all.Spread.Mean, all.Spread.Max).ShouldBe((40, 2, 2));
        (all.Stopped, all.IsInterrupted).ShouldBe((null, false));
        all.Latencies.Count.ShouldBe(40);
        _store.StoredVerdicts.ShouldBeEmpty();
        (await ((IRunStore)_store).DecisionsAsync("f00", Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_comes_of_each_call_is_counted_with_what_it_cost()
    {
        await StoreAsync(6);
        var evaluator = Rules.Called(
            (input, _) => input.LogId switch
            {
                "f00" => Task.FromResult(new EvaluatorAnswer(null)),
                "f01" => Task.FromResult(new EvaluatorAnswer(null) { Error = "No." }),
                "f02" => throw new TransientCallException("Busy."),
                "f03" => Task.FromResult(new EvaluatorAnswer(null) { IsLater = true }),
                _ => Task.FromResult(Yes),
            },
            limits: CallLimits.Default with { Retries = 0, Concurrency = 1 });

        var result = await RunAsync(evaluator);

        (result.Spread.Count, result.Spread.Counts["true"]).ShouldBe((2, 2));
        (result.Abstained, result.Failed, result.Unanswered, result.Later).ShouldBe((1, 1, 1, 1));
        (result.Tokens, result.Cost).ShouldBe((24, 0.002m));
        result.Errors.ShouldBe(new Dictionary<string, long> { ["No."] = 1, ["Busy."] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Budgets_hold_as_for_a_worker_and_end_it_with_what_is_known_so_far()
    {
        await StoreAsync(10);
        var evaluator = Rules.Called(
            (_, _) => Task.FromResult(Yes),
            limits: CallLimits.Default with { Concurrency = 1, Budget = new(Calls: 3, null, null) });

        var result = await RunAsync(evaluator);
        var again = await RunAsync(evaluator);

        (result.Logs, result.Spread.Count, again.Logs).ShouldBe((3, 3, 0));
        result.Stopped.ShouldNotBeNull().ShouldEndWith("3 calls, 36 tokens, 0.003 $ are spent or set aside.");
    }

    [Fact]
    public async Task One_that_is_paused_is_asked_no_more()
    {
        await StoreAsync(10);
        var asked = 0;
        var evaluator = Rules.Called(
            (_, _) => ++asked == 3 ? throw new EvaluatorPausedException("The key was refused.") : Task.FromResult(Yes),
            limits: CallLimits.Default with { Concurrency = 1 });

        var result = await RunAsync(evaluator);

        (asked, result.Logs, result.Stopped).ShouldBe((3, 2, "The key was refused."));
    }

    [Fact]
    public async Task Whoever_interrupts_it_gets_what_is_known_so_far()
    {
        await StoreAsync(10);
        using var interrupted = new CancellationTokenSource();
        var asked = 0;
        var evaluator = Rules.Called(
            async (_, token) =>
            {
                if (++asked == 4)
                {
                    await interrupted.CancelAsync();
                    await Task.Delay(Timeout.Infinite, token);
                }

                return Yes;
            },
            limits: CallLimits.Default with { Concurrency = 1 });

        var result = await RunAsync(evaluator, cancellation: interrupted.Token);

        (result.IsInterrupted, result.Logs, result.Spread.Count).ShouldBe((true, 3, 3));
    }

    [Fact]
    public async Task A_dry_run_asks_nobody_and_says_the_most_that_it_may_cost()
    {
        await StoreAsync(10);
        var evaluator = Rules.Called((_, _) => throw new InvalidOperationException("Asked."), most: new(100, 0.01m));

        var result = await RunAsync(evaluator, dryRun: true);

        (result.Logs, result.Tokens, result.Cost, result.Failed).ShouldBe((10, 1_000, 0.1m, 0));
        (await ((IBudgetStore)_store).ReadAsync($"{DateTimeOffset.UnixEpoch:yyyy-MM-dd}/all", Token)).ShouldBe(default);
    }

    [Fact]
    public async Task Its_judgments_are_held_beside_those_of_the_Version_in_the_files()
    {
        await StoreAsync(4);
        var current = Rules.Evaluator(path: "called");
        var candidate = Rules.Called((input, _) => Task.FromResult(input.LogId == "f01" ? Yes with { Judgment = Some.Json("false") } : Yes)) with
        {
            VersionId = "evv_candidate",
        };
        foreach (var log in new[] { "f00", "f01", "f02" })
            await VerdictAsync(log, current, "true");
        await VerdictAsync("f03", candidate, "false");

        var result = await RunAsync(candidate, catalog: current);

        (result.CurrentVersionId, result.Comparison.Pairs, result.Comparison.Differing).ShouldBe((current.VersionId, 3, 1));
        result.Comparison.Differences.ShouldBe([new("f01", 1, "false", "true")]);
    }

    [Fact]
    public async Task Only_what_it_is_attached_to_and_the_filter_names_is_judged_be_it_judged_yet_or_not()
    {
        await StoreAsync(2);
        await _store.WriteAsync([Some.Log("finished") with { HadOutput = true }, Some.Log("open")], Token);
        var tools = Rules.Evaluator(attach: "{ kind: tool, path: '**' }");

        (await RunAsync(tools)).Logs.ShouldBe(1, "the others have had no output");
        (await RunAsync(Rules.Evaluator() with { Attachments = [] })).Logs.ShouldBe(2, "attached to nothing, it judges traces");
        (await RunAsync(Rules.Evaluator(attach: "{ kind: flow, path: 'support/**' }"))).Logs.ShouldBe(0);
        (await RunAsync(Rules.Evaluator(), until: Some.Time)).Logs.ShouldBe(0);
        (await RunAsync(Rules.Evaluator(), until: Some.At(1))).Logs.ShouldBe(2);
    }

    [Fact]
    public async Task What_when_leaves_out_is_counted_apart()
    {
        await StoreAsync(3);
        var evaluator = Rules.Evaluator() with { When = new("never", () => new Fold<bool>(_ => { }, () => false)) };

        var result = await RunAsync(evaluator);

        (result.Logs, result.Filtered, result.Spread.Count).ShouldBe((3, 3, 0));
    }

    private async Task<ShadowResult> RunAsync(
        Evaluator evaluator,
        double share = 1,
        bool dryRun = false,
        DateTimeOffset? until = null,
        Evaluator? catalog = null,
        CancellationToken? cancellation = null)
    {
        var time = TimeProvider.System;
        var trial = new EvaluatorTrial(new(Rules.Reader, "."), new(_store, _store), Runners.InputOf(_store), new LargeTraces(time), time);
        var shadow = new Shadow(
            _store, _store, _store, _store, new([.. catalog is null ? [] : new[] { catalog }]), trial, Runners.SpendingOf(_store, time), time);
        var query = new ShadowQuery(evaluator, share, null, null, until, null, dryRun, 20);
        var result = shadow.Begin(query);
        await shadow.RunAsync(query, result, _ => { }, cancellation ?? Token);
        return result;
    }

    private async Task StoreAsync(int flows)
    {
        IRunStore runs = _store;
        for (var i = 0; i < flows; i++)
        {
            var flow = $"f{i:00}";
            await _store.WriteAsync([Some.FlowLog(flow, complete: true), Some.Log(flow + "-tool", flow)], Token);
            await runs.WakeAsync([new Wake(flow, true)], Some.Timers, Some.Time, Token);
            var run = (await runs.ReadAsync(flow, Token))!;
            await runs.SaveAsync(run with { Revision = 1, State = RunState.Judged, Due = null }, [], Token);
        }
    }

    private Task VerdictAsync(string logId, Evaluator evaluator, string judgment) => ((IEvaluatorLogStore)_store).AddAsync(
        [Some.EvaluatorLog(logId, 1, evaluator.Id, judgment) with { EvaluatorVersionId = evaluator.VersionId, Id = $"{logId}/{evaluator.VersionId}" }], Token);
}
