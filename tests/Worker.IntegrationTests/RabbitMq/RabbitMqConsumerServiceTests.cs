using System.Text;
using Microsoft.Extensions.Time.Testing;
using Worker.Errors;
using Worker.Ingestion;
using Worker.IntegrationTests.Support;
using Worker.Testing;

namespace Worker.IntegrationTests.RabbitMq;

public sealed class RabbitMqConsumerServiceTests : IAsyncLifetime
{
    private readonly VirtualHost _host = new();
    private BrokerClient _broker = null!;

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        if (TestServers.HasRabbitMq)
            _broker = await _host.ConnectAsync();
    }

    [RabbitMqFact]
    public async Task Everything_is_processed_once_in_order_and_the_queue_is_empty()
    {
        await using var ingest = await StartedAsync();
        var last = 0L;
        var isOrdered = true;
        ingest.Process = (chunk, _) =>
        {
            foreach (var message in chunk)
                (isOrdered, last) = (isOrdered && message.Tag > last, message.Tag);
            return Task.CompletedTask;
        };

        await PublishAsync(5000);
        await ingest.SettledAsync(5000);
        await ingest.StopAsync();

        isOrdered.ShouldBeTrue();
        ingest.Bodies.Count.ShouldBe(5000);
        ingest.Account.Totals.ShouldBe(new IngestionTotals(5000, 5000, 0, 0, 0, 0, 0));
        (await _broker.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(0u);
    }

    [RabbitMqFact]
    public async Task A_store_that_goes_down_has_everything_returned_once_and_is_asked_until_it_answers()
    {
        await using var ingest = await StartedAsync();
        ingest.Store.Failure = new StoreUnavailableException("The store is down for the test.");
        await PublishAsync(300);
        await Eventually.IsTrueAsync(
            "all is given back", async () => await _broker.ReadyAsync(BrokerClient.IngestQueue) == 300u);

        // The store is asked again several times by now; nothing is taken while it does not answer.
        var before = ingest.Account.Totals;
        await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
        ingest.Account.Totals.ShouldBe(before);
        before.Returned.ShouldBe(before.Received);
        before.Received.ShouldBeLessThanOrEqualTo(300);

        ingest.Store.Failure = null;
        await ingest.SettledAsync(300);
        ingest.DrainLog.Of("IngestionPaused").ShouldHaveSingleItem().ShouldContain("The store is down for the test.");
        ingest.DrainLog.Of("IngestionResumed").ShouldHaveSingleItem();
        ingest.Store.StoredLetters.ShouldBeEmpty();
        (await _broker.ReadyAsync(BrokerClient.DeadQueue)).ShouldBe(0u);
    }

    [RabbitMqFact]
    public async Task A_connection_that_is_cut_is_made_again_and_nothing_is_lost()
    {
        await using var relay = TcpRelay.To((_host.Uri.Host, _host.Uri.Port));
        await using var ingest = new TestIngest(new UriBuilder(_host.Uri) { Port = relay.Port }.Uri);
        await ingest.StartAsync();
        var publishing = PublishAsync(20_000);
        for (var cuts = 1; cuts <= 3; cuts++)
        {
            await ingest.SettledAsync(cuts * 2000);
            var lost = ingest.Log.Of("BrokerLost").Count;
            relay.Cut();
            await Eventually.IsTrueAsync("the service has noticed", () => ingest.Log.Of("BrokerLost").Count > lost);
            relay.Open();
        }

        await publishing;
        await Eventually.IsTrueAsync("every message is processed", async () =>
        {
            if (ingest.Ended.IsFaulted)
                await ingest.Ended;
            return ingest.Bodies.Count == 20_000
                && ingest.Log.Of("BrokerReturned").Count == ingest.Log.Of("BrokerLost").Count;
        });
        await ingest.StopAsync();

        ingest.Account.Totals.InHand.ShouldBe(0);
        (await _broker.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(0u);
    }

    [RabbitMqFact]
    public async Task Stopping_finishes_the_chunks_in_hand_and_gives_back_the_rest()
    {
        await using var ingest = await StartedAsync(new IngestionOptions { ChunkSize = 50, Prefetch = 400 });
        await PublishAsync(200);
        await ingest.SettledAsync(200);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var began = new TaskCompletionSource();
        var inHand = 0;
        ingest.Process = async (chunk, token) =>
        {
            Interlocked.Add(ref inHand, chunk.Count);
            began.TrySetResult();
            await gate.Task.WaitAsync(token);
        };

        await PublishAsync(200, from: 200);
        await began.Task;
        await Eventually.IsTrueAsync("the rest is held", () => ingest.Account.Totals.Received >= 400);
        var stopping = ingest.StopAsync();
        gate.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        // One that is being written, and at most two that have begun meanwhile.
        inHand.ShouldBeInRange(1, 150);
        ingest.Account.Totals.ShouldBe(new IngestionTotals(400, 200 + inHand, 0, 0, 0, 0, 200 - inHand));
        await Eventually.IsTrueAsync(
            "the rest is back", async () => await _broker.ReadyAsync(BrokerClient.IngestQueue) == (uint)(200 - inHand));
        ingest.DrainLog.Of("IngestionStopped").ShouldHaveSingleItem().ShouldContain(
            $"received 400 = stored {200 + inHand} ");
    }

    [RabbitMqFact]
    public async Task Stopping_ends_in_time_when_the_chunk_in_hand_does_not()
    {
        await using var ingest = await StartedAsync(shutdown: TimeSpan.FromSeconds(2));
        var began = new TaskCompletionSource();
        ingest.Process = (_, token) =>
        {
            began.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, token);
        };
        await PublishAsync(10);
        await began.Task;

        await ingest.StopAsync().WaitAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);

        ingest.Account.Totals.InHand.ShouldBe(0);
        await Eventually.IsTrueAsync(
            "all is back", async () => await _broker.ReadyAsync(BrokerClient.IngestQueue) == 10u);
    }

    [RabbitMqFact]
    public async Task Nothing_is_held_unacknowledged_for_a_minute()
    {
        var time = new FakeTimeProvider(Some.Time);
        await using var ingest = new TestIngest(
            _host.Uri, options: new IngestionOptions { ChunkTime = TimeSpan.Zero }, time: time);
        var began = new TaskCompletionSource();
        ingest.Process = (_, token) =>
        {
            began.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, token);
        };
        await ingest.StartAsync();
        await PublishAsync(20);
        await began.Task;
        await Eventually.IsTrueAsync("all are held", () => ingest.Account.Totals.Received == 20);

        time.Advance(TimeSpan.FromSeconds(50));
        await Eventually.IsTrueAsync(
            "all are given back", async () => await _broker.ReadyAsync(BrokerClient.IngestQueue) == 20u);
        await Eventually.IsTrueAsync("it is said", () => ingest.DrainLog.Of("IngestionPaused").Count == 1);
        ingest.DrainLog.Of("IngestionPaused").ShouldHaveSingleItem().ShouldContain("within 50 s of their delivery");
    }

    [RabbitMqFact]
    public async Task A_message_that_always_fails_is_refused_and_its_neighbours_are_not()
    {
        await using var ingest = await StartedAsync();
        ingest.Process = (chunk, _) =>
            chunk.Any(message => message.Body.Span.SequenceEqual("bad"u8))
                ? throw new InvalidOperationException("It fails for this one.")
                : Task.CompletedTask;
        await PublishAsync(20);
        await _broker.PublishAsync(TestMessage.Of("tool.logged", "bad") with { MessageId = "the bad one" });
        await PublishAsync(20, from: 20);

        var letter = await Eventually.FindAsync("the letter", async () => await _broker.DrainAsync(BrokerClient.DeadQueue) is [var one] ? new RefusedLetter(one) : null);
        await ingest.SettledAsync(41);

        letter["reason"].ShouldBe("poison");
        letter.MessageId.ShouldBe("the bad one");
        ingest.Bodies.Count.ShouldBe(40);
        ingest.Account.Totals.Refused.ShouldBe(1);
        ingest.Account.Totals.InHand.ShouldBe(0);
        (await _broker.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(0u);
    }

    [RabbitMqFact]
    public async Task A_refused_message_is_acknowledged_once_its_letter_is_in_the_dead_queue()
    {
        await using var ingest = await StartedAsync();
        ingest.Refuse = RefuseBad;
        await PublishAsync(10);
        await PublishBadAsync(3);
        await PublishAsync(10, from: 10);

        await ingest.SettledAsync(23);
        ingest.Account.Totals.ShouldBe(new IngestionTotals(23, 20, 0, 0, 0, 3, 0));
        (await _broker.ReadyAsync(BrokerClient.DeadQueue)).ShouldBe(3u);
        await ingest.StopAsync();
        (await _broker.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(0u);
    }

    [RabbitMqFact]
    public async Task Letters_that_cannot_be_sent_hold_up_only_their_own_messages_and_are_given_back_at_the_end()
    {
        await using var ingest = await StartedAsync();
        ingest.Refuse = RefuseBad;
        await PublishBadAsync(1);
        await ingest.SettledAsync(1);
        await _broker.DeleteQueueAsync(BrokerClient.DeadQueue);
        await PublishBadAsync(5);
        await PublishAsync(2000);

        await ingest.SettledAsync(2001);
        ingest.DrainLog.Of("LettersHeld").ShouldHaveSingleItem().ShouldContain("routed it nowhere");
        await ingest.StopAsync();
        ingest.Account.Totals.ShouldBe(new IngestionTotals(2006, 2000, 0, 0, 0, 1, 5));
        await Eventually.IsTrueAsync(
            "the five are back", async () => await _broker.ReadyAsync(BrokerClient.IngestQueue) == 5u);
    }

    [RabbitMqFact]
    public async Task Letters_are_sent_when_they_can_be_again()
    {
        await using var ingest = await StartedAsync();
        ingest.Refuse = RefuseBad;
        await PublishBadAsync(1);
        await ingest.SettledAsync(1);
        await _broker.DeleteQueueAsync(BrokerClient.DeadQueue);
        await PublishBadAsync(5);
        await Eventually.IsTrueAsync("the letters wait", () => ingest.DrainLog.Of("LettersHeld").Count == 1);

        await _broker.DeclareTopologyAsync();

        await ingest.SettledAsync(6);
        ingest.DrainLog.Of("LettersSent").ShouldHaveSingleItem();
        (await _broker.ReadyAsync(BrokerClient.DeadQueue) ?? 0).ShouldBeGreaterThanOrEqualTo(5u);
        ingest.Account.Totals.Returned.ShouldBe(0);
    }

    [RabbitMqFact]
    public async Task So_many_that_wait_for_their_letters_stop_the_drain_and_no_more_than_a_quarter_of_the_prefetch_waits()
    {
        await using var ingest = await StartedAsync(new IngestionOptions { ChunkSize = 10, Prefetch = 40 });
        ingest.Refuse = RefuseBad;
        await PublishBadAsync(1);
        await ingest.SettledAsync(1);
        await _broker.DeleteQueueAsync(BrokerClient.DeadQueue);
        await PublishBadAsync(100);
        await Eventually.IsTrueAsync("the letters wait", () => ingest.DrainLog.Of("LettersHeld").Count == 1);

        await _broker.DeclareTopologyAsync();
        await ingest.SettledAsync(101);
        ingest.Account.Totals.InHand.ShouldBe(0);
    }

    [RabbitMqFact]
    public async Task After_outages_in_a_row_all_that_came_back_often_goes_through_at_the_old_rate()
    {
        await using var ingest = await StartedAsync(new IngestionOptions { ChunkSize = 500, Prefetch = 2000 });
        ingest.Process = (_, token) => Task.Delay(TimeSpan.FromMilliseconds(200), token);
        await PublishAsync(20_000);
        for (var outages = 1; outages <= 4; outages++)
        {
            ingest.Store.Failure = new StoreUnavailableException($"Outage {outages}.");
            await Eventually.IsTrueAsync("it has paused", () => ingest.DrainLog.Of("IngestionPaused").Count == outages);
            ingest.Store.Failure = null;
            await Eventually.IsTrueAsync(
                "it drains again", () => ingest.DrainLog.Of("IngestionResumed").Count == outages);
        }

        ingest.Process = (_, _) => Task.CompletedTask;
        await ingest.SettledAsync(20_000);
        ingest.Bodies.Count.ShouldBe(20_000);
        ingest.ChunksProcessed.ShouldBeLessThan(4000, "suspects are tried together, however slow the machine");
        (await _broker.ReadyAsync(BrokerClient.DeadQueue)).ShouldBe(0u);
    }

    [RabbitMqFact]
    public async Task A_second_process_in_embedded_mode_is_refused_with_a_sentence()
    {
        await using var first = await StartedAsync(alone: true);
        await PublishAsync(1);
        await first.SettledAsync(1);

        await using var second = await StartedAsync(alone: true);
        var fault = await Should.ThrowAsync<ConfigurationException>(() => second.Ended);

        fault.Faults.ShouldHaveSingleItem().ShouldContain(
            $"process {Environment.ProcessId} on {Environment.MachineName} holds worker.ingest.owner");
        await first.StopAsync();
        await using var third = await StartedAsync(alone: true);
        await PublishAsync(1, from: 1);
        await third.SettledAsync(1);
    }

    [RabbitMqFact]
    public async Task A_place_that_nobody_alive_holds_is_waited_for()
    {
        await _broker.DeclareTopologyAsync();
        var dead = await _broker.HoldOwnerAsync();
        await using var successor = await StartedAsync(alone: true);
        await Eventually.IsTrueAsync("it waits", () => successor.Log.Of("OwnerAwaited").Count == 1);
        successor.Ended.IsCompleted.ShouldBeFalse();

        await dead.DisposeAsync();
        await PublishAsync(1);
        await successor.SettledAsync(1);
    }

    [RabbitMqFact]
    public async Task The_only_process_gets_its_place_back_after_its_connection_was_cut()
    {
        await using var ingest = await StartedAsync(alone: true);
        await PublishAsync(1);
        await ingest.SettledAsync(1);
        await _host.Management.CloseConnectionAsync(_host.Name, "worker ingest");
        await PublishAsync(1, from: 1);

        await Eventually.IsTrueAsync("it consumes again", () => ingest.Bodies.Count == 2);
    }

    [RabbitMqFact]
    public async Task A_queue_that_is_declared_otherwise_stops_the_start_with_a_sentence()
    {
        await _broker.DeclareQueueAsync("worker.dead");
        await using var ingest = await StartedAsync();

        var fault = (await Should.ThrowAsync<ConfigurationException>(() => ingest.Ended)).Faults.ShouldHaveSingleItem();

        fault.ShouldContain("worker.dead otherwise than the worker needs it");
        fault.ShouldContain("delete it once it is empty");
    }

    [RabbitMqFact]
    public async Task A_deleted_queue_is_declared_again()
    {
        await using var ingest = await StartedAsync();
        await PublishAsync(1);
        await ingest.SettledAsync(1);
        await _broker.DeleteQueueAsync(BrokerClient.IngestQueue);
        await PublishAsync(1, from: 1);

        await ingest.SettledAsync(2);
    }

    [RabbitMqFact]
    public async Task A_message_far_larger_than_is_accepted_comes_through_to_be_refused()
    {
        // RabbitMQ itself takes 16 MiB since 4.0; before that more than the client takes unasked.
        var size = (_broker.Version.Major < 4 ? 80 : 16) * 1024 * 1024;
        var length = 0;
        await using var ingest = await StartedAsync();
        ingest.Process = (chunk, _) =>
        {
            length = Math.Max(length, chunk.Max(message => message.Body.Length));
            return Task.CompletedTask;
        };
        await _broker.UntilConsumedAsync();
        await _broker.PublishAsync(TestMessage.Of("tool.logged", new string('x', size)));
        await PublishAsync(10);

        await ingest.SettledAsync(11);
        length.ShouldBe(size);
        ingest.Log.Of("BrokerLost").ShouldBeEmpty();
    }

    [RabbitMqFact]
    public async Task A_worker_that_waits_for_its_broker_says_so_once()
    {
        await using var ingest = new TestIngest(new Uri("amqp://guest:secret@127.0.0.1:1/"));
        await ingest.StartAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);

        ingest.Ended.IsCompleted.ShouldBeFalse();
        var said = ingest.Log.Of("BrokerLost").ShouldHaveSingleItem();
        said.ShouldContain("amqp://127.0.0.1:1/");
        said.ShouldNotContain("secret");
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
            await _broker.DisposeAsync();
        await _host.DisposeAsync();
    }

    private async Task<TestIngest> StartedAsync(
        IngestionOptions? options = null, bool alone = false, TimeSpan? shutdown = null)
    {
        var ingest = new TestIngest(_host.Uri, alone, options, shutdown);
        await ingest.StartAsync();
        return ingest;
    }

    private static IReadOnlyList<RefusedMessage> RefuseBad(IReadOnlyList<InboundMessage> chunk) =>
    [
        .. chunk.Where(message => message.Body.Span.StartsWith("bad"u8))
            .Select(message => new RefusedMessage(message, Some.DeadLetter($"letter {Encoding.UTF8.GetString(message.Body.Span)}"))),
    ];

    private async Task PublishBadAsync(int count)
    {
        await _broker.UntilConsumedAsync();
        await _broker.PublishAllAsync(
            Enumerable.Range(0, count).Select(i => TestMessage.Of("tool.logged", $"bad {i}")));
    }

    private async Task PublishAsync(int count, int from = 0)
    {
        await _broker.UntilConsumedAsync();
        await _broker.PublishAllAsync(Enumerable.Range(from, count).Select(i => TestMessage.Of("tool.logged", $$"""{"n":{{i}}}""")));
    }
}
