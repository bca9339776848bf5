using System.Text;
using Microsoft.Extensions.Time.Testing;
using Worker.DeadLetters.RabbitMq;
using Worker.DeadLetters;
using Worker.Errors;
using Worker.Ingestion;
using Worker.IntegrationTests.Support;
using Worker.RabbitMq;
using Worker.Storage;
using Worker.Testing;

namespace Worker.IntegrationTests.RabbitMq;

public sealed class RabbitMqDeadLettersTests : IAsyncLifetime
{
    private readonly VirtualHost _host = new();
    private BrokerClient _broker = null!;
    private RabbitMqDeadLetters _box = null!;
    private TestIngest _ingest = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        if (!TestServers.HasRabbitMq)
            return;
        _broker = await _host.ConnectAsync();
        _box = new(RabbitMqEndpoint.Parse(_host.Uri.ToString()), TimeProvider.System);
        _ingest = new(_host.Uri);
    }

    [RabbitMqFact]
    public async Task Letters_are_listed_as_they_were_sent_and_stay()
    {
        await SendAsync(
            Some.DeadLetter("a", "1"), Some.DeadLetter("b") with { Body = null, Withheld = true, BodyLength = 9 });

        for (var i = 0; i < 3; i++)
        {
            var letters = await ListAsync();
            letters.Select(letter => letter with { Body = null }).ShouldBe(
                [Some.DeadLetter("a", "1") with { Body = null }, Some.DeadLetter("b") with { Body = null, Withheld = true, BodyLength = 9 }]);
            Encoding.UTF8.GetString(letters[0].Body!.Value.Span).ShouldBe("1");
        }
    }

    [RabbitMqFact]
    public async Task Redriving_by_reason_sends_the_canary_first_then_the_others_and_leaves_the_rest()
    {
        await SendAsync(
            Some.DeadLetter("w") with { Body = null, Withheld = true },
            Some.DeadLetter("p", reason: "poison"),
            Some.DeadLetter("a", "1"),
            Some.DeadLetter("b", "2"),
            Some.DeadLetter("c", "3"));
        var received = new List<InboundMessage>();
        _ingest.Process = (chunk, _) =>
        {
            received.AddRange(chunk);
            return Task.CompletedTask;
        };
        await _ingest.StartAsync();

        (await _box.RedriveAsync(new(Reason: "missing_field"), canary: true, onSent: null, Token)).ShouldBe(new RedriveReport(3, 1));

        await _ingest.SettledAsync(3);
        _ingest.Bodies.Order().ShouldBe(["1", "2", "3"]);
        received[0].ReceivedAt.ShouldBe(Some.Time);
        received[0].Type.ShouldBe("tool.logged");
        received[0].RoutingKey.ShouldBe("tool.logged");
        received[0].MessageId.ShouldBe("message-of-a");
        (await ListAsync()).Select(letter => letter.DeadLetterId).ShouldBe(["w", "p"]);
    }

    [RabbitMqFact]
    public async Task A_canary_that_comes_back_keeps_the_others_where_they_are()
    {
        await SendAsync(Some.DeadLetter("a", "1"), Some.DeadLetter("b", "2"), Some.DeadLetter("c", "3"));
        _ingest.Refuse = chunk =>
            [.. chunk.Select(message => new RefusedMessage(message, Some.DeadLetter("a", Encoding.UTF8.GetString(message.Body.Span)) with { Detail = "Still wrong." }))];
        await _ingest.StartAsync();

        var report = await _box.RedriveAsync(new(), canary: true, onSent: null, Token);

        report.Redriven.ShouldBe(1);
        report.Stopped.ShouldNotBeNull().ShouldContain("Still wrong.");
        (await ListAsync()).Select(letter => letter.DeadLetterId).Order().ShouldBe(["a", "b", "c"]);
    }

    [RabbitMqFact]
    public async Task A_canary_that_nobody_takes_keeps_the_others_where_they_are()
    {
        await SendAsync(Some.DeadLetter("a", "1"), Some.DeadLetter("b", "2"));

        var report = await _box.RedriveAsync(new(), canary: true, onSent: null, Token);

        report.Stopped.ShouldNotBeNull().ShouldContain("no worker took it");
        (await ListAsync()).Select(letter => letter.DeadLetterId).ShouldBe(["b"]);
        (await _broker.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(1u);
    }

    [RabbitMqFact]
    public async Task A_single_letter_is_redriven_without_waiting()
    {
        await SendAsync(Some.DeadLetter("a", "1"), Some.DeadLetter("b", "2"));

        (await _box.RedriveAsync(new(Id: "b"), canary: true, onSent: null, Token)).ShouldBe(new RedriveReport(1, 0));

        (await ListAsync()).ShouldHaveSingleItem().DeadLetterId.ShouldBe("a");
        (await _broker.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(1u);
    }

    [RabbitMqFact]
    public async Task Discarding_takes_only_what_was_asked()
    {
        await SendAsync(Some.DeadLetter("a"), Some.DeadLetter("b", reason: "poison"), Some.DeadLetter("c"));

        (await _box.DiscardAsync(new(Reason: "poison"), around: null, Token)).ShouldBe(1);
        (await ListAsync()).Select(letter => letter.DeadLetterId).ShouldBe(["a", "c"]);
        (await _box.DiscardAsync(new(), around: null, Token)).ShouldBe(2);
        (await ListAsync()).ShouldBeEmpty();
    }

    [RabbitMqFact]
    public async Task A_letter_that_comes_back_again_and_again_knows_every_time()
    {
        await SendAsync(Some.DeadLetter("a", "1"));
        _ingest.Refuse = chunk =>
        [
            .. chunk.Select(message => new RefusedMessage(
                message,
                Some.DeadLetter("a", "1") with
                {
                    Attempts = message.Attempts.With(Some.At(message.Attempts.Length), "poison", $"Time {message.Attempts.Length + 1}."),
                })),
        ];
        await _ingest.StartAsync();

        for (var times = 1; times <= 2; times++)
        {
            (await _box.RedriveAsync(new(Id: "a"), canary: false, onSent: null, Token)).Redriven.ShouldBe(1);
            await _ingest.SettledAsync(times);
        }

        var letter = (await ListAsync()).ShouldHaveSingleItem();
        letter.Attempts.Select(attempt => (attempt.Number, attempt.Reason, attempt.Detail)).ShouldBe(
        [
            (1, "missing_field", "The message has no log_id: send one."), (2, "poison", "Time 2."), (3, "poison", "Time 3."),
        ]);
        letter.Attempts[0].At.ShouldBe(Some.Time);
        letter.WrittenAt.ShouldBe(Some.At(2));
        (await _box.DiscardAsync(new(Before: Some.At(2)), around: null, Token)).ShouldBe(0);
        (await _box.DiscardAsync(new(Before: Some.At(3)), around: null, Token)).ShouldBe(1);
    }

    [RabbitMqFact]
    public async Task Letters_are_thrown_away_only_once_that_was_written_down()
    {
        await SendAsync(Some.DeadLetter("a"), Some.DeadLetter("b", reason: "poison"), Some.DeadLetter("c"));
        var told = new List<DeadLetter>();

        await Should.ThrowAsync<InvalidOperationException>(() => _box.DiscardAsync(
            new(), (_, _) => throw new InvalidOperationException("It cannot be written down."), Token));
        (await ListAsync()).Count.ShouldBe(3);
        (await _box.DiscardAsync(
            new(Reason: "missing_field"),
            (slice, discard) =>
            {
                told.AddRange(slice);
                return discard();
            },
            Token)).ShouldBe(2);

        told.Select(letter => (letter.DeadLetterId, letter.Body is null)).ShouldBe([("a", true), ("c", true)]);
        (await ListAsync()).ShouldHaveSingleItem().DeadLetterId.ShouldBe("b");
    }

    [RabbitMqFact]
    public async Task A_message_that_the_broker_itself_set_aside_reads_as_poison_and_can_be_redriven()
    {
        await SendAsync();
        await _broker.PublishAsync(
            TestMessage.Of("flow.logged", "{}") with { Type = null, RoutingKey = "flow.logged" });
        await _broker.RejectAsync(BrokerClient.IngestQueue);
        await Eventually.IsTrueAsync(
            "it is in the dead queue", async () => await _broker.ReadyAsync(BrokerClient.DeadQueue) == 1u);

        var letter = (await ListAsync()).ShouldHaveSingleItem();
        letter.Reason.ShouldBe("poison");
        letter.Kind.ShouldBe("flow.logged");
        letter.Detail.ShouldContain("rejected");

        (await _box.RedriveAsync(new(), canary: true, onSent: null, Token)).Redriven.ShouldBe(1);
        await _ingest.StartAsync();
        await _ingest.SettledAsync(1);
    }

    [RabbitMqFact]
    public async Task Letters_go_only_where_they_are_kept()
    {
        await SendAsync(Some.DeadLetter("a"));
        await _broker.DeleteQueueAsync(BrokerClient.DeadQueue);

        var fault = await Should.ThrowAsync<ServerUnreachableException>(
            () => _ingest.DeadLetters.SendAsync(Some.DeadLetter("b"), Token));
        fault.Message.ShouldContain("routed it nowhere");
    }

    [RabbitMqFact]
    public async Task A_cut_connection_does_not_stop_the_sink_for_good()
    {
        await SendAsync(Some.DeadLetter("a"));
        await _host.Management.CloseConnectionAsync(_host.Name, "worker dead letters");

        await Eventually.IsTrueAsync("it sends again", async () =>
        {
            try
            {
                await SendAsync(Some.DeadLetter("b"));
                return true;
            }
            catch (ServerUnreachableException)
            {
                return false;
            }
        });
        (await ListAsync()).Select(letter => letter.DeadLetterId).Distinct().ShouldBe(["a", "b"]);
    }

    [RabbitMqFact]
    public async Task A_connection_that_hangs_and_says_that_it_is_open_is_not_used_for_a_second_letter()
    {
        await _broker.DeclareTopologyAsync();
        await using var relay = TcpRelay.To((_host.Uri.Host, _host.Uri.Port));
        var address = new UriBuilder(_host.Uri) { Port = relay.Port }.Uri;
        var time = new FakeTimeProvider(Some.Time);
        await using var sink = new RabbitMqDeadLetters(RabbitMqEndpoint.Parse(address.ToString()), time);
        await sink.SendAsync(Some.DeadLetter("a"), Token);

        relay.Freeze();
        var hanging = sink.SendAsync(Some.DeadLetter("b"), Token);
        time.Advance(TimeSpan.FromSeconds(20));
        (await Should.ThrowAsync<ServerUnreachableException>(() => hanging)).Message.ShouldContain(
            "did not confirm within 20 s");

        await sink.SendAsync(Some.DeadLetter("c"), Token);
        (await ListAsync()).Select(letter => letter.DeadLetterId).ShouldBe(["a", "c"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_ingest is not null)
            await _ingest.DisposeAsync();
        if (_broker is not null)
            await _broker.DisposeAsync();
        await _host.DisposeAsync();
    }

    private async Task SendAsync(params DeadLetter[] letters)
    {
        await _broker.DeclareTopologyAsync();
        foreach (var letter in letters)
            await _ingest.DeadLetters.SendAsync(letter, Token);
    }

    private async Task<List<DeadLetter>> ListAsync() => await _box.ListAsync(Token).ToListAsync(Token);
}
