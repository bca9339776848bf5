using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Worker.Alerts;
using Worker.Evaluation.Webhooks;
using Worker.Storage;
using Worker.Tests.Evaluation.Webhooks;

namespace Worker.Tests.Alerts;

public sealed class WebhookSenderTests : IDisposable
{
    private static readonly AlertNotice Notice = new("alert_1", Some.Json("""{"alert":"é"}"""), Some.Time);

    private readonly FakeTimeProvider _time = new(Some.Time);
    private readonly List<WebhookClient> _clients = [];

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    [Fact]
    public async Task What_there_is_to_tell_is_posted_as_it_is_signed_and_named()
    {
        await using var receiver = await Receiver.StartAsync(204, "");

        (await SendAsync($"http://127.0.0.1:{receiver.Port}/hook?a=b")).ShouldBeNull();

        var request = receiver.Taken.ShouldHaveSingleItem();
        (request.Method, request.Target).ShouldBe(("POST", "/hook?a=b"));
        request.Body.ShouldBe(Notice.Body.Utf8.ToArray());
        request.Headers["Idempotency-Key"].ShouldBe("alert_1");
        request.Headers["Content-Type"].ShouldBe("application/json");
        var seconds = Some.Time.ToUnixTimeSeconds();
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{seconds}."), .. request.Body];
        var right = Convert.ToHexStringLower(HMACSHA256.HashData("the-secret"u8, signed));
        request.Headers["Worker-Signature"].ShouldBe($"t={seconds},v1={right}");
    }

    [Theory]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(410)]
    [InlineData(503)]
    public async Task Nothing_but_a_status_of_success_takes_it(int status)
    {
        await using var elsewhere = await Receiver.StartAsync(200, "");
        await using var receiver = await Receiver.StartAsync(status, "", ("Location", $"http://127.0.0.1:{elsewhere.Port}/"));

        (await SendAsync($"http://127.0.0.1:{receiver.Port}/")).ShouldBe($"127.0.0.1 answered {status}.");

        elsewhere.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_private_address_that_nobody_allowed_is_not_told()
    {
        await using var receiver = await Receiver.StartAsync(200, "");

        var reason = await SendAsync($"http://127.0.0.1:{receiver.Port}/", allowed: "");

        reason.ShouldNotBeNull().ShouldContain("add its network to Evaluation:Webhooks:AllowedNetworks");
        receiver.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_its_secret_nothing_is_sent()
    {
        await using var receiver = await Receiver.StartAsync(200, "");

        (await SendAsync($"http://127.0.0.1:{receiver.Port}/", secret: "other")).ShouldNotBeNull().ShouldStartWith("There is no secret \"other\"");

        receiver.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_is_not_there_or_does_not_answer_did_not_take_it()
    {
        var asked = new TaskCompletionSource();
        await using var receiver = await Receiver.StartAsync(context =>
        {
            asked.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var sent = SendAsync($"http://127.0.0.1:{receiver.Port}/");
        await asked.Task;
        _time.Advance(TimeSpan.FromSeconds(10));
        (await sent).ShouldBe("127.0.0.1 did not answer within 10 s.");

        (await SendAsync("http://127.0.0.1:1/")).ShouldNotBeNull().ShouldStartWith("127.0.0.1 cannot be told: ");
    }

    private Task<string?> SendAsync(string url, string allowed = "127.0.0.0/8", string secret = "alerts")
    {
        var options = new WebhookOptions { AllowedNetworks = allowed };
        options.Secrets["alerts"] = "the-secret";
        var client = new WebhookClient(new HostResolver(), Options.Create(options));
        _clients.Add(client);
        return new WebhookSender(client, new(Options.Create(options)), _time)
            .SendAsync(new(new(url), secret), Notice, TestContext.Current.CancellationToken);
    }
}
