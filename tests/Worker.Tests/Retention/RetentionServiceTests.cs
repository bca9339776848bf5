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

    [Fact]
    public async Task One_worker_looks_again_and_again_and_another_only_when_that_one_is_gone()
    {
        var ingestion = new TestIngestion(_store, _time);
        var world = new RetentionWorld(_store, _time, ingestion);
        world.Rule("all", ("After", "2h"));
        using var first = Service(world, "first");
        using var second = Service(world, "second");
        await first.StartAsync(TestContext.Current.CancellationToken);
        await second.StartAsync(TestContext.Current.CancellationToken);
        (await TakeAsync("third")).ShouldBeFalse();

        await ingestion.SendAsync(("tool.logged", """{"log_id":"a","path":"t","output":"o"}"""));
        await first.StopAsync(TestContext.Current.CancellationToken);
        for (var hours = 0; hours < 5; hours++)
            await LetPassAsync(Hour);

        (await _store.Traces.StandingAsync(["a"], TestContext.Current.CancellationToken)).ShouldBeEmpty();
        (await TakeAsync("second")).ShouldBeTrue();
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

    /// <summary>In steps, so that waits that begin meanwhile end, too.</summary>
    private async Task LetPassAsync(TimeSpan time)
    {
        for (var step = 0; step < 60; step++)
        {
            _time.Advance(time / 60);
            await Task.Yield();
        }
    }

    private Task<bool> TakeAsync(string worker) => _store.Attempts.TryTakeAsync(
        "retention", "", worker, _time.GetUtcNow(), _time.GetUtcNow() + Hour + TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
}
