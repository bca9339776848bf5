using System.Net;
using Worker.Publishing;

namespace Worker.Tests.Front;

public sealed class FaultyRequestsTests
{
    private static string Long => new('x', 300);

    public static TheoryData<string, string, string> Invalid => new()
    {
        { "{", """["body"]""", "value_error.jsondecode" },
        { "", """["body"]""", "value_error.jsondecode" },
        { "{} {}", """["body"]""", "value_error.jsondecode" },
        { "[1]", """["body"]""", "type_error.dict" },
        { "\"text\"", """["body"]""", "type_error.dict" },
        { """{"log_id":3}""", """["body","log_id"]""", "type_error.str" },
        { $$"""{"log_id":"{{Long}}"}""", """["body","log_id"]""", "value_error.any_str.max_length" },
        { string.Concat(Enumerable.Repeat("{\"a\":", 70)) + "1" + new string('}', 70), """["body"]""", "value_error" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task What_can_never_be_read_is_422_in_the_services_shape(string body, string location, string type)
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, answer) = await world.PostAsync("/v5/tools/log", body);

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer!.AsObject().Count.ShouldBe(1);
        var fault = answer["detail"]!.AsArray().ShouldHaveSingleItem()!.AsObject();
        fault.Select(member => member.Key).ShouldBe(["loc", "msg", "type"]);
        fault["loc"]!.ToJsonString().ShouldBe(location);
        ((string)fault["type"]!).ShouldBe(type);
        ((string)fault["msg"]!).ShouldEndWith(".");
        world.Intake.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_id_in_the_path_that_cannot_be_is_said_to_be_there()
    {
        await using var world = await FrontWorld.StartAsync();

        foreach (var id in new[] { "", Long })
        {
            var (status, answer) = await world.PatchAsync($"/v5/flows/logs/{id}", "{}");
            status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            answer!["detail"]![0]!["loc"]!.ToJsonString().ShouldBe("""["path","log_id"]""");
        }

        var (_, none) = await world.SendAsync(HttpMethod.Delete, "/v5/logs");
        none!["detail"]![0]!["loc"]!.ToJsonString().ShouldBe("""["query","id"]""");
    }

    [Fact]
    public async Task A_wrongly_typed_optional_field_does_not_lose_the_Log()
    {
        await using var world = await FrontWorld.StartAsync();

        (await world.PostAsync("/v5/tools/log", """{"log_id":"t","start_time":"soon","inputs":[]}""")).Status.ShouldBe(HttpStatusCode.OK);
        await world.DrainAsync();

        var (_, log) = await world.GetAsync("/v5/logs/t");
        log!["problems"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task One_id_under_two_kinds_is_409()
    {
        await using var world = await FrontWorld.StartAsync();
        await world.PostAsync("/v5/tools/log", """{"log_id":"a"}""");
        await world.DrainAsync();

        (await world.PostAsync("/v5/flows/log", """{"log_id":"a"}""")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await world.PatchAsync("/v5/flows/logs/a", "{}")).Status.ShouldBe(HttpStatusCode.Conflict);
        world.Intake.Taken.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_no_worker_would_take_is_413(bool isAnnounced)
    {
        await using var world = await FrontWorld.StartAsync(("Ingestion:MaxMessageBytes", "2000"));

        foreach (var length in new[] { 1980, 2100, 100_000 })
        {
            var body = $$"""{"output":"{{new string('x', length - 13)}}"}""";
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v5/tools/log") { Content = new StringContent(body) };
            request.Headers.TransferEncodingChunked = !isAnnounced;
            var (status, answer) = await world.SendAsync(request);
            status.ShouldBe(HttpStatusCode.RequestEntityTooLarge, $"{length}");
            ((string)answer!["detail"]!).ShouldContain("Ingestion:MaxMessageBytes");
        }

        world.Intake.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_not_taken_is_503_with_the_time_to_try_again()
    {
        await using var world = await FrontWorld.StartAsync();
        world.Intake.Before = () => throw new NotTakenException("RabbitMQ does not answer.");

        using var response = await world.Client.PostAsync("/v5/tools/log", new StringContent("{}"), TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.ShouldNotBeNull();
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("""{"detail":"RabbitMQ does not answer."}""");
    }

    [Fact]
    public async Task What_may_have_been_taken_is_told_with_the_id_that_makes_a_repeat_harmless()
    {
        await using var world = await FrontWorld.StartAsync();
        world.Intake.Before = () => throw new NotTakenException("RabbitMQ did not confirm.") { MayBeTaken = true };

        var (status, answer) = await world.PostAsync("/v5/tools/log", """{"log_id":"mine"}""");

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        ((string)answer!["detail"]!).ShouldContain("sent again with log_id mine");
    }

    [Fact]
    public async Task A_fault_of_the_fronts_own_shows_nothing_of_itself()
    {
        await using var world = await FrontWorld.StartAsync();
        world.Intake.Before = () => throw new InvalidOperationException("secret");

        var (status, answer) = await world.PostAsync("/v5/tools/log", "{}");

        status.ShouldBe(HttpStatusCode.InternalServerError);
        answer!.ToJsonString().ShouldNotContain("secret");
        answer.ToJsonString().ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("POST", "/v4/logs", 410)]
    [InlineData("POST", "/v5/sessions", 410)]
    [InlineData("PATCH", "/v5/evaluators/ev_1", 501)]
    [InlineData("PATCH", "/v5/flows/fl_1", 501)]
    [InlineData("PATCH", "/v5/evaluators/ev_1/log/l", 501)]
    [InlineData("POST", "/v5/agents/log", 501)]
    [InlineData("GET", "/v5/datasets/ds.1", 501)]
    [InlineData("POST", "/v5/evaluations", 501)]
    [InlineData("POST", "/v5/logs", 404)]
    [InlineData("POST", "/v5/prompts/pr_1/populate", 501)]
    [InlineData("GET", "/v5/tools/log/t", 501)]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/favicon.ico", 404)]
    public async Task What_is_not_offered_says_what_to_do_instead(string method, string path, int expected)
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, answer) = await world.SendAsync(new HttpMethod(method), path, method == "POST" ? "{}" : null);

        ((int)status).ShouldBe(expected);
        ((string)answer!.AsObject().ShouldHaveSingleItem().Value!).ShouldEndWith(".");
    }

    [Fact]
    public async Task No_answer_to_a_fault_is_long_however_long_the_request()
    {
        await using var world = await FrontWorld.StartAsync();

        foreach (var path in new[] { $"/v5/logs/{new string('x', 7000)}", $"/{new string('y', 7000)}" })
        {
            var (status, answer) = await world.GetAsync(path);
            status.ShouldBe(HttpStatusCode.NotFound);
            answer!.ToJsonString().Length.ShouldBeLessThan(2000);
        }
    }
}
