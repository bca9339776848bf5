using System.Net;
using Microsoft.AspNetCore.Http;
using Worker.Evaluation;

namespace Worker.Tests.Evaluation.Webhooks;

public sealed class WebhookReplyTests
{
    [Theory]
    [InlineData("""{"judgment":true}""", "true", null, null, null)]
    [InlineData("""{"judgment":0.50,"reason":"half","stdout":"x\n"}""", "0.50", "half", null, "x\n")]
    [InlineData("""{"judgment":null,"reason":"nothing to say"}""", null, "nothing to say", null, null)]
    [InlineData("""{"judgment":["a","é\ud83d\ude00"],"more":{}}""", "[\"a\",\"é\\uD83D\\uDE00\"]", null, null, null)]
    [InlineData("""{"judgment":"a","reason":"","error":null,"later":false}""", "\"a\"", null, null, null)]
    [InlineData("""{"judgment":true,"error":"no model"}""", null, null, "no model", null)]
    [InlineData("""{"error":"no model","stdout":"trace"}""", null, null, "no model", "trace")]
    [InlineData("""{"judgment":false,"judgment":true}""", "true", null, null, null)]
    [InlineData("{}", null, null, "The reply has no judgment; null is an abstention.", null)]
    [InlineData("""{"judgment":true,"reason":1}""", null, null, "The reply's reason is no text.", null)]
    [InlineData("""{"judgment":true,"stdout":[]}""", null, null, "The reply's stdout is no text.", null)]
    [InlineData("[true]", null, null, "The reply is no JSON object.", null)]
    [InlineData("", null, null, "The reply is no JSON.", null)]
    [InlineData("<html>", null, null, "The reply is no JSON.", null)]
    [InlineData("""{"judgment":true}x""", null, null, "The reply is no JSON.", null)]
    [InlineData("""{"judgment":"\ud800"}""", null, null, "The reply is no JSON.", null)]
    [InlineData("""{"judgment":true,"reason":"\ud800"}""", null, null, "The reply is no JSON.", null)]
    public async Task What_it_answers_is_the_verdict(string reply, string? judgment, string? reason, string? error, string? stdout)
    {
        await using var receiver = await Receiver.StartAsync(200, reply);
        using var world = new WebhookWorld();

        var answer = await world.AskAsync($"http://127.0.0.1:{receiver.Port}/");

        answer.ShouldSatisfyAllConditions(
            () => answer.Judgment?.ToString().ShouldBe(judgment),
            () => (answer.Judgment is null).ShouldBe(judgment is null),
            () => answer.Reason.ShouldBe(reason),
            () => answer.Error.ShouldBe(error),
            () => answer.Stdout.ShouldBe(stdout),
            () => answer.IsLater.ShouldBeFalse());
    }

    [Theory]
    [InlineData(200, """{"later":true}""")]
    [InlineData(202, "")]
    [InlineData(202, "whatever")]
    public async Task A_verdict_may_come_later(int status, string reply)
    {
        await using var receiver = await Receiver.StartAsync(status, reply);
        using var world = new WebhookWorld();

        (await world.AskAsync($"http://127.0.0.1:{receiver.Port}/")).ShouldBe(new EvaluatorAnswer(Judgment: null) { IsLater = true });
    }

    [Theory]
    [InlineData(400, "127.0.0.1 answered 400; 200 with a verdict is accepted, or 202.")]
    [InlineData(422, "127.0.0.1 answered 422; 200 with a verdict is accepted, or 202.")]
    [InlineData(204, "127.0.0.1 answered 204; 200 with a verdict is accepted, or 202.")]
    [InlineData(304, "127.0.0.1 answered 304; redirects are not followed, so write where it leads into url.")]
    public async Task What_no_other_try_can_change_is_the_verdicts_error(int status, string sentence)
    {
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        using var world = new WebhookWorld();

        var answer = await world.AskAsync($"http://127.0.0.1:{receiver.Port}/secret-path");

        answer.Error.ShouldBe(sentence);
        answer.Judgment.ShouldBeNull();
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using var elsewhere = await Receiver.StartAsync(200, """{"judgment":true}""");
        await using var receiver = await Receiver.StartAsync(status, "", ("Location", $"http://127.0.0.1:{elsewhere.Port}/"));
        using var world = new WebhookWorld();

        var answer = await world.AskAsync($"http://127.0.0.1:{receiver.Port}/");

        answer.Error.ShouldBe($"127.0.0.1 answered {status}; redirects are not followed, so write where it leads into url.");
        receiver.Taken.Count.ShouldBe(1);
        elsewhere.Taken.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(401, "answered 401: it does not accept the request; see that it checks the signature with the secret \"checks\".")]
    [InlineData(403, "answered 403: it does not accept the request; ")]
    [InlineData(410, "answered 410: it is there no more; ")]
    public async Task What_only_an_operator_can_change_pauses_the_evaluator(int status, string sentence)
    {
        await using var receiver = await Receiver.StartAsync(status, "no");
        using var world = new WebhookWorld();

        var paused = await Should.ThrowAsync<EvaluatorPausedException>(() => world.AskAsync($"http://127.0.0.1:{receiver.Port}/"));

        paused.Message.ShouldContain(sentence);
        paused.Message.ShouldNotContain("first-secret");
    }

    [Theory]
    [InlineData(429, "7", 7.0)]
    [InlineData(429, null, null)]
    [InlineData(503, "Fri, 02 Jan 2026 03:04:35 GMT", 30.0)]
    [InlineData(503, "Fri, 02 Jan 2026 03:04:00 GMT", 0.0)]
    [InlineData(503, "soon", null)]
    [InlineData(503, "99999999999999999999", null)]
    [InlineData(500, null, null)]
    [InlineData(502, "3", 3.0)]
    [InlineData(408, null, null)]
    public async Task What_another_try_may_change_is_transient_and_says_how_long_to_wait(int status, string? retryAfter, double? seconds)
    {
        (string, string)[] headers = retryAfter is null ? [] : [("Retry-After", retryAfter)];
        await using var receiver = await Receiver.StartAsync(status, "", headers);
        using var world = new WebhookWorld();

        var transient = await Should.ThrowAsync<TransientCallException>(() => world.AskAsync($"http://127.0.0.1:{receiver.Port}/"));

        transient.Message.ShouldBe($"127.0.0.1 answered {status}.");
        transient.RetryAfter?.TotalSeconds.ShouldBe(seconds!.Value);
        (transient.RetryAfter is null).ShouldBe(seconds is null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reply_that_is_too_large_is_not_read(bool saysItsLength)
    {
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            if (saysItsLength)
                context.Response.ContentLength = 101;
            await context.Response.WriteAsync(new string(' ', 101));
            if (!saysItsLength)
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var world = new WebhookWorld();

        var answer = await world.AskAsync($"http://127.0.0.1:{receiver.Port}/", "max_reply_bytes: 100");

        answer.Error.ShouldBe("The reply is longer than 100 bytes, which is max_reply_bytes.");
    }

    [Fact]
    public async Task A_compressed_reply_is_not_unpacked()
    {
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await using var zip = new System.IO.Compression.GZipStream(context.Response.Body, System.IO.Compression.CompressionLevel.Fastest);
            await zip.WriteAsync("""{"judgment":true}"""u8.ToArray());
        });
        using var world = new WebhookWorld();

        (await world.AskAsync($"http://127.0.0.1:{receiver.Port}/")).Error.ShouldBe("The reply is not UTF-8 text.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reply_that_drips_or_never_comes_ends_at_the_timeout(bool drips)
    {
        var isUnderWay = new TaskCompletionSource();
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            if (drips)
                await context.Response.WriteAsync("{");
            isUnderWay.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var world = new WebhookWorld();
        var asking = world.AskAsync($"http://127.0.0.1:{receiver.Port}/", "timeout: 2s");
        await isUnderWay.Task;

        world.Time.Advance(TimeSpan.FromSeconds(2));

        (await Should.ThrowAsync<TransientCallException>(() => asking)).Message.ShouldBe("127.0.0.1 did not answer within 2 s.");
    }

    [Fact]
    public async Task Who_stops_asking_is_not_told_of_a_timeout()
    {
        var isUnderWay = new TaskCompletionSource();
        await using var receiver = await Receiver.StartAsync(context =>
        {
            isUnderWay.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var world = new WebhookWorld();
        using var stop = new CancellationTokenSource();
        var asking = WebhookWorld.AskAsync(world.Evaluator($"http://127.0.0.1:{receiver.Port}/"), stop.Token);
        await isUnderWay.Task;

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task A_host_that_cannot_be_connected_to_is_tried_again()
    {
        var receiver = await Receiver.StartAsync(200, "");
        var port = receiver.Port;
        await receiver.DisposeAsync();
        using var world = new WebhookWorld();

        (await Should.ThrowAsync<TransientCallException>(() => world.AskAsync($"http://127.0.0.1:{port}/")))
            .Message.ShouldStartWith("127.0.0.1 cannot be asked: ");
    }

    [Fact]
    public async Task A_reply_that_breaks_off_is_tried_again()
    {
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var world = new WebhookWorld();

        await Should.ThrowAsync<TransientCallException>(() => world.AskAsync($"http://127.0.0.1:{receiver.Port}/"));
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_not_taken()
    {
        await using var receiver = await Receiver.StartAsync(_ => Task.CompletedTask, IPAddress.Loopback, isSecure: true);
        using var world = new WebhookWorld();

        await Should.ThrowAsync<TransientCallException>(() => world.AskAsync($"https://127.0.0.1:{receiver.Port}/"));

        receiver.Taken.ShouldBeEmpty();
    }
}
