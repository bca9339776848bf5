using System.Net;

namespace Worker.Tests.Front;

public sealed class UpdatingAndReadingTests
{
    /// <summary>Every field of the page's answer.</summary>
    private static readonly string[] Fields =
    [
        "id", "evaluator_logs", "flow", "start_time", "end_time", "output", "created_at", "error", "provider_latency", "stdout",
        "provider_request", "provider_response", "inputs", "source", "metadata", "source_datapoint_id", "trace_parent_id", "batches",
        "user", "environment", "save", "trace_flow_id", "trace_id", "trace_children", "trace_status",
    ];

    [Fact]
    public async Task An_update_is_answered_with_every_field_of_what_is_stored_and_itself_over_it()
    {
        await using var world = await FrontWorld.StartAsync();
        await world.PostAsync("/v5/flows/log", """{"log_id":"f","path":"p","inputs":{"a":1},"user":"ann","output":"old"}""");
        await world.PostAsync("/v5/tools/log", """{"log_id":"t","path":"q","trace_parent_id":"f","start_time":"2026-01-02T03:04:05Z"}""");
        await world.DrainAsync();

        var (status, answer) = await world.PatchAsync(
            "/v5/flows/logs/f", """{"trace_status":"complete","output":"new","error":null}""");

        status.ShouldBe(HttpStatusCode.OK);
        answer!.AsObject().Select(member => member.Key).ShouldBeSubsetOf([.. Fields, "log_status"]);
        Fields.ShouldBeSubsetOf(answer.AsObject().Select(member => member.Key));
        ((string)answer["output"]!).ShouldBe("new");
        ((string)answer["user"]!).ShouldBe("ann");
        answer["inputs"]!.ToJsonString().ShouldBe("""{"a":1}""");
        ((string)answer["trace_status"]!).ShouldBe("complete");
        ((string)answer["flow"]!["path"]!).ShouldBe("p");
        answer["end_time"].ShouldNotBeNull();
        ((string)answer["trace_children"]!.AsArray().ShouldHaveSingleItem()!["id"]!).ShouldBe("t");
    }

    [Fact]
    public async Task An_update_that_comes_before_its_Log_is_taken_and_answered_with_itself()
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, answer) = await world.PatchAsync("/v5/flows/logs/f", """{"trace_status":"complete","output":""}""");
        await world.DrainAsync();

        status.ShouldBe(HttpStatusCode.OK);
        Fields.ShouldBeSubsetOf(answer!.AsObject().Select(member => member.Key));
        ((string)answer["trace_status"]!).ShouldBe("complete");
        (await world.LogsAsync("f"))["f"].IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task Null_unsets_in_an_update_and_what_is_absent_stays()
    {
        await using var world = await FrontWorld.StartAsync();
        await world.PostAsync("/v5/flows/log", """{"log_id":"f","path":"p","output":"x","error":"y"}""");
        await world.DrainAsync();

        await world.PatchAsync("/v5/flows/logs/f", """{"output":null}""");
        await world.DrainAsync();

        var (_, log) = await world.GetAsync("/v5/logs/f");
        log!["output"].ShouldBeNull();
        ((string)log["error"]!).ShouldBe("y");
    }

    [Theory]
    [InlineData("tools", "tool")]
    [InlineData("prompts", "prompt")]
    public async Task Tool_and_Prompt_Logs_are_updated_too(string files, string kind)
    {
        await using var world = await FrontWorld.StartAsync();
        await world.PostAsync($"/v5/{files}/log", """{"log_id":"a/b","path":"p"}""");
        await world.DrainAsync();

        var (status, answer) = await world.PatchAsync($"/v5/{files}/some%2Fid/log/a%2Fb", """{"output":"x"}""");

        status.ShouldBe(HttpStatusCode.OK);
        ((string)answer!["output"]!).ShouldBe("x");
        ((string)answer[kind]!["path"]!).ShouldBe("p");
    }

    [Theory]
    [InlineData("a/b", "a/b")]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%2F..%2Fb", "a/../b")]
    [InlineData("v1.0.2", "v1.0.2")]
    [InlineData("two%20words%20%3F%23%25", "two words ?#%")]
    [InlineData("gr%C3%BC%C3%9Fe", "grüße")]
    [InlineData("a+b%2Bc", "a+b+c")]
    [InlineData("/leading", "/leading")]
    public async Task An_id_arrives_whole(string path, string id)
    {
        await using var world = await FrontWorld.StartAsync();

        await world.PatchAsync($"/v5/flows/logs/{path}?x=1/2", """{"output":"x"}""");
        await world.DrainAsync();
        var (status, log) = await world.GetAsync($"/v5/logs/{path}");

        status.ShouldBe(HttpStatusCode.OK);
        ((string)log!["id"]!).ShouldBe(id);
    }

    [Fact]
    public async Task A_Log_that_is_deleted_is_not_found_any_more()
    {
        await using var world = await FrontWorld.StartAsync();
        foreach (var id in new[] { "a", "b", "c" })
            await world.PostAsync("/v5/tools/log", $$"""{"log_id":"{{id}}"}""");
        await world.DrainAsync();

        var (deleted, nothing) = await world.SendAsync(HttpMethod.Delete, "/v5/logs?id=a&id=b");
        await world.DrainAsync();

        deleted.ShouldBe(HttpStatusCode.NoContent);
        nothing.ShouldBeNull();
        (await world.GetAsync("/v5/logs/a")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await world.GetAsync("/v5/logs/c")).Status.ShouldBe(HttpStatusCode.OK);
        (await world.PatchAsync("/v5/tools/x/log/b", "{}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await world.PostAsync("/v5/tools/log", """{"log_id":"b"}""")).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_store_that_is_down_answers_no_reader()
    {
        await using var world = await FrontWorld.StartAsync();
        await world.GetAsync("/v5/logs/none");
        world.Store.Failure = new Errors.StoreUnavailableException("The store at its secret place is down.");

        var (status, answer) = await world.GetAsync("/v5/logs/f");

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        ((string)answer!["detail"]!).ShouldBe("The store does not answer; what was logged is not lost.");
    }
}
