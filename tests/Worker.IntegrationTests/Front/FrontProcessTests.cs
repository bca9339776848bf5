using System.Net;
using System.Text.Json.Nodes;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests.Front;

/// <summary>The front as a process: alone, beside a worker, without its broker, and where it cannot listen.</summary>
public sealed class FrontProcessTests : IDisposable
{
    private const string Flow = """{"log_id":"f","path":"p","output":"x","trace_status":"complete"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_front_alone_judges_nothing_and_a_worker_beside_it_does()
    {
        await using var front = await FrontProcess.StartAsync("serve", _folder.Path, broker: null);
        (await front.PostAsync("/flows/log", Flow)).Status.ShouldBe(HttpStatusCode.OK);
        (await front.SendAsync(HttpMethod.Get, "/logs/f")).Status.ShouldBe(HttpStatusCode.NotFound);

        await using var worker = WorkerProcess.Run(_folder.Path, broker: null);

        (await front.JudgedAsync("f"))["trace_status"]!.GetValue<string>().ShouldBe("complete");
        (await front.Process.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, front.Process.Heard);
        front.Process.Heard.ShouldContain("puts messages into the inbox");
    }

    [RabbitMqFact]
    public async Task A_front_alone_puts_into_the_broker_what_a_worker_takes_out()
    {
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        await using var front = await FrontProcess.StartAsync("serve", _folder.Path, host.Uri);
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => front.PostAsync("/tools/log", $$"""{"log_id":"t{{i}}"}""")));
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);

        (await broker.ReadyAsync(BrokerClient.IngestQueue)).ShouldBe(500u);
        (await front.PostAsync("/flows/log", Flow)).Status.ShouldBe(HttpStatusCode.OK);
        await using var worker = WorkerProcess.Run(_folder.Path, host.Uri);

        await front.JudgedAsync("f");
    }

    [RabbitMqFact]
    public async Task While_the_broker_is_away_what_is_logged_is_kept_and_reaches_it_in_order_afterwards()
    {
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        await using var relay = TcpRelay.To((host.Uri.Host, host.Uri.Port));
        await using var front = await FrontProcess.StartAsync("serve", _folder.Path, Through(relay, host));
        await TakenAsync(front, "before");

        relay.Cut();
        await TakenAsync(front, "during 1");
        await TakenAsync(front, "during 2");
        relay.Open();

        await front.Process.UntilAsync(
            "the front says that it is sent",
            () => front.Process.Heard.Contains("What was kept is sent: 2 messages", StringComparison.Ordinal));
        await TakenAsync(front, "after");
        var taken = await broker.DrainAsync(BrokerClient.IngestQueue);
        taken.Select(message => (string)JsonNode.Parse(message.Body.Span)!["log_id"]!).ShouldBe(["before", "during 1", "during 2", "after"]);
        front.Process.Heard.ShouldContain("What is logged is kept in the inbox in SQLite");
    }

    [RabbitMqFact]
    public async Task Where_nothing_is_to_be_kept_nothing_is_taken_while_the_broker_is_away()
    {
        await using var host = await VirtualHost.CreateAsync();
        await using var relay = TcpRelay.To((host.Uri.Host, host.Uri.Port));
        var settings = new Dictionary<string, string> { ["Spill:MaxBytes"] = "0" };
        await using var front = await FrontProcess.StartAsync("serve", _folder.Path, Through(relay, host), settings);

        relay.Cut();
        var (status, answer) = await front.PostAsync("/tools/log", """{"log_id":"none"}""");
        relay.Open();

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer!["detail"]!.GetValue<string>().ShouldContain("RabbitMQ at ");
        await TakenAsync(front, "after");
        front.Process.Heard.ShouldContain("Requests cannot be taken, and are answered 503 until they can");
        await front.Process.UntilAsync(
            "the front says that it takes again",
            () => front.Process.Heard.Contains("Requests are taken again", StringComparison.Ordinal));
    }

    [RabbitMqFact]
    public async Task A_broker_that_hangs_holds_a_request_up_for_a_few_seconds()
    {
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        await using var relay = TcpRelay.To((host.Uri.Host, host.Uri.Port));
        await using var front = await FrontProcess.StartAsync("serve", _folder.Path, Through(relay, host));
        await TakenAsync(front, "before");

        relay.Freeze();
        await TakenAsync(front, "during").WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        await TakenAsync(front, "after").WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        await front.Process.UntilAsync(
            "all three are with the broker", async () => await broker.ReadyAsync(BrokerClient.IngestQueue) == 3);
    }

    [Fact]
    public async Task Where_somebody_listens_already_the_worker_ends_with_a_sentence()
    {
        await using var front = await FrontProcess.StartAsync("serve", _folder.Path, broker: null);
        using var second = new TemporaryFolder();
        foreach (var command in new[] { "run", "serve" })
        {
            var settings = new Dictionary<string, string> { ["Front:Enabled"] = "true", ["Front:Address"] = front.Address.GetLeftPart(UriPartial.Authority) };
            var result = await WorkerProcess.CommandAsync(second.Path, null, settings, command);

            result.ExitCode.ShouldBe(2, result.Error);
            result.Error.ShouldContain($"Another program listens where the front of worker {command} should");
            result.Error.ShouldNotContain("   at ");
        }
    }

    [Fact]
    public async Task What_other_machines_can_reach_is_listened_at_once_there_is_a_key()
    {
        var settings = new Dictionary<string, string> { ["Front:Address"] = "http://0.0.0.0:0" };
        var result = await WorkerProcess.CommandAsync(_folder.Path, null, settings, "serve");
        result.ExitCode.ShouldBe(2);
        result.Error.Trim().ShouldStartWith("Front:Address is \"http://0.0.0.0:0\", which other machines can reach");
        result.Error.ShouldContain("worker keys create");

        var key = (await WorkerProcess.CommandAsync(_folder.Path, null, "keys", "create", "somebody")).Output.Trim();
        await using var front = await FrontProcess.StartAsync("serve", _folder.Path, broker: null, settings);

        (await front.PostAsync("/tools/log", "{}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        front.Key = key;
        (await front.PostAsync("/tools/log", "{}")).Status.ShouldBe(HttpStatusCode.OK);
        front.Process.Heard.ShouldContain("/v5, for whoever has a key.");
    }

    private static Uri Through(TcpRelay relay, VirtualHost host) =>
        new UriBuilder(host.Uri) { Host = "127.0.0.1", Port = relay.Port }.Uri;

    private static async Task TakenAsync(FrontProcess front, string logId) =>
        (await front.PostAsync("/tools/log", $$"""{"log_id":"{{logId}}"}""")).Status.ShouldBe(HttpStatusCode.OK, front.Process.Heard);
}
