using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Options;
using Worker.DeadLetters.Local;
using Worker.Errors;
using Worker.Ingestion;
using Worker.Ingestion.Inbox;
using Worker.Storage;

namespace Worker.Tests.Ingestion.Inbox;

public sealed class InboxServiceTests : IAsyncDisposable
{
    private readonly InMemoryStore _store = new();
    private readonly InboxSignal _signal = new();
    private readonly IngestionMetrics _account = new(new TestMeters());
    private readonly ConcurrentQueue<string> _bodies = new();
    private readonly SemaphoreSlim _processed = new(0);
    private readonly SourceState _state = new();
    private readonly ChunkDrain _drain;
    private readonly InboxService _service;
    private Func<IReadOnlyList<InboundMessage>, Exception?> _fault = _ => null;

    public InboxServiceTests()
    {
        var letters = new LocalDeadLetters(_store, _store, new(TimeProvider.System), TimeProvider.System);
        _drain = TestDrain.Drain(TestDrain.Guard(ProcessAsync, _store), letters, _store, _account);
        var options = Options.Create(new IngestionOptions { ChunkSize = 10, Prefetch = 10 });
        _service = new(new InboxChunkSource(_store, _signal, _account, options, TimeProvider.System), _drain, _state);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_are_processed_in_order_and_removed()
    {
        await AppendAsync([.. Enumerable.Range(1, 25).Select(i => $"{i}")]);
        await _service.StartAsync(Token);
        await ProcessedAsync(25);
        await AppendAsync("26");
        await ProcessedAsync(1);
        await _service.StopAsync(Token);

        _bodies.ShouldBe(Enumerable.Range(1, 26).Select(i => $"{i}"));
        _store.InboxMessages.ShouldBeEmpty();
        _account.Totals.ShouldBe(new IngestionTotals(26, 26, 0, 0, 0, 0, 0));
    }

    [Fact]
    public async Task A_store_that_comes_back_loses_nothing_and_refuses_nobody()
    {
        var failures = 0;
        _fault = _ => failures++ < 4 ? new StoreUnavailableException("down") : null;
        await AppendAsync("1", "2", "3");
        await _service.StartAsync(Token);
        await ProcessedAsync(3);
        await _service.StopAsync(Token);

        _bodies.ShouldBe(["1", "2", "3"]);
        _store.StoredLetters.ShouldBeEmpty();
        _account.Totals.Returned.ShouldBeGreaterThanOrEqualTo(12);
        _account.Totals.InHand.ShouldBe(0);
    }

    [Fact]
    public async Task A_message_that_always_fails_is_refused_and_its_neighbours_are_not()
    {
        using var attempts = new SemaphoreSlim(0);
        _fault = chunk =>
        {
            if (chunk.All(message => Encoding.UTF8.GetString(message.Body.Span) != "bad"))
                return null;
            if (chunk.Count == 1)
                attempts.Release();
            return new InvalidOperationException("bad");
        };
        await AppendAsync("1", "bad", "2");
        await _service.StartAsync(Token);
        await ProcessedAsync(2);
        for (var i = 0; i < PoisonGuard.Attempts; i++)
            (await attempts.WaitAsync(TimeSpan.FromSeconds(30), Token)).ShouldBeTrue("it was tried alone");
        await _service.StopAsync(Token);

        _store.InboxMessages.ShouldBeEmpty();
        _bodies.Order().ShouldBe(["1", "2"]);
        _store.StoredLetters.ShouldHaveSingleItem().Reason.ShouldBe("poison");
        _account.Totals.Refused.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_killed_worker_may_have_held_counts_as_delivered_before()
    {
        await AppendAsync("1", "2");
        for (var i = 0; i < InboundMessage.SuspectFrom - 1; i++)
            await _store.CountRedeliveriesAsync(1, Token);
        var sizes = new ConcurrentQueue<int>();
        _fault = chunk =>
        {
            sizes.Enqueue(chunk.Count);
            return null;
        };

        await _service.StartAsync(Token);
        await ProcessedAsync(2);
        await _service.StopAsync(Token);

        sizes.ShouldBe([1, 1]);
    }

    [Fact]
    public async Task A_killed_worker_may_have_held_as_many_chunks_as_are_in_hand()
    {
        var held = ChunkPipeline.ChunksInHand * 10;
        await AppendAsync([.. Enumerable.Range(1, held + 2).Select(i => $"{i}")]);
        for (var i = 0; i < InboundMessage.SuspectFrom - 1; i++)
            await _store.CountRedeliveriesAsync(held + 2, Token);
        var suspects = new ConcurrentQueue<int>();
        _fault = chunk =>
        {
            suspects.Enqueue(chunk.Count(message => message.IsSuspect));
            return null;
        };

        await _service.StartAsync(Token);
        await ProcessedAsync(held + 2);
        await _service.StopAsync(Token);

        suspects.Sum().ShouldBe(held);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.StopAsync(CancellationToken.None);
        _service.Dispose();
        _drain.Dispose();
        _signal.Dispose();
        _account.Dispose();
        _processed.Dispose();
    }

    private async Task AppendAsync(params string[] bodies)
    {
        await _store.AppendAsync([.. bodies.Select(body => Some.InboxMessage(body))], Token);
        _signal.Set();
    }

    private async Task ProcessedAsync(int count)
    {
        for (var i = 0; i < count; i++)
            (await _processed.WaitAsync(TimeSpan.FromSeconds(30), Token)).ShouldBeTrue("a message was processed");
    }

    private Task<ProcessedChunk> ProcessAsync(IReadOnlyList<InboundMessage> chunk, CancellationToken cancellationToken)
    {
        if (_fault(chunk) is { } fault)
            return Task.FromException<ProcessedChunk>(fault);
        foreach (var message in chunk)
            _bodies.Enqueue(Encoding.UTF8.GetString(message.Body.Span));
        _processed.Release(chunk.Count);
        return Task.FromResult(TestDrain.Stored(chunk));
    }
}
