using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Worker.Evaluation;
using Worker.Retention;
using Worker.Storage;

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

    [Fact(Timeout = 60_000)]
    public async Task Without_rules_what_the_audit_has_kept_long_enough_goes_all_the_same()
    {
        var world = new RetentionWorld(_store, _time, new TestIngestion(_store, _time));
        await _store.Audit.SaveAsync(Entry("aud_000", _time.GetUtcNow() - TimeSpan.FromDays(401)), TestContext.Current.CancellationToken);
        await _store.Audit.SaveAsync(Entry("aud_001", _time.GetUtcNow() - TimeSpan.FromDays(399)), TestContext.Current.CancellationToken);
        using var service = Service(world, "worker");

        await service.StartAsync(TestContext.Current.CancellationToken);
        while (await AuditAsync() is var kept && kept.Count != 2)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        var entries = await AuditAsync();
        entries.Select(entry => entry.Act).ShouldBe([AuditAct.RetentionRun, AuditAct.KeyCreated], "and it says so itself");
        entries[0].Actor.ShouldBe("worker");
        entries[0].Counts.ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create("audit_entries", 1L));
        await service.StopAsync(TestContext.Current.CancellationToken);
    }

    private static AuditEntry Entry(string id, DateTimeOffset at) => new()
    {
        Id = id, At = at, Actor = "a", Origin = "b", Act = AuditAct.KeyCreated,
    };

    /// <summary>Once the old is gone and that is written down; until then, whatever there is.</summary>
    private async Task<List<AuditEntry>> AuditAsync()
    {
        var entries = await _store.Audit.AllAsync(new(), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        return entries.Exists(entry => entry.Id == "aud_000") ? [] : entries;
    }

    private RetentionService Service(RetentionWorld world, string worker) => new(
        world.Sweep(_store),
        Trails.Of(_store.Audit, _time),
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
