using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Worker.DeadLetters.Local;
using Worker.Ingestion;
using Worker.Ingestion.Inbox;
using Worker.Ingestion.RabbitMq;
using Worker.Publishing;
using Worker.Storage;

namespace Worker.Tests.Telemetry;

/// <summary>What a producer was in is known to the worker, too, where its message lay in the local file.</summary>
public sealed class ProducerSpanTests : IAsyncDisposable
{
    private readonly SqliteTestStore _file = new();
    private readonly InboxSignal _signal = new();
    private readonly Spans _spans = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chunk_links_to_the_request_whose_message_lay_in_the_inbox()
    {
        ActivityContext request;
        await using (var front = await _file.OpenAsync(Token))
            request = await TakeInRequestAsync(Inbox(front));

        await using var store = await _file.OpenAsync(Token);
        await DrainAsync(store);

        ChunkOf(request).Context.SpanId.ShouldBe(request.SpanId);
    }

    [Fact]
    public async Task A_chunk_links_to_the_request_whose_message_was_kept_while_the_broker_was_away()
    {
        var (time, broker) = (new FakeTimeProvider(Some.Time), new FakeIntake());
        broker.Refuse();
        var spill = new Spill(Options.Create(new SpillOptions()), time);
        ActivityContext request;
        await using (var front = await _file.OpenAsync(Token))
        {
            request = await TakeInRequestAsync(
                new SpillingIntake(broker, Inbox(front), spill, NullLogger<SpillingIntake>.Instance));
        }

        broker.Accept();
        await using var store = await _file.OpenAsync(Token);
        using var forwarder = new SpillForwarder(
            store.Inbox, _signal, broker, spill, Options.Create(new IngestionOptions()), time, NullLogger<SpillForwarder>.Instance);
        await forwarder.StartAsync(Token);
        await broker.First;
        await forwarder.StopAsync(Token);
        var sent = RabbitMqProperties.Of(broker.Taken.ShouldHaveSingleItem());
        ChunkSpan.Start(new HeldChunk([DeliveryReader.Read(sent, "", default, 1, false, Some.Time)], 0, 0)).ShouldNotBeNull().Stop();

        ChunkOf(request).Context.SpanId.ShouldBe(request.SpanId);
    }

    [Fact]
    public async Task What_nobody_traced_lies_there_as_that()
    {
        await using var store = await _file.OpenAsync(Token);
        using (new Activity("not recorded").SetIdFormat(ActivityIdFormat.W3C).Start())
            await Inbox(store).TakeAsync(Some.InboxMessage(), Token);
        await Inbox(store).TakeAsync(Some.InboxMessage(), Token);

        (await store.Inbox.PeekAsync(0, 10, Token)).Select(message => message.TraceParent).ShouldBe([null, null]);
    }

    public async ValueTask DisposeAsync()
    {
        _spans.Dispose();
        _signal.Dispose();
        await _file.DisposeAsync();
    }

    private InboxIntake Inbox(StoreUnderTest store) => new(store.Inbox, _signal, new(TimeProvider.System));

    /// <summary>As the front does it in a request whose sender is recorded.</summary>
    private static async Task<ActivityContext> TakeInRequestAsync(IMessageIntake intake)
    {
        using var request = new Activity("request")
            .SetIdFormat(ActivityIdFormat.W3C)
            .SetParentId(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded)
            .Start();
        await intake.TakeAsync(Some.InboxMessage(), Token);
        return request.Context;
    }

    private async Task DrainAsync(StoreUnderTest store)
    {
        var processed = new TaskCompletionSource();
        var memory = new InMemoryStore();
        using var account = new IngestionMetrics(new TestMeters());
        var letters = new LocalDeadLetters(memory, memory, new(TimeProvider.System), TimeProvider.System);
        var guard = TestDrain.Guard(
            (chunk, _) =>
            {
                processed.TrySetResult();
                return Task.FromResult(TestDrain.Stored(chunk));
            },
            memory);
        using var drain = TestDrain.Drain(guard, letters, memory, account);
        var source = new InboxChunkSource(
            store.Inbox, _signal, account, Options.Create(new IngestionOptions()), TimeProvider.System);
        using var service = new InboxService(source, drain, new SourceState());
        await service.StartAsync(Token);
        await processed.Task.WaitAsync(Token);
        await service.StopAsync(Token);
    }

    private ActivityLink ChunkOf(ActivityContext request) => _spans.Named(ChunkSpan.Name)
        .SelectMany(span => span.Links)
        .Where(link => link.Context.TraceId == request.TraceId)
        .ShouldHaveSingleItem();
}
