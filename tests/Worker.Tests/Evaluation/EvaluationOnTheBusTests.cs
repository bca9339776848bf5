using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;
using Worker.Evaluation;
using Worker.Evaluation.Messaging;
using Worker.Storage;
using Worker.Testing;
using Xunit;

namespace Worker.Tests.Evaluation;

public sealed class EvaluationOnTheBusTests
{
    private readonly InMemoryStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_a_wake_to_the_verdicts_takes_three_messages()
    {
        await using var host = await TestHost.StartAsync(_store);
        await StoreAsync("f");

        await WakeAsync("f");
        object[] messages = [await host.ConsumedAsync<object>(Token), await host.ConsumedAsync<object>(Token), await host.ConsumedAsync<object>(Token)];

        messages.ShouldBe([new RunDue("f"), new RunEvaluators("f", 1), new EvaluatorsFinished("f")], ignoreOrder: true);
        var run = (await RunAsync("f"))!;
        (run.State, run.Revision, run.Due, run.Owner).ShouldBe((RunState.Judged, 1, null, null));
        _store.StoredVerdicts.Select(verdict => (verdict.Path, verdict.Judgment?.ToString())).ShouldBe([("one", "true"), ("two", "2")], ignoreOrder: true);
        (await ((ITraceStore)_store).LabelsAsync(["f", "f-tool"], Token)).Values.ShouldAllBe(label => label.TraceId == "f" && !label.Late);
    }

    [Fact]
    public async Task A_hundred_wake_ups_at_once_run_the_evaluators_once()
    {
        await using var host = await TestHost.StartAsync(_store, ("Evaluation:Scan", "00:01:00"));
        await StoreAsync("f");
        await WakeAsync("f");

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => host.Bus.Publish(new RunDue("f"), CancellationToken.None)));
        await host.ConsumedAsync<EvaluatorsFinished>(Token);

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
        var next = new[] { one.ConsumedAsync<EvaluatorsFinished>(Token), two.ConsumedAsync<EvaluatorsFinished>(Token) };
        while (finished.Count < traces.Count)
        {
            var done = await Task.WhenAny(next);
            finished.Add((await done).LogId);
            next[Array.IndexOf(next, done)] = (done == next[0] ? one : two).ConsumedAsync<EvaluatorsFinished>(Token);
        }

        foreach (var trace in traces)
            (await RunAsync(trace))!.ShouldSatisfyAllConditions(run => run.State.ShouldBe(RunState.Judged), run => run.Revision.ShouldBe(1));
        _store.StoredVerdicts.GroupBy(verdict => (verdict.LogId, verdict.Revision, verdict.EvaluatorId)).ShouldAllBe(same => same.Count() == 1);
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
        await host.ConsumedAsync<EvaluatorsFinished>(Token);

        _store.Failure = new StoreUnavailableException("The store is locked.");
        (await host.LoggedAsync(Token)).ShouldBe("RunsNotClaimed: Due runs could not be claimed and sent; tried again until it works: The store is locked.");
        _store.Failure = null;
        (await host.LoggedAsync(Token)).ShouldBe("RunsClaimedAgain: Due runs are claimed and sent again.");

        await StoreAsync("second");
        await WakeAsync("second");
        await host.ConsumedAsync<EvaluatorsFinished>(Token);
    }

    [Fact]
    public async Task A_run_whose_worker_was_killed_is_taken_up_when_the_lease_lapses()
    {
        await StoreAsync("f");
        await WakeAsync("f");
        await ((IRunStore)_store).ClaimDueAsync(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, "killed", TimeProvider.System.GetUtcNow().AddMilliseconds(300), 1, Token);

        await using var host = await TestHost.StartAsync(_store, ("Evaluation:Scan", "00:00:00.010"));
        await host.ConsumedAsync<EvaluatorsFinished>(Token);

        (await RunAsync("f"))!.State.ShouldBe(RunState.Judged);
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
        await using var host = new TestHost(_store, ("Mode", "server"), ("ConnectionStrings:RabbitMq", "amqp://guest:guest@localhost:1/"));

        host.Bus.Address.Scheme.ShouldBe("rabbitmq");
        host.Services.GetRequiredService<BusPublisher>().IsLocal.ShouldBeFalse();
    }

    private async Task StoreAsync(string flow) =>
        (await _store.WriteAsync([Some.FlowLog(flow, complete: true), Some.Log(flow + "-tool", flow)], Token)).Lost.ShouldBeEmpty();

    private Task WakeAsync(string logId) => ((IRunStore)_store).WakeAsync(
        [new Wake(logId, true)], Some.Timers with { Settle = TimeSpan.Zero }, TimeProvider.System.GetUtcNow(), Token);

    private Task<Run?> RunAsync(string logId) => ((IRunStore)_store).ReadAsync(logId, Token);
}
