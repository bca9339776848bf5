using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Worker.Evaluation;
using Worker.Retention;

namespace Worker.Tests.Retention;

public sealed class RetentionServiceTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _time = new(Some.Time);
    private readonly StoreUnderTest _store = StoreUnderTest.Of(new InMemoryStore());

    [Fact(Timeout = 60_000)]
    public async Task One_worker_looks_again_and_again_and_another_only_when_that_one_is_gone()
    {
        var ingestion = new TestIngestion(_store, _time);
        var world = new RetentionWorld(_store, _time, ingestion);
        world.Rule("all", ("After", "2h"));
        using var first = Service(world, "first");
        using var second = Service(world, "second");
        await LogAsync(ingestion, "a");
        await first.StartAsync(TestContext.Current.CancellationToken);
        await UntilGoneAsync("a", TimeSpan.FromMilliseconds(1));
        (await TakeAsync("third")).ShouldBeFalse();

        await first.StopAsync(TestContext.Current.CancellationToken);
        await LogAsync(ingestion, "b");
        await second.StartAsync(TestContext.Current.CancellationToken);
        (await TakeAsync("third")).ShouldBeFalse("a worker that is gone holds it until its lease lapses");
        await UntilGoneAsync("b", TimeSpan.FromMinutes(1));
        await second.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Without_anything_to_remove_nobody_looks()
    {
        using var service = Service(new(_store, _time, new TestIngestion(_store, _time)), "worker");

        await service.StartAsync(TestContext.Current.CancellationToken);
        await service.ExecuteTask!;

        (await TakeAsync("other")).ShouldBeTrue();
    }

    private RetentionService Service(RetentionWorld world, string worker) => new(
        world.Sweep(_store),
        _store.Attempts,
        new WorkerId(worker),
        Options.Create(world.Options),
        _time,
        NullLogger<RetentionService>.Instance);

    /// <summary>One that is old enough.</summary>
    private async Task LogAsync(TestIngestion ingestion, string id)
    {
        await ingestion.SendAsync([Some.Delivery($$"""{"log_id":"{{id}}","path":"t","output":"o"}""") with { ReceivedAt = Some.Time.AddDays(-1) }]);
        (await StandsAsync(id)).ShouldBeTrue();
    }

    /// <summary>Ends with the test's own time where it never goes.</summary>
    private async Task UntilGoneAsync(string id, TimeSpan step)
    {
        while (await StandsAsync(id))
        {
            _time.Advance(step);
            await Task.Yield();
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<bool> StandsAsync(string id) =>
        (await _store.Traces.StandingAsync([id], TestContext.Current.CancellationToken)).Count > 0;

    private Task<bool> TakeAsync(string worker) => _store.Attempts.TryTakeAsync(
        "retention", "", worker, _time.GetUtcNow(), _time.GetUtcNow() + Hour + TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
}
