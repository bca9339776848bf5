using System.Globalization;
using System.Net;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Front;

public sealed class TakingLogsTests
{
    [Theory]
    [InlineData("tools", "tool", "tl")]
    [InlineData("prompts", "prompt", "pr")]
    [InlineData("flows", "flow", "fl")]
    public async Task A_Log_is_answered_with_the_ids_that_the_worker_gives_it(string files, string kind, string prefix)
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, answer) = await world.PostAsync(
            $"/v5/{files}/log", $$"""{"path":"/a/b/","{{kind}}":{"attributes":{"v":1} } }""");
        await world.DrainAsync();

        status.ShouldBe(HttpStatusCode.OK);
        var id = (string)answer!["id"]!;
        var stored = (await world.LogsAsync(id))[id];
        ((string)answer[$"{kind}_id"]!).ShouldBe(stored.Resolution!.FileId);
        ((string)answer["version_id"]!).ShouldBe(stored.Resolution.VersionId);
        stored.Resolution.FileId!.ShouldStartWith(prefix + "_");
        stored.Kind.WireName().ShouldBe(kind);
    }

    [Fact]
    public async Task Everything_that_was_sent_is_in_the_message_with_the_query_beside_it()
    {
        await using var world = await FrontWorld.StartAsync();

        await world.PostAsync(
            "/v5/tools/log?version_id=v-1&environment=staging",
            """{"id":"tl_1","environment":"label","output":3,"inputs":{"a.b":{"$x":null}},"unknown":[1], "log_id":"mine"}""");

        var body = world.OnlyBody();
        ((string)body["version_id"]!).ShouldBe("v-1");
        ((string)body["version_environment"]!).ShouldBe("staging");
        ((string)body["environment"]!).ShouldBe("label");
        ((string)body["id"]!).ShouldBe("tl_1");
        ((string)body["log_id"]!).ShouldBe("mine");
        body["inputs"]!.ToJsonString().ShouldBe("""{"a.b":{"$x":null}}""");
        Timestamps.Parse((string)body["sent_at"]!).ShouldNotBeNull();
        var message = world.Intake.Taken[0];
        (message.Type, message.ContentType).ShouldBe(("tool.logged", "application/json"));
        message.MessageId.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"log_id":null}""")]
    [InlineData("""{"log_id":""}""")]
    [InlineData("""{"log_id":"first","log_id":null}""")]
    public async Task Without_an_id_of_the_clients_every_request_is_a_Log_of_its_own(string body)
    {
        await using var world = await FrontWorld.StartAsync();

        var (_, first) = await world.PostAsync("/v5/tools/log", body);
        var (_, second) = await world.PostAsync("/v5/tools/log", body);

        ((string)first!["id"]!).ShouldStartWith("log_");
        ((string)second!["id"]!).ShouldNotBe((string)first["id"]!);
        await world.DrainAsync();
        (await world.LogsAsync((string)first["id"]!, (string)second["id"]!)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Without_anything_that_names_a_File_its_ids_are_empty_and_the_Log_is_taken()
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, answer) = await world.PostAsync("/v5/tools/log", "{}");

        status.ShouldBe(HttpStatusCode.OK);
        ((string)answer!["tool_id"]!).ShouldBeEmpty();
        ((string)answer["version_id"]!).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"trace_status":"complete","output":"x"}""", "complete")]
    [InlineData("""{"log_status":"COMPLETE","error":""}""", "complete")]
    [InlineData("""{"trace_status":"complete"}""", "incomplete")]
    [InlineData("""{"output":"x"}""", "incomplete")]
    public async Task A_Flow_Log_is_answered_with_its_status_under_both_names(string body, string status)
    {
        await using var world = await FrontWorld.StartAsync();

        var (_, answer) = await world.PostAsync("/v5/flows/log", body);

        ((string)answer!["trace_status"]!).ShouldBe(status);
        ((string)answer["log_status"]!).ShouldBe(status);
    }

    [Theory]
    [InlineData("\"2026-01-02T03:04:05\"")]
    [InlineData("\"2026-01-02T03:04:05.000Z\"")]
    [InlineData("1767323045.0")]
    [InlineData("1767323045000")]
    public async Task A_date_is_read_in_every_form_that_clients_send(string date)
    {
        await using var world = await FrontWorld.StartAsync();

        var (_, answer) = await world.PostAsync("/v5/tools/log", $$"""{"path":"p","start_time":{{date}},"error":NaN}""");
        await world.DrainAsync();

        var (_, log) = await world.GetAsync($"/v5/logs/{answer!["id"]}");
        DateTimeOffset.Parse((string)log!["start_time"]!, CultureInfo.InvariantCulture).ShouldBe(Some.Time);
        log["error"].ShouldBeNull();
    }

    [Fact]
    public async Task What_looks_like_another_librarys_envelope_is_a_body_like_any_other()
    {
        await using var world = await FrontWorld.StartAsync();

        var (_, answer) = await world.PostAsync(
            "/v5/tools/log",
            """{"message\u0054ype":["urn:message:Worker.Contracts:FlowLogged"],"message":{"log_id":"other"},"log_id":"mine"}""");
        await world.DrainAsync();

        ((string)answer!["id"]!).ShouldBe("mine");
        (await world.LogsAsync("mine", "other")).Keys.ShouldBe(["mine"]);
    }

    [Fact]
    public async Task Nothing_is_answered_before_it_is_durable()
    {
        await using var world = await FrontWorld.StartAsync();
        var durable = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        world.Intake.Before = () =>
        {
            reached.TrySetResult();
            return durable.Task;
        };

        var answer = world.PostAsync("/v5/tools/log", "{}");
        await reached.Task;
        answer.IsCompleted.ShouldBeFalse();
        durable.SetResult();

        (await answer).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_Logs_Version_is_the_one_that_is_deployed_where_the_store_knows()
    {
        await using var world = await FrontWorld.StartAsync();
        var (_, first) = await world.PostAsync("/v5/tools/log", """{"path":"p","tool":{"attributes":{"v":1}}}""");
        await world.DrainAsync();
        await ((IFileStore)world.Store).DeployAsync(
            new((string)first!["tool_id"]!, "staging", (string)first["version_id"]!), TestContext.Current.CancellationToken);

        var (_, second) = await world.PostAsync("/v5/tools/log?environment=staging", """{"path":"p"}""");

        ((string)second!["version_id"]!).ShouldBe((string)first["version_id"]!);
    }

    [Fact]
    public async Task A_store_that_is_down_keeps_nothing_from_being_taken()
    {
        await using var world = await FrontWorld.StartAsync();
        await world.GetAsync("/v5/logs/none");
        world.Store.Failure = new Errors.StoreUnavailableException("The store is down.");

        var (posted, _) = await world.PostAsync("/v5/flows/log", """{"log_id":"f","path":"p"}""");
        var (patched, answer) = await world.PatchAsync("/v5/flows/logs/f", """{"output":"x"}""");

        posted.ShouldBe(HttpStatusCode.OK);
        patched.ShouldBe(HttpStatusCode.OK);
        ((string)answer!["output"]!).ShouldBe("x");
        world.Intake.Taken.Count.ShouldBe(2);
    }

    [Fact]
    public async Task As_long_as_nobody_knows_whether_there_are_keys_nobody_comes_in()
    {
        await using var world = await FrontWorld.StartAsync();
        world.Store.Failure = new Errors.StoreUnavailableException("The store is down.");

        var (status, answer) = await world.PostAsync("/v5/flows/log", """{"log_id":"f","path":"p"}""");

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        ((string)answer!["detail"]!).ShouldContain("nothing was taken");
        world.Intake.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_in_gzip_is_unpacked()
    {
        await using var world = await FrontWorld.StartAsync();
        using var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
            gzip.Write("""{"log_id":"packed"}"""u8);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v5/tools/log") { Content = new ByteArrayContent(packed.ToArray()) };
        request.Content.Headers.ContentEncoding.Add("gzip");

        (await world.SendAsync(request)).Status.ShouldBe(HttpStatusCode.OK);

        ((string)world.OnlyBody()["log_id"]!).ShouldBe("packed");
    }

    [Fact]
    public async Task What_is_not_to_be_saved_is_not_in_the_message_and_its_trace_completes_all_the_same()
    {
        await using var world = await FrontWorld.StartAsync();

        await world.PostAsync(
            "/v5/flows/log",
            """{"log_id":"f","save":"no","trace_status":"complete","path":"p","inputs":{"a":"secret"},"output":"secret","error":"secret","stdout":"secret","messages":["secret"],"output_message":{"a":"secret"},"provider_request":{"a":"secret"},"secret":1,"metadata":{"kept":1},"batch_id":"b"}""");
        await world.DrainAsync();

        var body = world.OnlyBody();
        body.ToJsonString().ShouldNotContain("secret");
        body["metadata"]!.ToJsonString().ShouldBe("""{"kept":1}""");
        var log = (await world.LogsAsync("f"))["f"];
        log.IsComplete.ShouldBeTrue();
        log.Withheld.ShouldBeTrue();
        log.HadError.ShouldBeTrue();
        log.Batches.ShouldBe(["b"]);
        log.Path.ShouldBe("p");
    }
}
