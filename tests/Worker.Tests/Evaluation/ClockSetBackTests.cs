using Worker.Evaluation;
using Worker.Evaluation.Bus;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Evaluation;

/// <summary>The worker's evaluation on a machine whose clock somebody sets back by an hour.</summary>
public sealed class ClockSetBackTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly SettableClock _time = new();
    private readonly InMemoryStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_that_waits_to_be_due_is_judged()
    {
        await using var host = await StartAsync();
        await WakeAsync("f");

        _time.SetClock(TimeSpan.FromHours(-1));

        await JudgedAsync(host, "f");
    }

    [Fact]
    public async Task A_run_that_another_worker_had_claimed_and_begun_is_judged()
    {
        await WakeAsync("f");
        var now = _time.GetUtcNow();
        await ((IRunStore)_store).ClaimDueAsync(now.AddSeconds(1), now.AddDays(1), "killed", now + Lease, 1, Token);
        foreach (var evaluator in new[] { "one", "two" })
        {
            var id = DerivedIds.File(LogKind.Evaluator, evaluator);
            await _store.TryTakeAsync(new Attempt("f", 1, id, "").Id, "f", "killed", now, now + Lease, Token);
        }

        _time.SetClock(TimeSpan.FromHours(-1));

        await using var host = await StartAsync();
        await JudgedAsync(host, "f");
    }

    [Fact]
    public async Task What_is_woken_afterwards_is_judged_beside_it()
    {
        await using var host = await StartAsync();
        await WakeAsync("before");
        _time.SetClock(TimeSpan.FromHours(-1));
        await WakeAsync("after");

        await JudgedAsync(host, "before", "after");
    }

    private async Task<TestHost> StartAsync() =>
        await TestHost.StartAsync(_store, _time, ("Evaluation:Lease", Lease.ToString()));

    private async Task WakeAsync(string flow)
    {
        (await _store.WriteAsync([Some.FlowLog(flow, complete: true), Some.Log(flow + "-tool", flow)], Token)).Lost.ShouldBeEmpty();
        await ((IRunStore)_store).WakeAsync([new Wake(flow, true)], Some.Timers, _time.GetUtcNow(), Token);
    }

    /// <summary>Lets time pass, a scan after the other, until they are claimed, or far too much of it has.</summary>
    private async Task JudgedAsync(TestHost host, params string[] flows)
    {
        var began = _time.GetTimestamp();
        while (!_store.StoredRuns.All(run => run.Owner is { } owner && owner != "killed" || run.State != RunState.Settling))
        {
            _time.GetElapsedTime(began).ShouldBeLessThan(Patience, "the runs are frozen");
            await _time.UntilAwaitedAsync(TimeSpan.FromSeconds(1), Token);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var judged = new HashSet<string>();
        while (judged.Count < flows.Length)
            judged.Add((await host.ConsumedAsync<RunDue>(Token)).LogId);
        judged.ShouldBe(flows, ignoreOrder: true);
        _store.StoredRuns.ShouldAllBe(run => run.State == RunState.Judged && run.Revision == 1);
    }
}
