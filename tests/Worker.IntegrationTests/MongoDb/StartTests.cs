using System.Net;
using System.Net.Sockets;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests.MongoDb;

/// <summary>
/// What the worker does when its MongoDB is down or wrong as it starts: it waits for what may come, and says at once
/// what cannot work.
/// </summary>
public sealed class StartTests
{
    private static readonly Uri NoBroker = new("amqp://127.0.0.1:1");

    [MongoTheory]
    [InlineData("localhost:27017")]
    [InlineData("http://localhost/")]
    [InlineData("mongodb://")]
    [InlineData("mongodb://user:secret@localhost:port/")]
    public async Task What_is_no_connection_string_is_refused_in_a_sentence_without_the_password(
        string connectionString)
    {
        var sentence = await RefusedAsync(connectionString);

        sentence.ShouldStartWith("ConnectionStrings:MongoDb is not a connection string");
        sentence.ShouldContain("mongodb://user:password@host:27017/worker");
        sentence.ShouldNotContain("secret");
    }

    [MongoFact]
    public async Task Refused_credentials_are_told_in_a_sentence_without_them()
    {
        var uri = MongoUri.Parse(TestServers.MongoDb!);
        Assert.SkipWhen(uri.User is null, "Needs a WORKER_TEST_MONGODB with a user, whose password can be wrong.");

        var sentence = await RefusedAsync((uri with { Password = "wrong-secret" }).ToString());

        sentence.ShouldContain("refused the credentials");
        sentence.ShouldContain("authSource");
        sentence.ShouldNotContain("wrong-secret");
    }

    [ServerFact]
    public async Task A_server_that_is_not_there_yet_is_waited_for_and_then_used()
    {
        var server = MongoUri.Parse(TestServers.MongoDb!).Server;
        Assert.SkipWhen(
            server is null, "Needs WORKER_TEST_MONGODB to name one host, so that a relay can stand before it.");
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        await using var storage = TestStorage.MongoDb();
        await using var relay = TcpRelay.To(server!.Value);
        relay.Cut();
        await using var worker = WorkerProcess.Run(storage.Path, host.Uri, storage.Through(relay));

        await worker.UntilAsync(
            "the worker says what it waits for",
            () => Waits(worker) && worker.Heard.Contains($"127.0.0.1:{relay.Port}", StringComparison.Ordinal));
        (await broker.IsConsumedAsync(BrokerClient.IngestQueue)).ShouldBeFalse("there is no store to put anything in");
        relay.Open();
        await worker.UntilReadyAsync(broker);
        await broker.PublishAsync(TestMessage.Of("tool.logged", """{"log_id": "patience"}"""));
        await using var store = await StoreReader.OpenAsync(storage);
        await worker.UntilAsync(
            "the message is stored",
            async () => (await store.Logs.ReadAsync(["patience"], TestContext.Current.CancellationToken)).Count == 1);

        worker.Heard.ShouldContain("The store answered");
        (await worker.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, worker.Heard);
    }

    [MongoFact]
    public async Task A_name_that_leads_nowhere_is_waited_for_and_a_worker_that_waits_can_be_stopped()
    {
        using var folder = new TemporaryFolder();
        await using var worker = WorkerProcess.Run(folder.Path, NoBroker, Configured("mongodb://nowhere.invalid/"));

        await worker.UntilAsync(
            "the worker says what it waits for",
            () => Waits(worker) && worker.Heard.Contains("nowhere.invalid", StringComparison.Ordinal));

        (await worker.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, worker.Heard);
    }

    [ServerFact]
    public async Task A_worker_that_waits_says_that_it_lives_and_is_not_ready_and_takes_nothing()
    {
        var server = MongoUri.Parse(TestServers.MongoDb!).Server;
        Assert.SkipWhen(
            server is null, "Needs WORKER_TEST_MONGODB to name one host, so that a relay can stand before it.");
        await using var host = await VirtualHost.CreateAsync();
        await using var storage = TestStorage.MongoDb();
        await using var relay = TcpRelay.To(server!.Value);
        relay.Cut();
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var settings = WorkerProcess.Joined(
            storage.Through(relay), new Dictionary<string, string> { ["Front:Address"] = address.ToString() });
        await using var worker = WorkerProcess.Front("run", storage.Path, host.Uri, settings);
        using var http = new HttpClient { BaseAddress = address };

        await worker.UntilAsync("it waits", () => Waits(worker));
        await worker.UntilAsync("it lives", async () => await StatusAsync(http, "health/live") == HttpStatusCode.OK);
        (await StatusAsync(http, "health/ready")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        using var log = new StringContent("""{"path": "search", "output": "o"}""");
        using var refused = await http.PostAsync("v5/tools/log", log, TestContext.Current.CancellationToken);
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter.ShouldNotBeNull();

        relay.Open();
        await worker.UntilAsync("it is ready", async () => await StatusAsync(http, "health/ready") == HttpStatusCode.OK);
        (await worker.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, worker.Heard);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Null where nobody listens.</summary>
    private static async Task<HttpStatusCode?> StatusAsync(HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static bool Waits(WorkerProcess worker) =>
        worker.Heard.Contains("Waiting for the store", StringComparison.Ordinal);

    private static Dictionary<string, string> Configured(string connectionString) =>
        new() { ["Mode"] = "server", ["ConnectionStrings:MongoDb"] = connectionString };

    /// <summary>The one line it says.</summary>
    private static async Task<string> RefusedAsync(string connectionString)
    {
        using var folder = new TemporaryFolder();
        var result = await WorkerProcess.CommandAsync(folder.Path, NoBroker, Configured(connectionString), "run");

        result.ExitCode.ShouldBe(2, result.Error);
        return result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem();
    }
}
