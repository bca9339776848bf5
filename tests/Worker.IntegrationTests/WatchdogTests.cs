using System.Net;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests;

/// <summary>A worker that is stuck while its servers answer, and what a running one tells of itself.</summary>
public sealed class WatchdogTests
{
    private const string Impatient = "00:00:05";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RabbitMqFact]
    public async Task A_consumer_that_hangs_ends_the_process_and_its_messages_go_to_the_next()
    {
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        using var folder = new TemporaryFolder();
        await using var front = await FrontProcess.StartAsync("run", folder.Path, host.Uri, Hanging("consumer"));
        await front.Process.UntilReadyAsync(broker);

        await broker.PublishAllAsync([Tool("a"), Tool("b"), Tool("c")]);
        var health = await WellAsync(front, "stall", HttpStatusCode.ServiceUnavailable);

        health.ShouldContain("The worker holds 3 messages and has settled none for ");
        (await front.Process.ExitAsync(Eventually.Limit)).ShouldBe(70);
        front.Process.Heard.ShouldContain(
            "Ended the process, because a new one can go on where this one cannot: The worker holds 3 messages");
        await Eventually.IsTrueAsync(
            "the messages are given back", async () => await broker.ReadyAsync(BrokerClient.IngestQueue) == 3);
        await using var next = WorkerProcess.Run(folder.Path, host.Uri);
        await next.UntilAsync(
            "the next worker takes them", async () => await broker.ReadyAsync(BrokerClient.IngestQueue) == 0);
        (await next.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, next.Heard);
    }

    [ServerFact]
    public async Task A_bus_that_hangs_ends_the_process()
    {
        await using var host = await VirtualHost.CreateAsync();
        await using var storage = TestStorage.MongoDb();

        await using var worker = WorkerProcess.Run(storage, host.Uri, Hanging("bus"));

        (await worker.ExitAsync(Eventually.Limit)).ShouldBe(70);
        worker.Heard.ShouldContain(
            "Ended the process, because a new one can go on where this one cannot: The bus has not answered its own probe");
    }

    [ServerFact]
    public async Task Workers_that_do_nothing_answer_their_own_probes()
    {
        await using var host = await VirtualHost.CreateAsync();
        await using var storage = TestStorage.MongoDb();
        var settings = new Dictionary<string, string> { ["Watchdog:After"] = "00:00:10" };
        await using var one = WorkerProcess.Run(storage, host.Uri, settings);
        await using var two = WorkerProcess.Run(storage, host.Uri, settings);
        await using var broker = await host.ConnectAsync();
        await one.UntilReadyAsync(broker);

        await Task.Delay(TimeSpan.FromSeconds(40), Cancellation);

        (one.Heard + two.Heard).ShouldNotContain("stands still");
        (one.HasEnded, two.HasEnded).ShouldBe((false, false));
    }

    [RabbitMqFact]
    public async Task A_worker_is_ready_while_its_broker_is_connected_and_until_it_is_told_to_stop()
    {
        await using var host = await VirtualHost.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var front = await FrontProcess.StartAsync("run", folder.Path, host.Uri);
        await WellAsync(front, "ready", HttpStatusCode.OK);
        (await HealthAsync(front)).ExitCode.ShouldBe(0);
        (await HealthAsync(front, "stall")).Output.ShouldBe("ok\n");

        var ended = front.Process.TerminateAsync(TimeSpan.FromSeconds(30));
        var answers = new List<string>();
        while (!front.Process.HasEnded)
            answers.Add(await StatusAsync(front, "ready"));

        (await ended).ShouldBe(0, front.Process.Heard);
        answers.SkipWhile(answer => answer == "OK").ShouldNotContain("OK");
        var after = await HealthAsync(front);
        after.ExitCode.ShouldBe(3, after.Error);
        after.Error.ShouldContain("Nobody answers at");
    }

    [RabbitMqFact]
    public async Task While_the_broker_is_away_a_worker_is_alive_not_ready_and_not_ended()
    {
        await using var host = await VirtualHost.CreateAsync();
        await using var relay = TcpRelay.To((host.Uri.Host, host.Uri.Port));
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string> { ["Watchdog:After"] = Impatient };
        await using var front = await FrontProcess.StartAsync(
            "run", folder.Path, new UriBuilder(host.Uri) { Host = "127.0.0.1", Port = relay.Port }.Uri, settings);
        await WellAsync(front, "ready", HttpStatusCode.OK);

        relay.Cut();

        (await WellAsync(front, "ready", HttpStatusCode.ServiceUnavailable)).ShouldContain("No messages are taken");
        await Task.Delay(TimeSpan.FromSeconds(15), Cancellation);
        (await StatusAsync(front, "live")).ShouldBe("OK");
        front.Process.HasEnded.ShouldBeFalse();
    }

    private static Dictionary<string, string> Hanging(string what) => new()
    {
        ["Watchdog:After"] = Impatient,
        ["DOTNET_STARTUP_HOOKS"] = typeof(WatchdogTests).Assembly.Location,
        [StartupHook.HangKey] = what,
    };

    /// <summary>Waits for that status, and returns what it came with.</summary>
    private static Task<string> WellAsync(FrontProcess front, string what, HttpStatusCode status) =>
        Eventually.FindAsync($"/health/{what} is {status}", async () =>
        {
            var (answered, body) = await AskAsync(front, what);
            return answered == status ? body : null;
        });

    /// <summary>In words; what it could not be asked over, where the front has gone.</summary>
    private static async Task<string> StatusAsync(FrontProcess front, string what)
    {
        try
        {
            return (await AskAsync(front, what)).Status.ToString();
        }
        catch (HttpRequestException exception)
        {
            return exception.HttpRequestError.ToString();
        }
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(FrontProcess front, string what)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(front.Address, $"/health/{what}"), Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static Task<ProgramResult> HealthAsync(FrontProcess front, string what = "ready") => Programs.RunAsync(
        Programs.Dotnet,
        [Programs.Worker, "health", what, "--address", front.Address.GetLeftPart(UriPartial.Authority)]);

    private static TestMessage Tool(string logId) => TestMessage.Of("tool.logged", $$"""{"log_id": "{{logId}}"}""");
}
