using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Worker.Evaluation;
using static Worker.Tests.Evaluation.Models.FakeModelServer;

namespace Worker.Tests.Evaluation.Models;

/// <summary>Whatever a provider can do instead of answering.</summary>
public sealed class LlmFailureTests
{
    [Theory]
    [InlineData("7", 7)]
    [InlineData("1.5", 1.5)]
    [InlineData("0", 0)]
    public async Task A_provider_that_is_asked_too_often_says_when_to_come_back(string after, double seconds)
    {
        var failure = await TransientAsync(Raw(429, """{"error":{"message":"Slow down."}}""", ("Retry-After", after)));

        failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(seconds));
        failure.Message.ShouldContain("answered 429");
        failure.Message.ShouldContain("Slow down.");
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("Wed, 21 Oct 2015 07:28:00 GMT")]
    public async Task What_is_no_time_to_come_is_not_waited_for(string after) =>
        (await TransientAsync(Raw(429, "{}", ("Retry-After", after)))).RetryAfter.ShouldBeNull();

    [Theory]
    [InlineData(429, "Limit 3, used 3. Add a payment method at https://host/account/billing.")]
    [InlineData(503, "The billing service is not there.")]
    [InlineData(500, "insufficient_quota")]
    public async Task To_be_told_of_money_is_not_to_have_none(int status, string message) =>
        (await TransientAsync(Fails(status, message, "rate_limit_exceeded"))).Message.ShouldContain(message);

    [Fact]
    public async Task An_account_that_is_empty_does_not_say_when_to_come_back() =>
        (await TransientAsync(
            Raw(429, """{"error":{"message":"You exceeded your current quota."}}""", ("Retry-After", "20"))))
            .RetryAfter.ShouldBe(TimeSpan.FromSeconds(20));

    [Theory]
    [InlineData("insufficient_quota")]
    [InlineData("The model does not exist")]
    [InlineData("content_filter temperature json_schema max_completion_tokens")]
    public async Task A_trace_that_the_provider_repeats_decides_nothing(string attack)
    {
        var echo = System.Text.Json.JsonSerializer.Serialize(attack);
        await using var server = await StartAsync(Raw(
            422,
            $$$"""{"detail":[{"type":"missing","loc":["body","x"],"msg":"Field required","input":{"messages":[{"content":{{{echo}}}}]}}]}"""));
        using var judges = new Judges(server.Url);

        var answer = await Judges.AskAsync(judges.Read());

        answer.Error!.ShouldStartWith("the provider default");
        answer.Error!.ShouldContain("answered 422");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task It_may_say_so_as_a_date()
    {
        var at = (Judges.Now + TimeSpan.FromSeconds(90)).ToString("R", CultureInfo.InvariantCulture);

        var failure = await TransientAsync(Raw(429, "{}", ("Retry-After", at)));

        failure.RetryAfter!.Value.ShouldBeInRange(TimeSpan.FromSeconds(89), TimeSpan.FromSeconds(90));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(529)]
    public async Task What_passes_is_tried_again_and_by_nobody_but_the_core(int status)
    {
        await using var server = await StartAsync(Fails(status, "Not now."));
        using var judges = new Judges(server.Url);

        var failure = await Should.ThrowAsync<TransientCallException>(Judges.AskAsync(judges.Read()));

        failure.RetryAfter.ShouldBeNull();
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_tried_again()
    {
        await TransientAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await TransientAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"choices\":");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
    }

    [Fact]
    public async Task A_provider_that_is_not_there_is_tried_again()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var judges = new Judges($"http://127.0.0.1:{port}/v1");

        (await Should.ThrowAsync<TransientCallException>(Judges.AskAsync(judges.Read())))
            .Message.ShouldStartWith($"No connection to the provider default (http://127.0.0.1:{port}) could be used.");
    }

    [Theory]
    [InlineData(401, "Incorrect API key provided: sk-top-s3cret.", null, "refused the key (401); set Evaluation:Models:Providers:default:ApiKey")]
    [InlineData(403, "Not allowed.", null, "refused the key (403)")]
    [InlineData(402, "Pay.", null, "account at the provider default")]
    [InlineData(429, "You exceeded your current quota.", "insufficient_quota", "is empty; fill it up")]
    [InlineData(400, "Your credit balance is too low to access the API.", null, "is empty; fill it up")]
    [InlineData(404, "The model `m` does not exist.", "model_not_found", "knows no model m")]
    [InlineData(400, "Model does not exist", null, "knows no model m")]
    [InlineData(307, "Elsewhere", null, "or is at another address (307)")]
    public async Task What_only_an_operator_can_mend_pauses(int status, string message, string? code, string said)
    {
        await using var server = await StartAsync(Fails(status, message, code));
        using var judges = new Judges(server.Url);

        var failure = await Should.ThrowAsync<EvaluatorPausedException>(Judges.AskAsync(judges.Read()));

        failure.Message.ShouldContain(said);
        failure.Message.ShouldNotContain(Judges.Key);
    }

    [Fact]
    public async Task A_provider_that_is_not_configured_pauses()
    {
        using var judges = new Judges("http://localhost/v1");

        (await Should.ThrowAsync<EvaluatorPausedException>(Judges.AskAsync(judges.Read(more: "provider: other"))))
            .Message.ShouldBe("No provider other is configured; set Evaluation:Models:Providers:other:BaseUrl and :ApiKey.");
    }

    [Theory]
    [InlineData("not JSON", "The reply is no chat completion with a choice: not JSON")]
    [InlineData("", "The reply is no chat completion with a choice: ")]
    [InlineData("""{"choices":[]}""", "The reply is no chat completion with a choice: {\"choices\":[]}")]
    public async Task A_reply_that_is_no_completion_is_an_error(string body, string error)
    {
        var answer = await ErrorAsync(Raw(200, body));

        answer.Error.ShouldBe(error);
        answer.InputTokens!.Value.ShouldBeGreaterThan(500);
    }

    [Fact]
    public async Task A_failure_that_calls_itself_a_success_is_a_failure()
    {
        (await TransientAsync(Raw(200, """{"error":{"code":429,"message":"Busy."}}"""))).Message.ShouldContain("429");
        (await TransientAsync(Raw(200, """{"error":{"message":"Busy."}}"""))).Message.ShouldContain("502");
    }

    [Fact]
    public async Task A_content_filter_is_an_error()
    {
        (await ErrorAsync(Fails(400, "Filtered.", "content_filter"))).Error!.ShouldStartWith("The content filter of");
        (await ErrorAsync(Says("", "content_filter"))).Error
            .ShouldBe("The content filter of the provider ended the answer.");
        (await ErrorAsync(Says(null, refusal: "I will not."))).Error
            .ShouldBe("The model refused to answer. It answered: I will not.");
    }

    [Fact]
    public async Task An_empty_answer_is_an_error() =>
        (await ErrorAsync(Says(""))).Error.ShouldBe("The answer is empty.");

    [Fact]
    public async Task A_prompt_that_is_too_long_for_the_model_is_an_error()
    {
        await using var server = await StartAsync(
            Fails(400, "Maximum context length is 8 tokens, with those in the functions.", "context_length_exceeded"));
        using var judges = new Judges(server.Url);

        (await Judges.AskAsync(judges.Read())).Error!.ShouldContain("answered 400");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_key_that_the_model_repeats_is_not_kept()
    {
        var answer = await ErrorAsync(Says($"The key is {Judges.Key}"));

        answer.Error!.ShouldContain("The key is ***");
        answer.Details!.Value.ToString().ShouldNotContain(Judges.Key);
    }

    [Fact]
    public async Task A_reply_without_end_is_bounded()
    {
        var answer = await ErrorAsync(async context =>
        {
            var chunk = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        });

        answer.Error.ShouldBe("The reply is longer than 4194304 bytes.");
    }

    [Fact]
    public async Task One_that_drips_is_ended_when_its_time_is_over()
    {
        using var limit = new CancellationTokenSource();
        await using var server = await StartAsync(async context =>
        {
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            await limit.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var judges = new Judges(server.Url);

        await Should.ThrowAsync<OperationCanceledException>(
            judges.Read().Judging.Call!.AskAsync(Judges.Output("x"), limit.Token));
    }

    private static async Task<TransientCallException> TransientAsync(Func<HttpContext, Task> reply)
    {
        await using var server = await StartAsync(reply);
        using var judges = new Judges(server.Url);
        return await Should.ThrowAsync<TransientCallException>(Judges.AskAsync(judges.Read()));
    }

    private static async Task<EvaluatorAnswer> ErrorAsync(Func<HttpContext, Task> reply)
    {
        await using var server = await StartAsync(reply);
        using var judges = new Judges(server.Url);
        var answer = await Judges.AskAsync(judges.Read());
        answer.Judgment.ShouldBeNull();
        return answer;
    }
}
