using System.Net;
using System.Text.Json.Nodes;
using Worker.Diagnostics;
using Worker.Errors;
using Worker.Runs;
using Worker.Storage;
using Worker.Tests.Front;

namespace Worker.Tests.Viewer;

/// <summary>How the worker is, as the page shows it.</summary>
public sealed class StatusTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_tells_what_waits_what_is_due_and_what_was_refused()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        await world.Store.AppendAsync([Message("1"), Message("22")], Token);
        await world.Store.AddAsync([Some.DeadLetter("a"), Some.DeadLetter("b", "2")], Token);
        await world.Store.WakeAsync([new Wake("flow", Complete: true)], Some.Timers, Some.Time, Token);

        var status = await StatusAsync(world);

        status["missing"]!.AsArray().ShouldBeEmpty();
        status["inbox"]!["messages"]!.GetValue<int>().ShouldBe(2);
        status["inbox"]!["bytes"]!.GetValue<int>().ShouldBe(3);
        status["inbox"]!["is_spill"]!.GetValue<bool>().ShouldBeFalse();
        status["due"]!["count"]!.GetValue<int>().ShouldBe(1);
        status["due"]!["oldest"]!.GetValue<long>().ShouldBeLessThan(status["now"]!.GetValue<long>());
        status["dead_letters"]!.GetValue<int>().ShouldBe(2);
        status["wait_for_paused"]!.GetValue<int>().ShouldBe(0);
        status["is_paused"].ShouldBeNull("a front alone takes no messages");
        status["received"].ShouldBeNull("nor has it judged");
        status["version"]!.GetValue<string>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task What_stands_still_is_told_as_health_tells_it()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        world.Stalls.Current = [new Stall("Something stands still")];

        (await StatusAsync(world))["stalls"]![0]!.GetValue<string>().ShouldBe("Something stands still");
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_told_and_the_rest_too()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        await StatusAsync(world, "letters");
        world.Store.Failure = new StoreUnavailableException("down", new IOException());

        var status = await StatusAsync(world);

        status["missing"]![0]!.GetValue<string>().ShouldBe("The store takes no writes");
        status["due"].ShouldBeNull();
        status["dead_letters"].ShouldBeNull();
        status["workers"].ShouldBeNull();
        status["version"]!.GetValue<string>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Who_shares_the_store_is_told_with_version_and_when_each_was_seen()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        await world.Store.SeeAsync(world.Self.At(Some.At(2)), Token);
        await world.Store.SeeAsync(
            world.Self.At(Some.At(1)) with { Id = "other", Host = "web-2", ProcessId = 7, Version = "0.0.1", Role = "run" }, Token);

        var workers = (await StatusAsync(world))["workers"]!.AsArray();

        workers.Count.ShouldBe(2);
        workers[0]!["is_self"]!.GetValue<bool>().ShouldBeTrue();
        workers[0]!["role"]!.GetValue<string>().ShouldBe("serve");
        workers[0]!["pid"]!.GetValue<int>().ShouldBe(Environment.ProcessId);
        workers[1]!.ToJsonString().ShouldBe(
            $$"""{"host":"web-2","pid":7,"version":"0.0.1","role":"run","started_at":{{Some.Micros()}},"seen_at":{{Some.Micros(1)}},"is_self":false}""");
    }

    [Theory]
    [InlineData("status")]
    [InlineData("letters")]
    [InlineData("letter?id=x")]
    public async Task A_key_for_some_files_is_not_told_of_all(string path)
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        var key = await world.KeyAsync(KeyRoles.Read, path: "support");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/ui/api/{path}");
        request.Headers.Add("X-API-KEY", key);

        using var response = await world.Browser.SendAsync(request, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await response.Content.ReadAsStringAsync(Token)).ShouldContain("take one without a path");
    }

    private static InboxMessage Message(string body) => new()
    {
        Type = "tool.logged",
        MessageId = body,
        ContentType = "application/json",
        Body = System.Text.Encoding.UTF8.GetBytes(body),
        ReceivedAt = Some.Time,
    };

    private static async Task<JsonNode> StatusAsync(FrontWorld world, string what = "status") =>
        JsonNode.Parse(await world.Browser.GetStringAsync($"/ui/api/{what}", Token))!;
}
