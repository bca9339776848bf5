using static Worker.Client.Tests.World;

namespace Worker.Client.Tests;

public sealed class DisposalTests
{
    [Fact]
    public async Task Disposal_sends_what_is_held_and_takes_nothing_more()
    {
        await using var world = new World();
        world.Broker.Hang();
        var client = world.Client();
        for (var i = 0; i < 50; i++)
            client.Log(Tool(i));

        var disposing = client.DisposeAsync().AsTask();
        client.Log(Tool(51)).ShouldBeFalse();
        world.Broker.GoOn();
        await disposing;
        await client.DisposeAsync();

        world.Broker.Received.Count.ShouldBe(50);
        client.Counts.ShouldBe(new WorkerClientCounts(50, 50, 0, 0, Refused: 1, 0, 0));
    }

    [Fact]
    public async Task What_is_not_sent_in_time_is_on_disk_and_the_next_client_sends_it()
    {
        await using var world = new World();
        world.Broker.Hang();
        var client = world.Client(options => options.DrainTimeout = TimeSpan.FromSeconds(5));
        for (var i = 0; i < 50; i++)
            client.Log(Tool(i));

        var disposing = client.DisposeAsync().AsTask();
        await world.UntilLaterAsync(() => disposing.IsCompleted);
        client.Counts.ShouldBe(new WorkerClientCounts(50, 0, Spooled: 50, 0, 0, 0, 0));
        world.Broker.GoOn();
        var next = world.Client();
        await world.UntilLaterAsync(() => next.Counts.Forwarded == 50);

        world.Broker.Received.Count.ShouldBe(50);
        world.Said("SpoolFound").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_neither_broker_nor_disk_takes_is_dropped_counted_and_told()
    {
        await using var world = new World();
        world.Broker.IsAway = true;
        var client = world.Client(options => options.SpoolPath = "");
        for (var i = 0; i < 50; i++)
            client.Log(Tool(i));

        var disposing = client.DisposeAsync().AsTask();
        await world.UntilLaterAsync(() => disposing.IsCompleted);

        client.Counts.ShouldBe(new WorkerClientCounts(50, 0, 0, 0, 0, Dropped: 50, InMemory: 0));
        world.Said("Dropped").ShouldBe(["50 calls were dropped: shutdown 50"]);
    }

    [Fact]
    public async Task Disposal_while_the_broker_is_away_does_not_wait_for_it()
    {
        await using var world = new World();
        world.Broker.IsAway = true;
        var client = world.Client();
        client.Log(Tool(1));
        await UntilAsync(() => client.Counts.Spooled == 1);

        // The clock stands: no limit passes.
        await client.DisposeAsync();

        client.Counts.Spooled.ShouldBe(1);
    }
}
