using Microsoft.Extensions.Time.Testing;
using Worker.Evaluation;
using Worker.Runs;
using Worker.Storage;
using Evaluator = Worker.Evaluation.Evaluator;

namespace Worker.Tests.Evaluation;

public sealed class EvaluatorCallsTests
{
    private static readonly EvaluatorInput Input = new("evl_1", "f", 1, "called", "evv_1", "{}"u8.ToArray(), false);
    private static readonly EvaluatorAnswer Yes = new(Some.Json("true"));
    private static readonly CallLimits NoRetries = CallLimits.Default with { Retries = 0 };

    private readonly InMemoryStore _store = new();
    private readonly FakeTimeProvider _time = new(Some.Time);
    private readonly Queue<Func<Task<EvaluatorAnswer>>> _script = new();
    private int _asked;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_passing_failure_is_tried_again_at_once_as_often_as_the_file_says()
    {
        var calls = Calls(limits: CallLimits.Default with { Retries = 2 });
        Fail(new TransientCallException("busy"), times: 2);
        _script.Enqueue(() => Task.FromResult(Yes));
        _time.AutoAdvanceAmount = TimeSpan.FromSeconds(1);

        var asking = calls.AskAsync(Input, 0, Token);
        await AdvanceUntilAsync(asking);

        (await asking).Answer.ShouldBe(Yes);
        _asked.ShouldBe(3);
    }

    [Fact]
    public async Task A_failure_that_lasts_puts_the_verdict_off_longer_each_time_and_at_last_is_the_verdict()
    {
        var calls = Calls(NoRetries with { Tries = 3 });
        Fail(new TransientCallException("The service is busy."), times: 3);

        var first = (await calls.AskAsync(Input, 0, Token)).Deferral!;
        var second = (await calls.AskAsync(Input, 1, Token)).Deferral!;
        var last = (await calls.AskAsync(Input, 2, Token)).Answer!;

        (first.Outcome, first.IsTry).ShouldBe((Outcome.Waiting, true));
        first.Reason.ShouldStartWith("The service is busy. It is asked again at 2026-01-02 03:04:1");
        first.Until.ShouldBeInRange(Some.At(5_000), Some.At(5_500));
        second.Until.ShouldBeInRange(Some.At(10_000), Some.At(11_000));
        last.Error.ShouldBe("It was asked 3 times, and could not answer. The last time: The service is busy.");
    }

    [Fact]
    public async Task What_the_other_side_asks_for_is_waited_for()
    {
        Fail(new TransientCallException("Too many requests.", TimeSpan.FromMinutes(3)));

        (await Calls(CallLimits.Default).AskAsync(Input, 0, Token)).Deferral!.Until.ShouldBeGreaterThanOrEqualTo(
            Some.At(180_000));
        _asked.ShouldBe(1, "a wait that long is not sat out");
    }

    [Fact]
    public async Task Whatever_else_it_throws_is_the_verdicts_error()
    {
        Fail(new InvalidOperationException("It broke."));

        (await Calls(NoRetries).AskAsync(Input, 0, Token)).Answer!.Error.ShouldBe(
            "InvalidOperationException: It broke.");
    }

    [Fact]
    public async Task A_call_that_hangs_is_ended_and_counts_as_passing()
    {
        var calls = Calls(Hanging(NoRetries with { Timeout = TimeSpan.FromSeconds(7) }));

        var asking = calls.AskAsync(Input, 0, Token);
        _time.Advance(TimeSpan.FromSeconds(7));

        (await asking).Deferral!.Reason.ShouldStartWith("It gave no answer within 7 s.");
    }

    [Fact]
    public async Task One_that_can_judge_nothing_is_paused_and_probed_and_the_pause_grows()
    {
        var calls = Calls(NoRetries);
        Fail(new EvaluatorPausedException("The key was refused."), times: 2);
        _script.Enqueue(() => Task.FromResult(Yes));

        var first = (await calls.AskAsync(Input, 0, Token)).Deferral!;
        (first.Outcome, first.Until, first.IsTry).ShouldBe((Outcome.Paused, Some.At(60_000), false));
        first.Reason.ShouldBe("The key was refused. It is paused, and tried again at 2026-01-02 03:05:05Z.");
        (await calls.AskAsync(Input, 0, Token)).Deferral.ShouldBe(first, "nobody asks meanwhile");
        _asked.ShouldBe(1);

        _time.Advance(TimeSpan.FromMinutes(1));
        (await calls.AskAsync(Input, 0, Token)).Deferral!.Until.ShouldBe(Some.At(180_000));
        _time.Advance(TimeSpan.FromMinutes(2));
        (await calls.AskAsync(Input, 0, Token)).Answer.ShouldBe(Yes);
        calls.Paused.ShouldBeNull();
        _store.StoredAudit.Select(entry => (entry.Act, entry.Actor)).ShouldBe(
            [(AuditAct.EvaluatorPaused, "worker"), (AuditAct.EvaluatorResumed, "worker")], "once for as long as it lasts");
        _store.StoredAudit.ShouldAllBe(entry => !$"{entry}".Contains("key was refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_most_of_whose_calls_fail_is_left_alone_for_a_while()
    {
        var calls = Calls(NoRetries);
        Fail(new TransientCallException("down"), times: 8);
        for (var i = 0; i < 8; i++)
            await calls.AskAsync(Input, 0, Token);

        var left = (await calls.AskAsync(Input, 0, Token)).Deferral!;

        _asked.ShouldBe(8);
        (left.Outcome, left.IsTry).ShouldBe((Outcome.Waiting, false), "it was not asked");
        left.Reason.ShouldStartWith("Most of its calls failed, the last with: down");
        _script.Enqueue(() => Task.FromResult(Yes));
        _time.Advance(EvaluatorCalls.Break);
        (await calls.AskAsync(Input, 0, Token)).Answer.ShouldBe(Yes);
    }

    [Fact]
    public async Task No_more_is_spent_than_the_budget_and_what_was_not_spent_is_there_for_others()
    {
        var limits = NoRetries with { Budget = new Budget(null, 1_000, null) };
        var calls = new EvaluatorCalls(
            Rules.Called(
                (_, _) => Task.FromResult(Yes with { InputTokens = 300, OutputTokens = 100 }),
                limits: limits,
                most: new Expense(600, 0)),
            Runners.SpendingOf(_store, _time),
            _time);

        (await calls.AskAsync(Input, 0, Token)).Answer.ShouldNotBeNull();
        var over = (await calls.AskAsync(Input, 0, Token)).Answer;
        over.ShouldNotBeNull("400 are spent, and 600 are left");
        var refused = (await calls.AskAsync(Input, 0, Token)).Deferral!;

        (refused.Outcome, refused.Until, refused.IsTry).ShouldBe(
            (Outcome.OverBudget, new DateTimeOffset(2026, 1, 3, 0, 0, 0, TimeSpan.Zero), false));
        refused.Reason.ShouldBe(
            "Its budget of 1000 tokens a day has no room for it: 2 calls, 800 tokens, 0 $ are spent or set aside. " +
            "It is asked again at 2026-01-03 00:00:00Z.");
        _time.SetUtcNow(refused.Until);
        (await calls.AskAsync(Input, 0, Token)).Answer.ShouldNotBeNull("a new day");
    }

    [Fact]
    public async Task The_budget_of_all_holds_for_each_and_gives_back_what_it_refused()
    {
        var all = Runners.SpendingOf(_store, _time, new BudgetOptions { Cost = 1.00m });
        var evaluator = Rules.Called(
            (_, _) => Task.FromResult(Yes with { Cost = 0.75m }),
            limits: NoRetries with { Budget = new Budget(10, null, null) },
            most: new Expense(0, 0.75m));
        var calls = new EvaluatorCalls(evaluator, all, _time);

        (await calls.AskAsync(Input, 0, Token)).Answer.ShouldNotBeNull();
        (await calls.AskAsync(Input, 0, Token)).Deferral!.Reason.ShouldStartWith("The budget of all Evaluators of 1");

        (await ((IBudgetStore)_store).ReadAsync($"2026-01-02/{evaluator.Id}", Token)).Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Calls_begin_no_faster_than_the_rate()
    {
        var calls = Calls(NoRetries with { Rate = 2 });
        for (var i = 0; i < 3; i++)
            _script.Enqueue(() => Task.FromResult(Yes));

        var asking = Enumerable.Range(0, 3).Select(_ => calls.AskAsync(Input, 0, Token)).ToList();
        await asking[0];
        _asked.ShouldBe(1);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await asking[1];
        _asked.ShouldBe(2);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await asking[2];
    }

    private EvaluatorCalls Calls(CallLimits limits) => Calls(Rules.Called(
        (_, _) =>
        {
            _asked++;
            return _script.Dequeue()();
        },
        limits: limits));

    private EvaluatorCalls Calls(Evaluator evaluator) =>
        new(evaluator, Runners.SpendingOf(_store, _time), _time, new EvaluatorAudit(Trails.Of(_store, _time), _store));

    private static Evaluator Hanging(CallLimits limits) => Rules.Called(
        async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return Yes;
        },
        limits: limits);

    private void Fail(Exception failure, int times = 1)
    {
        for (var i = 0; i < times; i++)
            _script.Enqueue(() => Task.FromException<EvaluatorAnswer>(failure));
    }

    private async Task AdvanceUntilAsync(Task done)
    {
        while (!done.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
