using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Worker.Evaluation;
using Worker.Evaluation.Bus;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Tests.Evaluation;

public sealed class AttemptQueueTests : IAsyncDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly InMemoryStore _store = new();
    private readonly FakeTimeProvider _time = new(Some.Time);
    private readonly TestHost _bus;

    public AttemptQueueTests() => _bus = new(_store);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public async Task An_attempt_that_another_worker_holds_is_left_to_it()
    {
        var evaluator = Rules.Evaluator();
        var attempt = await BeginAsync(evaluator);
        await _store.TryTakeAsync(attempt.Id, "f", "another", _time.GetUtcNow(), _time.GetUtcNow() + Lease, Token);
        var held = new Attempts(_store);
        using var runner = Runner(evaluator, held);

        await runner.OfferAsync("f", 1, Token);
        (await held.Taken.ReadAsync(Token)).ShouldBeFalse();

        // It is in hand for a moment longer.
        _time.Advance(Lease);
        var taken = held.Taken.ReadAsync(Token).AsTask();
        while (!taken.IsCompleted)
        {
            await runner.OfferAsync("f", 1, Token);
            await Task.Yield();
        }

        (await taken).ShouldBeTrue("its lease has lapsed");
    }

    [Fact]
    public async Task An_attempt_in_hand_is_not_taken_twice()
    {
        using var started = new SemaphoreSlim(0);
        using var finish = new SemaphoreSlim(0);
        var slow = Slow(started, finish);
        await BeginAsync(slow);
        var held = new Attempts(_store);
        using var runner = Runner(slow, held);

        await runner.OfferAsync("f", 1, Token);
        await started.WaitAsync(Token);
        await runner.OfferAsync("f", 1, Token);
        finish.Release();
        await runner.StopAsync(Token);

        held.Taken.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_lease_is_renewed_for_as_long_as_the_attempt_takes()
    {
        using var started = new SemaphoreSlim(0);
        using var finish = new SemaphoreSlim(0);
        var slow = Slow(started, finish);
        var attempt = await BeginAsync(slow);
        var held = new Attempts(_store);
        using var runner = Runner(slow, held);
        await runner.OfferAsync("f", 1, Token);
        await held.Taken.ReadAsync(Token);
        await Task.Run(() => runner.StartAsync(Token), Token);
        await started.WaitAsync(Token);

        for (var i = 0; i < 6; i++)
        {
            _time.Advance(Lease / 3);
            (await held.Taken.ReadAsync(Token)).ShouldBeTrue();
        }

        (await _store.TryTakeAsync(attempt.Id, "f", "another", _time.GetUtcNow(), _time.GetUtcNow() + Lease, Token)).ShouldBeFalse();
        finish.Release();
        await runner.StopAsync(Token);
    }

    private async Task<Attempt> BeginAsync(Worker.Evaluation.Evaluator evaluator)
    {
        await _store.WriteAsync([Some.FlowLog("f", complete: true)], Token);
        await ((IRunStore)_store).WakeAsync([new Wake("f", true)], Some.Timers, Some.Time, Token);
        var run = (await ((IRunStore)_store).ReadAsync("f", Token))!;
        var content = await ((ITraceStore)_store).ContentAsync("f", [evaluator]);
        var change = EvaluationProgress.WhenDue(
            run, content, [], new(Some.Timers, LatePolicy.Rejudge, Lease), Some.At(500));
        await ((IRunStore)_store).SaveAsync(change.Run, change.Decisions, Token);
        return new Attempt("f", 1, evaluator.Id, evaluator.VersionId);
    }

    private static Worker.Evaluation.Evaluator Slow(SemaphoreSlim started, SemaphoreSlim finish) =>
        Rules.Evaluator().With(() =>
        {
            started.Release();
            finish.Wait(Token);
            return new(_ => { }, () => null);
        });

    private AttemptQueue Runner(Worker.Evaluation.Evaluator evaluator, IAttemptStore attempts)
    {
        var versions = new EvaluatorVersions(new EvaluatorCatalog([evaluator]), _store, Rules.Reader);
        return new(
            _store,
            versions,
            Runners.Of(_store, _time),
            Runners.OpenGate,
            Runners.SpendingOf(_store, _time),
            new EvaluatorAudit(Trails.Of(_store, _time), _store),
            attempts,
            _bus.Services.GetRequiredService<BusPublisher>(),
            new WorkerId("this"),
            Options.Create(new EvaluationOptions { Lease = Lease }),
            _time,
            NullLogger<AttemptQueue>.Instance);
    }

    /// <summary>Tells of each lease that was asked for, and whether it was given.</summary>
    private sealed class Attempts(InMemoryStore store) : IAttemptStore
    {
        private readonly Channel<bool> _taken = Channel.CreateUnbounded<bool>();

        public ChannelReader<bool> Taken => _taken.Reader;

        public async Task<bool> TryTakeAsync(
            string attemptId,
            string logId,
            string owner,
            DateTimeOffset now,
            DateTimeOffset until,
            CancellationToken cancellationToken)
        {
            var taken = await store.TryTakeAsync(attemptId, logId, owner, now, until, cancellationToken);
            _taken.Writer.TryWrite(taken);
            return taken;
        }
    }
}
