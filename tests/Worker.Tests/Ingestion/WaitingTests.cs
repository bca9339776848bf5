using Microsoft.Extensions.Time.Testing;
using Worker.Files;
using Worker.Ingestion;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Ingestion;

/// <summary>What waits, when races are lost and workers end at the worst moment.</summary>
public sealed class WaitingTests
{
    private static readonly (string, string) Bringer = ("tool.logged", """{"log_id":"bringer","id":"tl_x","path":"a","tool":{"source_code":"x"}}""");

    private readonly InMemoryStore _memory = new();
    private readonly StoreUnderTest _store;
    private readonly FakeTimeProvider _time = new(Some.Time);

    public WaitingTests() => _store = StoreUnderTest.Of(_memory);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_worker_that_ends_anywhere_while_it_takes_up_what_waits_owes_nothing_once_the_message_is_delivered_again(bool toAnother)
    {
        for (var calls = 0; ; calls++)
        {
            var world = new WaitingTests();
            if (await world.DieAfterAsync(calls, toAnother))
                continue;
            calls.ShouldBeGreaterThan(12, "the worker was to end at each of its calls to the store");
            return;
        }
    }

    [Fact]
    public async Task What_comes_between_look_up_and_write_is_found_by_the_second_look()
    {
        var racing = new RacingLogStore(_memory) { BeforeWrite = () => _store.Files.AddAsync([new("tl_x", LogKind.Tool, "a")], [], Token) };
        var ingestion = new TestIngestion(_store with { Logs = racing }, _time);

        await ingestion.SendAsync(("tool.logged", """{"log_id":"t","id":"tl_x","version_environment":"staging"}"""));

        (await ReadAsync("t")).Resolution!.Missing.ShouldBe(
            new DeploymentKey("tl_x", "staging"), "it looks again, and waits for the next thing");
    }

    [Fact]
    public async Task One_that_waits_for_the_next_thing_by_now_looks_for_that_again()
    {
        var racing = new RacingLogStore(_memory);
        racing.BeforeWrite = async () =>
        {
            await _store.Files.AddAsync([new("tl_x", LogKind.Tool, "a")], [], Token);
            racing.BeforeWrite = () => _store.Files.DeployAsync(new("tl_x", "staging", "tlv_s"), Token);
        };
        var ingestion = new TestIngestion(_store with { Logs = racing }, _time);

        var (_, resolved) = await ingestion.Writer().WriteAsync([Fold("t", """{"log_id":"t","id":"tl_x","version_environment":"staging"}""")], Token);

        resolved.Select(log => log.Resolution).ShouldContain(
            new Resolution("tl_x", "tlv_s", VersionSource.Environment, null));
        (await ReadAsync("t")).Resolution.ShouldBe(new Resolution("tl_x", "tlv_s", VersionSource.Environment, null));
    }

    [Fact]
    public async Task A_race_that_is_lost_while_a_log_is_taken_up_is_run_again()
    {
        await SendAsync(("tool.logged", """{"log_id":"t","id":"tl_x"}"""));
        var racing = new RacingLogStore(_memory);
        var lost = 0;
        racing.BeforeWrite = async () =>
        {
            if (lost++ < 3)
                await _memory.WriteAsync([await ReadAsync("t") with { Batches = [$"b{lost}"] }], Token);
        };
        await _store.Files.AddAsync([new("tl_x", LogKind.Tool, "a")], [], Token);
        await new TestIngestion(_store with { Logs = racing }, _time).Writer().AppearedAsync(
            [new FileKey("tl_x")], Token);

        var log = await ReadAsync("t");
        log.Batches.ShouldBe(["b3"]);
        log.Resolution!.VersionId.ShouldNotBeNull();
        log.Resolution.Missing.ShouldBeNull();
    }

    [Fact]
    public async Task A_log_that_would_be_too_large_stays_as_it_is_and_holds_nobody_up()
    {
        await SendAsync([.. Enumerable.Range(0, 450).Select(number => ("tool.logged", $$"""{"log_id":"t{{number}}","id":"tl_x"}"""))]);
        var racing = new RacingLogStore(_memory) { TooLarge = "t7" };

        await new TestIngestion(_store with { Logs = racing }, _time).SendAsync(Bringer);

        (await _store.Files.WaitingForAsync([new FileKey("tl_x")], "", 500, Token)).ShouldBe(["t7"]);
    }

    [Fact]
    public async Task A_log_that_waits_for_what_never_comes_is_written_once()
    {
        var message = ("tool.logged", """{"log_id":"t","path":"a","version_environment":"staging"}""");
        for (var time = 0; time < 3; time++)
            await SendAsync(message);

        (await ReadAsync("t")).Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_log_that_was_deleted_waits_for_nothing()
    {
        await SendAsync(("tool.logged", """{"log_id":"t","id":"tl_x"}"""));
        await SendAsync(("log.deleted", """{"log_id":"t"}"""));

        (await _store.Files.WaitingForAsync([new FileKey("tl_x")], "", 500, Token)).ShouldBeEmpty();
        await SendAsync(Bringer);
        (await ReadAsync("t")).IsDeleted.ShouldBeTrue();
    }

    /// <summary>False when the worker came to its end before it was to die.</summary>
    private async Task<bool> DieAfterAsync(int calls, bool toAnother)
    {
        var another = new TestIngestion(_store, _time).Processor();
        var flows = Enumerable.Range(0, 3).Select(number => $"f{number}").ToList();
        await SendAsync([.. flows.Select(id => ("flow.logged", $$"""{"log_id":"{{id}}","trace_status":"complete","output":"o"}"""))]);
        await SendAsync(
            ("tool.logged", """{"log_id":"t0","id":"tl_x","trace_parent_id":"f0"}"""),
            ("tool.logged", """{"log_id":"t1","id":"tl_x","tool":{"source_code":"y"},"trace_parent_id":"f1"}"""),
            ("tool.logged", $$"""{"log_id":"t2","version_id":"{{VersionOf("""{"source_code":"y"}""")}}","trace_parent_id":"f2"}"""));
        await JudgeAsync();

        _memory.CallsBeforeFailure = calls;
        _memory.Failure = new InvalidOperationException("It was killed.");
        var died = false;
        try
        {
            await ProcessAsync(new TestIngestion(_store, _time).Processor(), Bringer, deliveries: 0);
        }
        catch (InvalidOperationException)
        {
            died = true;
        }

        // Whoever judges meanwhile sees what is there, and nothing that comes later unless it is woken.
        _memory.Failure = null;
        await JudgeAsync();
        if (toAnother)
            await ProcessAsync(another, ("tool.logged", """{"log_id":"another","id":"tl_x","path":"a"}"""), deliveries: 0);
        await ProcessAsync(toAnother ? another : new TestIngestion(_store, _time).Processor(), Bringer, deliveries: 1);

        foreach (var (number, flow) in flows.Index())
        {
            var resolution = (await ReadAsync($"t{number}")).Resolution!;
            (resolution.VersionId, resolution.Missing).ShouldSatisfyAllConditions(
                found => found.VersionId.ShouldNotBeNull(), found => found.Missing.ShouldBeNull());
            var run = (await _store.Runs.ReadAsync(flow, Token))!;
            (run.Due is not null || run.Digest == await DigestAsync(flow)).ShouldBeTrue(
                $"{flow} was judged before its Log was resolved and not woken, after {calls} calls");
        }

        return died;
    }

    /// <summary>Judges all that is due, as it is now.</summary>
    private async Task JudgeAsync()
    {
        foreach (var run in _memory.StoredRuns.Where(run => run.Due is not null))
            (await _store.Runs.SaveAsync(run with { Due = null, Digest = await DigestAsync(run.LogId) }, [], Token)).ShouldBeTrue();
    }

    private async Task<string> DigestAsync(string flow) =>
        TraceDigest.Of(await _store.Traces.AllMembersAsync(flow, Token));

    private static async Task<ChunkResult> ProcessAsync(
        ChunkProcessor processor, (string Type, string Body) message, int deliveries) =>
        (await processor.ProcessAsync([Some.Delivery(message.Body, message.Type) with { DeliveryCount = deliveries }], Token)).Result;

    private Task<ChunkResult> SendAsync(params (string, string)[] messages) =>
        new TestIngestion(_store, _time).SendAsync(messages);

    private async Task<Log> ReadAsync(string id) => (await _store.Logs.ReadAsync([id], Token))[id];

    private static string VersionOf(string details) =>
        DerivedIds.Version(LogKind.Tool, "tl_x", VersionDetails.Normalise(LogKind.Tool, Some.Json(details)));

    private static LogFold Fold(string id, string body) =>
        new(id, [new MessageDecoder(1_000).Decode(Some.Delivery(body))]);

    /// <summary>Something happens just before a write, or one Log is too large for the store.</summary>
    private sealed class RacingLogStore(ILogStore inner) : ILogStore
    {
        public Func<Task>? BeforeWrite { get; set; }

        public string? TooLarge { get; init; }

        public Task<IReadOnlyDictionary<string, Log>> ReadAsync(
            IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
            inner.ReadAsync(ids, cancellationToken);

        public async Task<LogWriteResult> WriteAsync(IReadOnlyCollection<Log> logs, CancellationToken cancellationToken)
        {
            if (BeforeWrite is { } before)
                await before();
            var result = await inner.WriteAsync([.. logs.Where(log => log.Id != TooLarge)], cancellationToken);
            return result with { TooLarge = [.. logs.Select(log => log.Id).Where(id => id == TooLarge)] };
        }
    }
}
