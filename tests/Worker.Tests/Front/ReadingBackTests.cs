using System.Net;
using Microsoft.Extensions.Time.Testing;
using Worker.Front;
using Worker.Traces;

namespace Worker.Tests.Front;

/// <summary>Whoever logs and then reads sees what was logged, if it asks to.</summary>
public sealed class ReadingBackTests
{
    [Fact]
    public async Task A_reader_that_waits_sees_what_was_written_before()
    {
        await using var world = await FrontWorld.StartAsync();
        await world.PostAsync("/v5/flows/log", """{"log_id":"f","path":"p"}""");
        await world.PostAsync("/v5/tools/log", """{"log_id":"t","path":"q","trace_parent_id":"f"}""");
        await world.PostAsync("/v5/tools/log", """{"log_id":"u","path":"q","trace_parent_id":"t"}""");

        var reading = ReadAsync(world, "f", wait: "wait=20");
        await world.DrainAsync();
        var (status, known, _) = await reading;

        (status, known).ShouldBe((HttpStatusCode.OK, "stored"));
        var log = (await world.GetAsync("/v5/logs/f")).Json!;
        ((string)log["trace_children"]![0]!["trace_children"]![0]!["id"]!).ShouldBe("u");
    }

    [Fact]
    public async Task A_reader_that_does_not_wait_is_told_that_something_is_missing()
    {
        await using var world = await FrontWorld.StartAsync();
        await world.PostAsync("/v5/flows/log", """{"log_id":"f","path":"p"}""");
        await world.DrainAsync();
        (await ReadAsync(world, "f")).Known.ShouldBe("stored");
        await world.PatchAsync("/v5/flows/logs/f", """{"output":"x","trace_status":"complete"}""");

        (await ReadAsync(world, "f")).Known.ShouldBe("part");
        (await ReadAsync(world, "f", wait: "wait=0")).Known.ShouldBe("part");
        (await ReadAsync(world, "f", wait: "respond-async, wait=0")).Applied.ShouldBe("wait=0");
        await world.DrainAsync();
        (await ReadAsync(world, "f")).Known.ShouldBe("stored");
    }

    [Fact]
    public async Task The_setting_waits_for_clients_that_cannot_say_it()
    {
        await using var world = await FrontWorld.StartAsync(("Front:ReadWait", "00:00:20"));
        await world.PostAsync("/v5/tools/log", """{"log_id":"t","path":"q","save":false,"output":"secret"}""");

        var reading = ReadAsync(world, "t");
        await world.DrainAsync();

        (await reading).ShouldBe((HttpStatusCode.OK, "stored", null));
    }

    [Fact]
    public async Task A_request_that_its_client_names_is_one_Log_however_often_it_comes()
    {
        await using var world = await FrontWorld.StartAsync();
        var ids = new List<string>();
        foreach (var (path, name) in new[] { ("tools", "a"), ("tools", "a"), ("tools", "b"), ("flows", "a"), ("tools", "") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v5/{path}/log") { Content = new StringContent("""{"path":"p"}""") };
            request.Headers.Add("Idempotency-Key", name);
            var (status, answer) = await world.SendAsync(request);
            status.ShouldBe(HttpStatusCode.OK);
            ids.Add((string)answer!["id"]!);
        }

        ids[1].ShouldBe(ids[0]);
        ids.Distinct().Count().ShouldBe(4);
        await world.DrainAsync();
        (await world.LogsAsync([.. ids])).Count.ShouldBe(4);
    }

    [Fact]
    public void What_was_written_long_ago_is_waited_for_no_longer_and_memory_is_bounded()
    {
        var time = new FakeTimeProvider(Some.Time);
        var recent = new RecentWrites(time);
        for (var i = 0; i < 50_000; i++)
            recent.Add(RecentWrite.Of(Said($"t{i}", parent: "f")));

        recent.Of("f").Count.ShouldBe(20_000);
        recent.Of("t0").ShouldBeEmpty();
        recent.Of("t49999").ShouldHaveSingleItem();
        time.Advance(TimeSpan.FromSeconds(31));
        recent.Of("f").ShouldBeEmpty();
    }

    [Fact]
    public void Logs_that_name_each_other_as_parents_are_found_once()
    {
        var recent = new RecentWrites(new FakeTimeProvider(Some.Time));
        recent.Add(RecentWrite.Of(Said("a", parent: "b")));
        recent.Add(RecentWrite.Of(Said("b", parent: "a")));
        recent.Add(RecentWrite.Of(Said("a", parent: "b")));

        recent.Of("a").Select(write => write.LogId).ShouldBe(["a", "a", "b"]);
    }

    private static LogMessage Said(string id, string parent) => new()
    {
        Kind = MessageKind.ToolLogged,
        LogId = id,
        Identity = LogIdentity.LogId,
        MessageId = id,
        ReceivedAt = 0,
        Changes = [new(LogFields.TraceParentId, JsonValue.FromText(parent), Stamp.Lowest)],
    };

    private static async Task<(HttpStatusCode Status, string? Known, string? Applied)> ReadAsync(
        FrontWorld world, string id, string? wait = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v5/logs/" + id);
        if (wait is not null)
            request.Headers.Add("Prefer", wait);
        using var response = await world.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, Header(response, "Worker-Known"), Header(response, "Preference-Applied"));
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
