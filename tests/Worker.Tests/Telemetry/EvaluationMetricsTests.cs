using Microsoft.Extensions.Options;
using Worker.Evaluation;
using Worker.Runs;
using Worker.Storage;
using Worker.Tests.Evaluation;
using JsonValue = Worker.Traces.JsonValue;

namespace Worker.Tests.Telemetry;

public sealed class EvaluationMetricsTests : IDisposable
{
    private readonly TestMeters _meters = new();
    private readonly SeenMetrics _seen;
    private readonly SettableClock _time = new();
    private readonly EvaluationMetrics _metrics;

    public EvaluationMetricsTests()
    {
        _seen = new(_meters);
        _metrics = new(_meters, _time);
    }

    public void Dispose()
    {
        _seen.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public void A_run_tells_how_long_it_settled_and_was_judged_and_by_whom()
    {
        var before = new Run { LogId = "log", OpenedAt = Some.Time };
        var run = before with
        {
            State = RunState.Judged, Revision = 1, BegunAt = Some.Time.AddSeconds(1), JudgedAt = Some.Time.AddSeconds(3),
        };
        var change = new RunChange(run)
        {
            Begins = true,
            Decisions =
            [
                new("log", 1, "ev_1", "evv_1", Outcome.Ran, null, Some.Time),
                new("log", 1, "ev_2", "evv_2", Outcome.SampledOut, null, Some.Time),
                new("log", 1, "ev_3", "evv_3", Outcome.Waiting, null, Some.Time),
            ],
        };

        _metrics.Saved(before, run, change, decision => decision.EvaluatorId == "ev_1" ? "tone" : null);
        _metrics.Saved(run, run, new(run), _ => null);

        _seen.Of("worker.run.settle.duration").ShouldBe(1);
        _seen.Of("worker.run.judge.duration").ShouldBe(1);
        _seen.Of("worker.evaluations", "tone", "ran").ShouldBe(1);
        _seen.Of("worker.evaluations", "unknown", "sampled_out").ShouldBe(1);
        _seen.Of("worker.evaluations", "unknown", "waiting").ShouldBeNull();
    }

    [Fact]
    public void An_answer_tells_what_it_cost_and_a_pause_lasts_until_it_is_over()
    {
        var evaluator = Rules.Called((_, _) => throw new InvalidOperationException());
        _metrics.Called(
            evaluator,
            new EvaluatorAnswer(JsonValue.Parse("true")) { InputTokens = 7, OutputTokens = 5, Cost = 0.5m },
            TimeSpan.FromSeconds(2));
        _metrics.Asked(evaluator, new Deferral(Outcome.Paused, "No key.", _time.GetUtcNow().AddMinutes(1), IsTry: false));

        _seen.Of("worker.evaluator.call.duration", evaluator.Path, "answered").ShouldBe(1);
        _seen.Of("worker.evaluator.tokens", evaluator.Path, "input").ShouldBe(7);
        _seen.Of("worker.evaluator.tokens", evaluator.Path, "output").ShouldBe(5);
        _seen.Of("worker.evaluator.cost", evaluator.Path).ShouldBe(0.5);
        _seen.Of("worker.evaluator.deferrals", evaluator.Path, "paused").ShouldBe(1);
        _seen.Of("worker.evaluator.paused", evaluator.Path).ShouldBe(1);
    }

    [Fact]
    public async Task The_watch_sees_what_is_due_and_what_is_left_of_budgets()
    {
        var store = new InMemoryStore();
        var evaluator = Rules.Called((_, _) => throw new InvalidOperationException(), limits: CallLimits.Default with { Budget = new(10, null, null) });
        await store.WakeAsync([new Wake("flow", Complete: true)], Some.Timers, Some.Time, TestContext.Current.CancellationToken);
        await ((IBudgetStore)store).AddAsync(Spending.WindowOf(Some.Time.Date, evaluator), new(4, 0, 0), TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(10.5));
        var budgets = new BudgetsLeft(
            store, new EvaluatorCatalog([evaluator]), Options.Create(new BudgetOptions { Cost = 1 }));
        using var watch = new BacklogWatch(store, budgets, _metrics, _time);

        await watch.LookAsync(TestContext.Current.CancellationToken);

        _seen.Of("worker.runs.due").ShouldBe(1);
        _seen.Of("worker.runs.due.age").ShouldBe(10);
        _seen.Of("worker.budget.left", evaluator.Path).ShouldBe(0.6);
        _seen.Of("worker.budget.left", "all").ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(5, 900, 0.1)]
    [InlineData(11, 0, 0)]
    public void What_is_left_of_a_budget_is_of_what_is_nearest_to_its_end(long calls, long tokens, double left) =>
        new Budget(10, 1_000, null).LeftOf(new(calls, tokens, 0)).ShouldBe(left, 1e-9);
}
