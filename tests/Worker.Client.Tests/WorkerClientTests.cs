using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Worker.Contracts;
using Worker.Contracts.Consumer;
using static Worker.Client.Tests.World;

namespace Worker.Client.Tests;

public sealed class WorkerClientTests
{
    [Fact]
    public async Task Every_message_is_sent_under_its_type_as_it_is()
    {
        await using var world = new World();
        var client = world.Client();

        client.Log(EveryMessage.ToolLogged).ShouldBeTrue();
        client.Log(EveryMessage.ToolLogUpdated).ShouldBeTrue();
        client.Log(EveryMessage.PromptLogged).ShouldBeTrue();
        client.Log(EveryMessage.PromptLogUpdated).ShouldBeTrue();
        client.Log(EveryMessage.FlowLogged).ShouldBeTrue();
        client.Log(EveryMessage.FlowLogUpdated).ShouldBeTrue();
        client.Log(EveryMessage.EvaluatorLogged).ShouldBeTrue();
        client.Log(EveryMessage.LogDeleted).ShouldBeTrue();
        await UntilAsync(() => client.Counts.Published == 8);

        world.Broker.Received.Select(message => (message.Type, FakeBroker.Body(message)))
            .ShouldBe(EveryMessage.All.Select(each => (each.Type, JsonSerializer.Serialize(each.Message))));
        client.Counts.ShouldBe(new WorkerClientCounts(8, 8, 0, 0, 0, 0, 0));
    }

    [Fact]
    public async Task Each_message_has_an_id_and_a_later_moment_even_while_the_clock_stands()
    {
        await using var world = new World();
        var client = world.Client();
        for (var i = 0; i < 100; i++)
            client.Log(new FlowLogUpdated { LogId = "f", Output = $"{i}" });
        await UntilAsync(() => client.Counts.Published == 100);

        world.Broker.Received.Select(message => message.MessageId).Distinct().Count().ShouldBe(100);
        var moments = world.Broker.Bodies
            .Select(body => (DateTimeOffset)JsonNode.Parse(body)!["sent_at"]!).ToList();
        moments.ShouldBe(moments.Order());
        moments.Distinct().Count().ShouldBe(100);
        moments[0].ShouldBe(world.Clock.GetUtcNow());
    }

    [Fact]
    public async Task What_is_changed_after_the_call_is_sent_as_it_was()
    {
        await using var world = new World();
        var client = world.Client();
        world.Broker.Hang();
        var inputs = new Dictionary<string, object?> { ["a"] = 1 };

        client.Log(new ToolLogged { Inputs = inputs });
        inputs["a"] = 2;
        world.Broker.GoOn();
        await UntilAsync(() => client.Counts.Published == 1);

        JsonNode.Parse(world.Broker.Bodies[0])!["inputs"]!["a"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task A_message_carries_the_span_that_it_was_logged_in_where_one_is_recorded()
    {
        await using var world = new World();
        var client = world.Client();
        using var recorded = new Activity("recorded") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        client.Log(Tool(1));
        var id = recorded.Id;
        recorded.Stop();
        client.Log(Tool(2));
        using (new Activity("not recorded").Start())
            client.Log(Tool(3));
        await UntilAsync(() => client.Counts.Published == 3);

        world.Broker.Received.Select(message => message.TraceParent).ShouldBe([id, null, null]);
    }

    [Fact]
    public async Task What_cannot_be_sent_is_refused_and_nothing_is_thrown()
    {
        await using var world = new World();
        var client = world.Client(options => options.MaxMessageBytes = 1024);
        var itself = new Dictionary<string, object?>();
        itself["me"] = itself;

        client.Log(new ToolLogged { Inputs = itself }).ShouldBeFalse();
        client.Log(new ToolLogged { ProviderLatency = double.NaN }).ShouldBeFalse();
        client.Log((ToolLogged)null!).ShouldBeFalse();
        client.Log(new ToolLogged { Output = new string('x', 1025) }).ShouldBeFalse();

        client.Counts.ShouldBe(new WorkerClientCounts(0, 0, 0, 0, Refused: 4, 0, 0));
    }

    [Fact]
    public async Task Drops_are_told_at_once_and_then_once_a_minute()
    {
        await using var world = new World();
        var client = world.Client();

        client.Log((ToolLogged)null!);
        await world.UntilLaterAsync(() => world.Said("Dropped").Count == 1);
        for (var i = 0; i < 100; i++)
            client.Log((ToolLogged)null!);
        world.Clock.Advance(TimeSpan.FromSeconds(30));
        world.Said("Dropped").ShouldBe(["1 calls were dropped: unserializable 1"]);
        world.Clock.Advance(TimeSpan.FromSeconds(31));

        world.Said("Dropped").ShouldBe(
            ["1 calls were dropped: unserializable 1", "100 calls were dropped: unserializable 100"]);
    }

    [Fact]
    public async Task Without_a_disk_what_is_over_the_memory_is_refused_and_the_rest_waits_for_the_broker()
    {
        await using var world = new World();
        world.Broker.IsAway = true;
        var client = world.Client(options => (options.MaxMemoryMessages, options.SpoolPath) = (100, ""));

        var taken = Enumerable.Range(0, 150).Where(number => client.Log(Tool(number))).ToList();
        taken.ShouldBe(Enumerable.Range(0, 100));
        client.Counts.ShouldBe(new WorkerClientCounts(100, 0, 0, 0, Refused: 50, 0, InMemory: 100));
        world.Broker.IsAway = false;
        await world.UntilLaterAsync(() => client.Counts.Published == 100);

        world.Broker.Bodies.ShouldBe(taken.Select(number => Sent(world, number)));
        client.Log(Tool(0)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_bytes_in_memory_are_bounded_too()
    {
        await using var world = new World();
        world.Broker.Hang();
        var client = world.Client(options =>
            (options.MaxMessageBytes, options.MaxMemoryBytes, options.SpoolPath) = (10_000, 40_000, ""));

        var taken = Enumerable.Range(0, 10).Count(_ => client.Log(new ToolLogged { Output = new string('x', 9_000) }));

        taken.ShouldBe(4);
    }

    [Fact]
    public async Task While_the_broker_is_away_calls_are_on_disk_and_when_it_is_back_they_are_sent_in_order()
    {
        await using var world = new World();
        world.Broker.IsAway = true;
        var client = world.Client();
        for (var i = 0; i < 50; i++)
            client.Log(Tool(i)).ShouldBeTrue();
        await UntilAsync(() => client.Counts.Spooled == 50);
        client.Counts.ShouldBe(new WorkerClientCounts(50, 0, 50, 0, 0, 0, InMemory: 0));
        world.Segments.ShouldNotBeEmpty();

        world.Broker.IsAway = false;
        await world.UntilLaterAsync(() => client.Counts.Forwarded == 50);

        world.Broker.Bodies.ShouldBe(Enumerable.Range(0, 50).Select(number => Sent(world, number)));
        await UntilAsync(() => world.Segments.Count == 0);
        world.Said("BrokerLost").ShouldHaveSingleItem().ShouldContain("it is away");
        world.Said("BrokerReturned").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_broker_that_hangs_fills_the_disk_and_not_the_memory()
    {
        await using var world = new World();
        world.Broker.Hang();
        var client = world.Client(options => options.MaxMemoryMessages = 100);

        for (var i = 0; i < 1000; i++)
        {
            await world.UntilLaterAsync(() => client.Counts.InMemory < 100);
            client.Log(Tool(i)).ShouldBeTrue();
        }

        client.Counts.Spooled.ShouldBeGreaterThan(800);
        world.Broker.GoOn();
        await world.UntilLaterAsync(() => client.Counts is { InMemory: 0, Forwarded: var sent, Spooled: var kept }
            && sent == kept);
        world.Broker.Received.Select(message => FakeBroker.Body(message)).Distinct().Count().ShouldBe(1000);
    }

    [Fact]
    public async Task Of_a_batch_only_what_the_broker_did_not_confirm_is_kept()
    {
        await using var world = new World();
        world.Broker.Hang();
        world.Broker.Refuses = body => body.Contains("t-3", StringComparison.Ordinal);
        var client = world.Client();
        for (var i = 0; i < 6; i++)
            client.Log(Tool(i));
        world.Broker.GoOn();
        await world.UntilLaterAsync(() => client.Counts is { Published: 5, Spooled: 1 });

        world.Broker.Refuses = _ => false;
        await world.UntilLaterAsync(() => client.Counts.Forwarded == 1);

        world.Broker.Bodies.Order(StringComparer.Ordinal)
            .Select(body => (string?)JsonNode.Parse(body)!["log_id"])
            .ShouldBe(["t-0", "t-1", "t-2", "t-3", "t-4", "t-5"]);
    }

    [Fact]
    public async Task A_logger_that_throws_harms_nobody()
    {
        await using var world = new World();
        world.Broker.IsAway = true;
        var options = new WorkerClientOptions { RabbitMq = "amqp://localhost", SpoolPath = world.Spool };
        await using var client = new WorkerClient(
            options, new ThrowingLogger(), meters: null, world.Clock, world.Broker);

        client.Log((ToolLogged)null!).ShouldBeFalse();
        client.Log(Tool(1)).ShouldBeTrue();
        await UntilAsync(() => client.Counts.Spooled == 1);
        world.Broker.IsAway = false;

        await world.UntilLaterAsync(() => client.Counts.Forwarded == 1);
    }

    /// <summary>What the broker gets of a call, whenever it was made.</summary>
    private static string Sent(World world, int number) =>
        world.Broker.Bodies.First(body => body.Contains($"\"t-{number}\"", StringComparison.Ordinal));
}
