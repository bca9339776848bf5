using System.Text.Json;
using Worker.Evaluation;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;
using Evaluator = Worker.Evaluation.Evaluator;

namespace Worker.Tests.Evaluation;

/// <summary>Evaluators that take their time, on the bus, from a wake to the verdict.</summary>
public sealed class CalledEvaluatorTests
{
    private static readonly EvaluatorAnswer Yes = new(Some.Json("true"));

    private readonly InMemoryStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_asked_about_the_whole_trace_and_its_answer_is_kept_with_the_reason()
    {
        EvaluatorInput? asked = null;
        var called = Rules.Called((input, _) =>
        {
            asked = input;
            return Task.FromResult(Yes with { Reason = "All good.", Stdout = "1\n", Details = Some.Json("""{"model":"m"}""") });
        });
        await using var host = await TestHost.StartWithAsync(_store, called, Rules.Evaluator(path: "rule"));

        await WakeAsync("f");
        await JudgedAsync(host, "f");

        var verdict = _store.StoredVerdicts.Single(each => each.Path == "called");
        (verdict.Judgment?.ToString(), verdict.Reason, verdict.Stdout, verdict.Details?.ToString()).ShouldBe(
            ("true", "All good.", "1\n", """{"model":"m"}"""));
        (verdict.Id, asked!.Key).ShouldBe((asked.Key, DerivedIds.EvaluatorLog("f", 1, called.Id, called.VersionId)));
        var log = JsonElement.Parse(asked.Log.Span);
        log.GetProperty("id").GetString().ShouldBe("f");
        log.GetProperty("trace_children")[0].GetProperty("id").GetString().ShouldBe("f-tool");
        log.TryGetProperty("truncated", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task None_is_asked_again_about_content_that_comes_when_the_trace_is_too_old()
    {
        var asked = 0;
        var called = Rules.Called((_, _) =>
        {
            asked++;
            return Task.FromResult(Yes);
        });
        await using var host = await TestHost.StartAsync(
            _store,
            TimeProvider.System,
            [called, Rules.Evaluator("count: { of: logs }", "rule", "number")],
            [("Evaluation:CallAgainWithin", "00:00:00")]);
        await WakeAsync("f");
        await JudgedAsync(host, "f");

        await _store.WriteAsync([Some.Log("f-late", "f")], Token);
        await ((IRunStore)_store).WakeAsync(
            [new Wake("f", true)], new(TimeSpan.Zero, null, null), TimeProvider.System.GetUtcNow(), Token);
        while (await ((IRunStore)_store).ReadAsync("f", Token) is not { Revision: 2, State: RunState.Judged })
            await host.ConsumedAsync<object>(Token);

        asked.ShouldBe(1);
        _store.StoredVerdicts.Where(each => each.Revision == 2).Select(each => each.Path).ShouldBe(["rule"]);
        var late = (await ((IRunStore)_store).DecisionsAsync("f", Token)).Single(
            decision => decision is { Revision: 2, Outcome: Outcome.Late });
        late.Reason.ShouldNotBeNull().ShouldContain("older than Evaluation:CallAgainWithin (00:00:00)");
    }

    [Fact]
    public async Task One_that_hangs_keeps_no_other_from_its_verdict()
    {
        var hangs = Rules.Called(
            async (_, token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return Yes;
            },
            "hangs");
        var answers = Rules.Called((_, _) => Task.FromResult(Yes), "answers");
        await using var host = await TestHost.StartWithAsync(_store, hangs, answers, Rules.Evaluator(path: "rule"));

        for (var i = 0; i < 100; i++)
            await WakeAsync($"f{i}");
        while (_store.StoredVerdicts.Count < 200)
            await host.ConsumedAsync<object>(Token);

        _store.StoredVerdicts.GroupBy(verdict => verdict.Path).ToDictionary(group => group.Key, group => group.Count())
            .ShouldBe(new Dictionary<string, int> { ["answers"] = 100, ["rule"] = 100 }, ignoreOrder: true);
    }

    [Fact]
    public async Task One_that_cannot_answer_yet_is_put_off_with_the_reason_and_asked_again()
    {
        var asked = 0;
        var called = Rules.Called(
            (_, _) => ++asked == 1
                ? throw new TransientCallException("Busy.")
                : Task.FromResult(Yes),
            limits: CallLimits.Default with { Retries = 0 });
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Some.Time);
        var run = await BeginAsync(called, time);
        var calls = new EvaluatorCalls(called, Runners.SpendingOf(_store, time), time);
        var attempt = new Attempt("f", 1, called.Id, called.VersionId);

        (await Runners.Of(_store, time).RunAsync(attempt, called, calls, Token)).ShouldBeFalse();
        var put = (await ReadAsync("f"))!;
        (put.State, put.Pins.Single().Outcome, put.Pins.Single().Tries).ShouldBe(
            (RunState.Evaluating, Outcome.Waiting, 1));
        put.Due.ShouldBe(put.Pins.Single().NotBefore);
        EvaluationProgress.IsPutOff(put, time.GetUtcNow()).ShouldBeTrue();
        var decision = (await ((IRunStore)_store).DecisionsAsync("f", Token)).Single();
        (decision.Outcome, decision.Reason!.StartsWith("Busy. It is asked again at ", StringComparison.Ordinal))
            .ShouldBe((Outcome.Waiting, true));
        (await Runners.Of(_store, time).RunAsync(attempt, called, calls, Token)).ShouldBeFalse("not before then");
        asked.ShouldBe(1);

        time.SetUtcNow(put.Due!.Value);
        (await Runners.Of(_store, time).RunAsync(attempt, called, calls, Token)).ShouldBeTrue();
        _store.StoredVerdicts.Single().Judgment.ShouldBe(Some.Json("true"));
    }

    [Fact]
    public async Task A_judgment_of_another_type_is_the_verdicts_error()
    {
        await using var host = await TestHost.StartWithAsync(
            _store, Rules.Called((_, _) => Task.FromResult(new EvaluatorAnswer(Some.Json("7")))));

        await WakeAsync("f");
        await JudgedAsync(host, "f");

        _store.StoredVerdicts.Single().Error.ShouldBe(
            "The judgment is a JSON number, not a boolean as return_type says.");
    }

    [Fact]
    public async Task A_verdict_that_comes_later_is_not_waited_for()
    {
        await using var host = await TestHost.StartWithAsync(
            _store, Rules.Called((_, _) => Task.FromResult(new EvaluatorAnswer(null) { IsLater = true })));

        await WakeAsync("f");
        await JudgedAsync(host, "f");

        var verdict = _store.StoredVerdicts.Single();
        (verdict.Judgment, verdict.Error, verdict.Details?.ToString()).ShouldBe((null, null, """{"later":true}"""));
    }

    [Fact]
    public async Task One_whose_precondition_does_not_hold_is_filtered_and_never_asked()
    {
        var asked = 0;
        Func<EvaluatorInput, CancellationToken, Task<EvaluatorAnswer>> count = (_, _) =>
        {
            asked++;
            return Task.FromResult(Yes);
        };
        var failed = Rules.Called(count, "failed") with { When = When("any: { of: tools, where: { field: error, exists: true } }") };
        var wellDone = Rules.Called(count, "well-done") with { When = When("any: { of: tools }") };
        await using var host = await TestHost.StartWithAsync(_store, failed, wellDone);

        await WakeAsync("f");
        await JudgedAsync(host, "f");

        asked.ShouldBe(1);
        var decisions = await ((IRunStore)_store).DecisionsAsync("f", Token);
        decisions.Single(each => each.EvaluatorId == wellDone.Id).Outcome.ShouldBe(Outcome.Ran);
        var filtered = decisions.Single(each => each.EvaluatorId == failed.Id);
        (filtered.Outcome, filtered.Reason).ShouldBe(
            (Outcome.Filtered, """when does not hold: {"any":{"of":"tools","where":{"exists":true,"field":"error"}}} (error is absent)"""));
    }

    [Fact]
    public async Task A_share_of_the_Logs_is_judged_and_the_others_say_why_not()
    {
        var half = Rules.Evaluator(path: "half") with { Sampling = new(0.5) };
        await using var host = await TestHost.StartWithAsync(_store, half);

        var flows = Enumerable.Range(0, 20).Select(i => $"f{i}").ToList();
        foreach (var flow in flows)
        {
            await WakeAsync(flow);
            await JudgedAsync(host, flow);
        }

        _store.StoredVerdicts.Select(verdict => verdict.LogId).ShouldBe(
            flows.Where(flow => Sampling.PointOf(flow) < 0.5), ignoreOrder: true);
        var left = flows.First(flow => Sampling.PointOf(flow) >= 0.5);
        var decision = (await ((IRunStore)_store).DecisionsAsync(left, Token)).Single();
        decision.Outcome.ShouldBe(Outcome.SampledOut);
        decision.Reason!.ShouldEndWith("; sample is 0.5.");
    }

    [Fact]
    public async Task Nobody_waits_for_a_verdict_from_outside()
    {
        var rule = Rules.Evaluator(path: "rule");
        var person = Rules.Evaluator(path: "person");
        person = person with { Judging = new(person.Judging.Returns, WaitsFor: "a person") };
        await using var host = await TestHost.StartWithAsync(_store, rule, person);

        await WakeAsync("f");
        await JudgedAsync(host, "f");

        var decision = (await ((IRunStore)_store).DecisionsAsync("f", Token)).Single(each => each.EvaluatorId == person.Id);
        (decision.Outcome, decision.Reason).ShouldBe((Outcome.Waiting, "a person"));
    }

    [Fact]
    public async Task A_trace_that_is_too_large_is_cut_level_by_level_and_says_so()
    {
        var logs = new List<Log> { Some.FlowLog("f", complete: true) };
        for (var i = 0; i < 200; i++)
            logs.Add(Some.Log($"child-{i}", "f", LogKind.Flow));
        logs.AddRange(Enumerable.Range(0, 50).Select(i => Some.Log($"below-{i}", $"child-{i}")));
        await _store.WriteAsync(logs, Token);
        await using var trace = await OpenTrace.OpenAsync(new(_store, _store), new Run { LogId = "f", OpenedAt = Some.Time }, Token);
        await trace.ReadAsync();

        var (json, isTruncated) = (await Runners.InputOf(_store, maxBytes: 201 * 1_300).OfAsync(trace, Token))!;
        var (whole, isCut) = (await Runners.InputOf(_store).OfAsync(trace, Token))!;

        (isTruncated, isCut).ShouldBe((true, false));
        var cut = JsonElement.Parse(json.Span);
        cut.GetProperty("truncated").GetBoolean().ShouldBeTrue();
        cut.GetProperty("trace_children").GetArrayLength().ShouldBe(200, "all of the level above");
        Below(cut).ShouldBeInRange(0, 20);
        Below(JsonElement.Parse(whole.Span)).ShouldBe(50);
    }

    private static int Below(JsonElement log) =>
        log.GetProperty("trace_children").EnumerateArray().Sum(child => child.GetProperty("trace_children").GetArrayLength());

    private static Precondition When(string rule) => Rules.Evaluator(when: rule).When!;

    private async Task<Run> BeginAsync(Evaluator evaluator, TimeProvider time)
    {
        await _store.WriteAsync([Some.FlowLog("f", complete: true)], Token);
        await ((IRunStore)_store).WakeAsync([new Wake("f", true)], Some.Timers, time.GetUtcNow(), Token);
        var content = await ((ITraceStore)_store).ContentAsync("f", [evaluator]);
        var change = EvaluationProgress.WhenDue(
            (await ReadAsync("f"))!, content, [], Runners.Policy, time.GetUtcNow().AddMilliseconds(500));
        await ((IRunStore)_store).SaveAsync(change.Run, change.Decisions, Token);
        return change.Run;
    }

    private async Task WakeAsync(string flow)
    {
        await _store.WriteAsync([Some.FlowLog(flow, complete: true), Some.Log(flow + "-tool", flow)], Token);
        await ((IRunStore)_store).WakeAsync(
            [new Wake(flow, true)], new(TimeSpan.Zero, null, null), TimeProvider.System.GetUtcNow(), Token);
    }

    private Task<Run?> ReadAsync(string flow) => ((IRunStore)_store).ReadAsync(flow, Token);

    private async Task JudgedAsync(TestHost host, string flow)
    {
        while ((await ReadAsync(flow))?.State != RunState.Judged)
            await host.ConsumedAsync<object>(Token);
    }
}
