using System.Net;
using Worker.Storage;
using static Worker.Tests.Evaluation.Models.FakeModelServer;

namespace Worker.Tests.Front.Calls;

/// <summary>Whatever a provider can do instead of answering is told, and kept as a Log.</summary>
public sealed class CallFailureTests
{
    private const string Call = """{"path":"p","prompt":{"model":"m","template":"x"}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400, HttpStatusCode.BadRequest, "refused the call")]
    [InlineData(401, HttpStatusCode.BadRequest, "refused the key that is configured")]
    [InlineData(402, HttpStatusCode.BadRequest, "is empty")]
    [InlineData(403, HttpStatusCode.BadRequest, "refused the key")]
    [InlineData(404, HttpStatusCode.BadRequest, "knows no model m")]
    [InlineData(422, HttpStatusCode.BadRequest, "refused the call")]
    [InlineData(429, HttpStatusCode.TooManyRequests, "too often")]
    [InlineData(500, HttpStatusCode.BadGateway, "failed (500)")]
    [InlineData(503, HttpStatusCode.BadGateway, "failed (503)")]
    public async Task What_the_provider_refuses_is_told_and_logged(int status, HttpStatusCode told, string words)
    {
        await using var world = await CallWorld.StartAsync(Fails(status, $"Because. {CallWorld.OperatorsKey}"));

        var (answered, answer) = await world.CallAsync(Call);

        answered.ShouldBe(told);
        var detail = (string)answer!["detail"]!;
        detail.ShouldContain(words);
        detail.ShouldContain("Because.");
        detail.ShouldNotContain(CallWorld.OperatorsKey);
        var log = world.Front.OnlyBody();
        ((string)log["error"]!).TrimEnd('.').ShouldBe(detail.TrimEnd('.'));
        log["output"].ShouldBeNull();
        ((string)log["prompt"]!["model"]!).ShouldBe("m");
        log["end_time"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("7", "7")]
    [InlineData("soon", "2")]
    [InlineData(null, "2")]
    public async Task A_provider_that_is_asked_too_often_says_when_to_come_back(string? said, string told)
    {
        await using var world = await CallWorld.StartAsync(Raw(429, "{}", said is null ? [] : [("Retry-After", said)]));
        using var content = new StringContent(Call);

        using var response = await world.Front.Client.PostAsync("/v5/prompts/call", content, Token);

        response.Headers.GetValues("Retry-After").ShouldBe([told]);
    }

    [Theory]
    [InlineData(200, "<html>")]
    [InlineData(200, "[]")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"choices":[]}""")]
    [InlineData(200, """{"choices":[{"message":{"content":"\ud800"}}]}""")]
    [InlineData(200, """{"choices":1,"choices":2}""")]
    [InlineData(200, """{"error":{"message":"no","code":"x"}}""")]
    [InlineData(503, "<html>")]
    public async Task What_nobody_can_read_is_the_providers_fault(int status, string body)
    {
        await using var world = await CallWorld.StartAsync(Raw(status, body));

        (await world.CallAsync(Call)).Status.ShouldBe(HttpStatusCode.BadGateway);

        ((string)world.Front.OnlyBody()["error"]!).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task What_nobody_needs_of_an_answer_may_be_odd()
    {
        await using var world = await CallWorld.StartAsync(
            Raw(200, """{"choices":[{"message":{"content":"yes"},"logprobs":{"a":1,"a":2}}],"x":"\ud800"}"""));

        var (status, answer) = await world.CallAsync(Call);

        status.ShouldBe(HttpStatusCode.OK);
        ((string)answer!["logs"]![0]!["output"]!).ShouldBe("yes");
        world.Front.OnlyBody()["provider_response"].ShouldBeNull();
    }

    [Fact]
    public async Task What_nests_too_deep_is_no_answer()
    {
        await using var world = await CallWorld.StartAsync(
            Raw(200, """{"choices":[{"message":{"content":"yes"}}],"x":DEEP}""".Replace("DEEP", Nested(50), StringComparison.Ordinal)));

        (await world.CallAsync(Call)).Status.ShouldBe(HttpStatusCode.BadGateway);
        var (status, _) = await world.CallAsync(
            """{"path":"p","prompt":{"model":"m","template":"x","other":{"x":DEEP}}}""".Replace("DEEP", Nested(58), StringComparison.Ordinal));

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task An_error_in_an_answer_of_success_is_one()
    {
        await using var world = await CallWorld.StartAsync(Raw(200, """{"error":{"message":"Too fast","code":429}}"""));

        (await world.CallAsync(Call)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task An_answer_without_end_is_given_up()
    {
        await using var world = await CallWorld.StartAsync(Raw(200, new string(' ', (4 * 1024 * 1024) + 1)));

        var (status, answer) = await world.CallAsync(Call);

        status.ShouldBe(HttpStatusCode.BadGateway);
        ((string)answer!["detail"]!).ShouldContain("longer than 4194304 bytes");
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var other = await StartAsync(Says("yes"));
        await using var world = await CallWorld.StartAsync(Raw(307, "", ("Location", other.Url)));

        (await world.CallAsync(Call)).Status.ShouldBe(HttpStatusCode.BadRequest);

        other.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_provider_that_cannot_be_reached_is_told()
    {
        await using var world = await CallWorld.StartAsync(
            [("Evaluation:Models:Providers:away:BaseUrl", "http://127.0.0.1:1/v1")], Says("yes"));

        var (status, answer) = await world.CallAsync("""{"path":"p","prompt":{"model":"m","template":"x","provider":"away"}}""");

        status.ShouldBe(HttpStatusCode.BadGateway);
        ((string)answer!["detail"]!).ShouldContain("the provider away");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_provider_that_does_not_answer_is_left(bool isStreamed)
    {
        await using var world = await CallWorld.StartAsync(
            [("Front:CallTimeout", "00:00:01")], context => Task.Delay(Timeout.Infinite, context.RequestAborted));

        var (status, _) = await world.CallAsync(Call.Replace("{\"path\"", $"{{\"stream\":{(isStreamed ? "true" : "false")},\"path\"", StringComparison.Ordinal));

        status.ShouldBe(HttpStatusCode.GatewayTimeout);
        ((string)world.Front.OnlyBody()["error"]!).ShouldContain("longer than 00:00:01");
    }

    [Fact]
    public async Task No_more_are_called_at_once_than_is_allowed()
    {
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var world = await CallWorld.StartAsync([("Front:Calls", "1")], async context =>
        {
            entered.TrySetResult();
            await release.Task;
            await Says("yes")(context);
        });

        var first = world.CallAsync(Call);
        await entered.Task.WaitAsync(Token);
        using var content = new StringContent(Call);
        using var second = await world.Front.Client.PostAsync("/v5/prompts/call", content, Token);
        release.SetResult();

        second.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        second.Headers.Contains("Retry-After").ShouldBeTrue();
        (await first).Status.ShouldBe(HttpStatusCode.OK);
        (await world.CallAsync(Call)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task None_are_called_where_that_is_configured()
    {
        await using var world = await CallWorld.StartAsync([("Front:Calls", "0")], Says("yes"));

        (await world.CallAsync(Call)).Status.ShouldBe(HttpStatusCode.NotImplemented);
    }

    [Fact]
    public async Task A_call_that_cannot_be_logged_is_not_answered_with_success()
    {
        await using var world = await CallWorld.StartAsync(Says("yes"));
        world.Front.Intake.Refuse();

        (await world.CallAsync(Call)).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Somebody_who_leaves_is_called_for_no_longer_and_the_log_says_so()
    {
        var (asked, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var world = await CallWorld.StartAsync(async context =>
        {
            context.RequestAborted.Register(ended.SetResult);
            asked.SetResult();
            await ended.Task;
        });
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var content = new StringContent(Call);

        var call = world.Front.Client.PostAsync("/v5/prompts/call", content, leaving.Token);
        await asked.Task.WaitAsync(Token);
        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => call);
        await ended.Task.WaitAsync(Token);
        await world.Front.Intake.First.WaitAsync(Token);
        ((string)world.Front.OnlyBody()["error"]!).ShouldContain("left before");
    }

    [Fact]
    public async Task A_key_calls_what_it_may_log_to_and_sees_no_other()
    {
        await using var world = await CallWorld.StartAsync(Says("yes"));
        var key = await world.Front.KeyAsync(KeyRoles.Ingest, path: "a");
        var reader = await world.Front.KeyAsync(KeyRoles.Read);
        var admin = await world.Front.KeyAsync(KeyRoles.Admin);
        await KeyedAsync(world, admin, """{"path":"b/secret","model":"m","template":"hidden"}""", "/v5/prompts");
        await world.Front.DrainAsync();

        (await KeyedAsync(world, key, """{"path":"a/x","prompt":{"model":"m","template":"x"}}""")).ShouldBe(HttpStatusCode.OK);
        (await KeyedAsync(world, key, """{"path":"b/x","prompt":{"model":"m","template":"x"}}""")).ShouldBe(HttpStatusCode.Forbidden);
        (await KeyedAsync(world, key, """{"path":"b/secret"}""")).ShouldBe(HttpStatusCode.NotFound);
        (await KeyedAsync(world, reader, Call)).ShouldBe(HttpStatusCode.Forbidden);
        world.Model.Requests.Count.ShouldBe(1);
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static async Task<HttpStatusCode> KeyedAsync(
        CallWorld world, string key, string body, string path = "/v5/prompts/call")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body), Headers = { { "X-API-KEY", key } },
        };
        return (await world.Front.SendAsync(request)).Status;
    }
}
