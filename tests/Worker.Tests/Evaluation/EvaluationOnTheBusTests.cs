using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Worker.Errors;
using Worker.Evaluation;
using Worker.Evaluation.Bus;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Tests.Evaluation;

public sealed class EvaluationOnTheBusTests
{
    private readonly InMemoryStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_a_wake_to_the_verdicts_takes_one_message()
    {
        await using var host = await TestHost.StartAsync(_store);
        await StoreAsync("f");

        await WakeAsync("f");

        (await host.ConsumedAsync<object>(Token)).ShouldBe(new RunDue("f"));
        var run = (await RunAsync("f"))!;
        (run.State, run.Revision, run.Due, run.Owner).ShouldBe((RunState.Judged, 1, null, null));
        _store.StoredVerdicts.Select(verdict => (verdict.Path, verdict.Judgment?.ToString())).ShouldBe(
            [("one", "true"), ("two", "2")], ignoreOrder: true);
        (await ((ITraceStore)_store).LabelsAsync(["f", "f-tool"], Token)).Values.ShouldAllBe(
            label => label.TraceId == "f" && !label.Late);
    }

    [Fact]
    public async Task A_revision_that_began_with_other_versions_goes_the_long_way_to_its_end()
    {
        var before = Rules.Evaluator("count: { of: tools }", "two", "number");
        await new EvaluatorVersions(new EvaluatorCatalog([before]), _store, Rules.Reader).StoreAsync(Token);
        await StoreAsync("f");
        await WakeAsync("f");
        var content = await ((ITraceStore)_store).ContentAsync("f", [Rules.Evaluator(path: "one"), before]);
        var begun = EvaluationProgress.WhenDue(
            (await RunAsync("f"))!, content, [], new(Some.Timers, LatePolicy.Rejudge, TimeSpan.FromSeconds(30)), TimeProvider.System.GetUtcNow().AddMinutes(-1));
        await ((IRunStore)_store).SaveAsync(begun.Run, begun.Decisions, Token);

        await using var host = await TestHost.StartAsync(_store);
        object[] messages = [await host.ConsumedAsync<object>(Token), await host.ConsumedAsync<object>(Token), await host.ConsumedAsync<object>(Token)];

        messages.ShouldBe([new RunDue("f"), new RunEvaluators("f", 1), new EvaluatorsFinished("f")], ignoreOrder: true);
        (await RunAsync("f"))!.State.ShouldBe(RunState.Judged);
        _store.StoredVerdicts.Select(verdict => (verdict.Path, verdict.Judgment?.ToString())).ShouldBe(
            [("one", "true"), ("two", "1")], ignoreOrder: true);
        _store.StoredVerdicts.Single(verdict => verdict.Path == "two").EvaluatorVersionId.ShouldBe(before.VersionId);
    }

    [Fact]
    public async Task A_hundred_wake_ups_at_once_run_the_evaluators_once()
    {
        await using var host = await TestHost.StartAsync(_store, ("Evaluation:Scan", "00:01:00"));
        await StoreAsync("f");
        await WakeAsync("f");

        await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => host.Bus.Publish(new RunDue("f"), CancellationToken.None)));
        await JudgedAsync(host, "f");

        (await RunAsync("f"))!.Revision.ShouldBe(1);
        _store.StoredVerdicts.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Two_workers_over_one_store_judge_every_trace_once()
    {
        await using var one = await TestHost.StartAsync(_store, ("Evaluation:Scan", "00:00:00.010"));
        await using var two = await TestHost.StartAsync(_store, ("Evaluation:Scan", "00:00:00.010"));
        var traces = Enumerable.Range(0, 100).Select(number => $"f{number}").ToList();
        foreach (var trace in traces)
        {
            await StoreAsync(trace);
            await WakeAsync(trace);
        }

        var finished = new HashSet<string>();
        var next = new[] { one.ConsumedAsync<RunDue>(Token), two.ConsumedAsync<RunDue>(Token) };
        while (finished.Count < traces.Count)
        {
            var done = await Task.WhenAny(next);
            var logId = (await done).LogId;
            if (await RunAsync(logId) is { State: RunState.Judged })
                finished.Add(logId);
            next[Array.IndexOf(next, done)] = (done == next[0] ? one : two).ConsumedAsync<RunDue>(Token);
        }

        foreach (var trace in traces)
            (await RunAsync(trace))!.ShouldSatisfyAllConditions(
                run => run.State.ShouldBe(RunState.Judged), run => run.Revision.ShouldBe(1));
        _store.StoredVerdicts.GroupBy(verdict => (verdict.LogId, verdict.Revision, verdict.EvaluatorId)).ShouldAllBe(
            same => same.Count() == 1);
        _store.StoredVerdicts.Count.ShouldBe(2 * traces.Count);
    }

    [Fact]
    public async Task A_wake_up_for_a_run_that_is_not_there_makes_none()
    {
        await using var host = await TestHost.StartAsync(_store);

        await host.Bus.Publish(new RunDue("nothing"), CancellationToken.None);
        await host.ConsumedAsync<RunDue>(Token);

        _store.StoredRuns.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_store_that_is_down_is_told_once_and_so_is_its_return()
    {
        await using var host = await TestHost.StartAsync(_store, ("Evaluation:Scan", "00:00:00.010"));
        await StoreAsync("first");
        await WakeAsync("first");
        await JudgedAsync(host, "first");

        _store.Failure = new StoreUnavailableException("The store is locked.");
        (await host.LoggedAsync(Token)).ShouldBe(
            "RunsNotClaimed: Due runs could not be claimed and sent; this is tried again until it works: The store is locked.");
        _store.Failure = null;
        (await host.LoggedAsync(Token)).ShouldBe("RunsClaimedAgain: Due runs were claimed and sent again");

        await StoreAsync("second");
        await WakeAsync("second");
        await JudgedAsync(host, "second");
    }

    [Fact]
    public async Task Wake_ups_that_find_the_store_down_are_told_in_one_line_and_are_no_faults()
    {
        await StoreAsync("f");
        await WakeAsync("f");
        await using var host = await TestHost.StartAsync(_store, ("Evaluation:Scan", "01:00:00"));
        await JudgedAsync(host, "f");

        _store.Failure = new StoreUnavailableException("The store is locked.");
        foreach (var message in Enumerable.Repeat<object>(new RunDue("f"), 10).Append(new RunEvaluators("f", 1)))
        {
            await host.Bus.Publish(message, CancellationToken.None);
            (await host.ConsumedAsync<object>(Token)).ShouldBe(message);
        }

        (await host.LoggedAsync(Token)).ShouldBe(
            "WakeUpsFailed: Due runs could not be looked at, 1 since this was told last; "
            + "each is looked at again when its claim has lapsed: The store is locked.");
        host.LoggedSoFar.ShouldBe(0);
    }

    [Fact]
    public async Task A_run_whose_worker_was_killed_is_taken_up_when_the_lease_lapses()
    {
        await StoreAsync("f");
        await WakeAsync("f");
        await ((IRunStore)_store).ClaimDueAsync(
            DateTimeOffset.MaxValue,
            DateTimeOffset.MaxValue,
            "killed",
            TimeProvider.System.GetUtcNow().AddMilliseconds(300),
            1,
            Token);

        await using var host = await TestHost.StartAsync(_store, ("Evaluation:Scan", "00:00:00.010"));
        await JudgedAsync(host, "f");
    }

    [Fact]
    public async Task The_bus_sends_nothing_home()
    {
        await using var host = new TestHost(_store);

        host.Services.GetRequiredService<IOptions<UsageTelemetryOptions>>().Value.Enabled.ShouldBeFalse();
    }

    [Fact]
    public async Task Server_mode_uses_the_broker()
    {
        await using var host = new TestHost(
            _store, ("Mode", "server"), ("ConnectionStrings:RabbitMq", "amqp://guest:guest@localhost:1/"));

        host.Bus.Address.Scheme.ShouldBe("rabbitmq");
        host.Services.GetRequiredService<BusPublisher>().IsLocal.ShouldBeFalse();
    }

    private async Task StoreAsync(string flow) =>
        (await _store.WriteAsync([Some.FlowLog(flow, complete: true), Some.Log(flow + "-tool", flow)], Token)).Lost.ShouldBeEmpty();

    private Task WakeAsync(string logId) => ((IRunStore)_store).WakeAsync(
        [new Wake(logId, true)], Some.Timers with { Settle = TimeSpan.Zero }, TimeProvider.System.GetUtcNow(), Token);

    /// <summary>Returns once a message was consumed that left the run judged.</summary>
    private async Task JudgedAsync(TestHost host, string logId)
    {
        do
            await host.ConsumedAsync<RunDue>(Token);
        while (await RunAsync(logId) is not { State: RunState.Judged });
    }

    private Task<Run?> RunAsync(string logId) => ((IRunStore)_store).ReadAsync(logId, Token);
}
