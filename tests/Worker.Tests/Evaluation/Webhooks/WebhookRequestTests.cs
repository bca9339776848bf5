using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Worker.Evaluation;

namespace Worker.Tests.Evaluation.Webhooks;

public sealed class WebhookRequestTests
{
    [Fact]
    public async Task The_log_is_posted_as_json_with_what_tells_who_asks_about_what()
    {
        await using var receiver = await Receiver.StartAsync(200, """{"judgment":true}""");
        using var world = new WebhookWorld();

        await world.AskAsync($"http://127.0.0.1:{receiver.Port}/verdict?team=a");

        var request = receiver.Taken.ShouldHaveSingleItem();
        (request.Method, request.Target).ShouldBe(("POST", "/verdict?team=a"));
        request.Headers["Content-Type"].ShouldBe("application/json");
        request.Headers["User-Agent"].ShouldMatch(@"\Aworker/\d+\.\d+\.\d+\z");
        request.Headers["Idempotency-Key"].ShouldBe("log_verdict");
        request.Headers.Keys.ShouldNotContain("Accept-Encoding");
        JsonNode.DeepEquals(
            JsonNode.Parse(request.Body),
            JsonNode.Parse(
                """
                {
                    "evaluator_log_id": "log_verdict", "log_id": "log-1", "revision": 2,
                    "evaluator": { "path": "checks/remote", "version_id": "evv_1" },
                    "truncated": true, "log": { "id": "log-1", "output": "é" }
                }
                """)).ShouldBeTrue(Encoding.UTF8.GetString(request.Body));
    }

    [Theory]
    [InlineData("only-secret", "only-secret")]
    [InlineData("new-secret old-secret", "new-secret", "old-secret")]
    [InlineData(" new-secret\nold-secret\n", "new-secret", "old-secret")]
    public async Task A_receiver_can_prove_who_sent_it_with_either_secret(string configured, params string[] secrets)
    {
        await using var receiver = await Receiver.StartAsync(200, """{"judgment":true}""");
        using var world = new WebhookWorld(secret: configured);

        await world.AskAsync($"http://127.0.0.1:{receiver.Port}/");

        var request = receiver.Taken.ShouldHaveSingleItem();
        foreach (var secret in secrets)
            IsSigned(request, secret).ShouldBeTrue(request.Headers["Worker-Signature"]);
        IsSigned(request, "another-secret").ShouldBeFalse();
        request.Body[^2] ^= 1;
        IsSigned(request, secrets[0]).ShouldBeFalse();
        request.Headers["Worker-Signature"].Split(',').Length.ShouldBe(1 + secrets.Length);
    }

    [Fact]
    public async Task A_try_after_another_carries_the_same_key_and_body_and_the_time_of_its_own()
    {
        var status = 503;
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        using var world = new WebhookWorld();
        var evaluator = world.Evaluator($"http://127.0.0.1:{receiver.Port}/");

        await Should.ThrowAsync<TransientCallException>(() => WebhookWorld.AskAsync(evaluator));
        world.Time.Advance(TimeSpan.FromSeconds(7));
        status = 202;
        (await WebhookWorld.AskAsync(evaluator)).IsLater.ShouldBeTrue();

        var (first, second) = (receiver.Taken.First(), receiver.Taken.Last());
        receiver.Taken.Count.ShouldBe(2);
        second.Headers["Idempotency-Key"].ShouldBe(first.Headers["Idempotency-Key"]);
        second.Body.ShouldBe(first.Body);
        (SentAt(second) - SentAt(first)).ShouldBe(7);
        IsSigned(second, "first-secret").ShouldBeTrue();
    }

    [Fact]
    public async Task Without_its_secret_nothing_is_sent_and_the_evaluator_is_paused()
    {
        await using var receiver = await Receiver.StartAsync(200, """{"judgment":true}""");
        using var world = new WebhookWorld();

        var paused = await Should.ThrowAsync<EvaluatorPausedException>(() => world.AskAsync($"http://127.0.0.1:{receiver.Port}/", "secret: other"));

        paused.Message.ShouldBe("There is no secret \"other\" to sign the request with; set Evaluation:Webhooks:Secrets:other, or Evaluation:Webhooks:Secrets:other_FILE to the path of a file that holds it.");
        receiver.Taken.ShouldBeEmpty();
    }

    /// <summary>As a receiver would have it, who has never seen this program.</summary>
    private static bool IsSigned(TakenRequest request, string secret)
    {
        var parts = request.Headers["Worker-Signature"].Split(',').Select(part => part.Split('=', 2)).ToLookup(part => part[0], part => part[1]);
        byte[] signed = [.. Encoding.ASCII.GetBytes(parts["t"].Single() + "."), .. request.Body];
        return parts["v1"].Contains(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed)));
    }

    private static long SentAt(TakenRequest request) =>
        long.Parse(request.Headers["Worker-Signature"].Split(',')[0]["t=".Length..], System.Globalization.CultureInfo.InvariantCulture);
}
