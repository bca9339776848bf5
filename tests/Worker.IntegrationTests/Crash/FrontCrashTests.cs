using System.Collections.Concurrent;
using System.Net;
using Worker.IntegrationTests.Support;
using static Worker.IntegrationTests.Crash.Aftermath;

namespace Worker.IntegrationTests.Crash;

/// <summary>
/// What was answered with success is not lost, and what was answered 5xx was not taken, whatever is killed when: the
/// front, the worker beside it, the broker.
/// </summary>
[Collection(Lanes.Crashes)]
public sealed class FrontCrashTests
{
    private const int Clients = 8;

    private static readonly Dictionary<string, string> FrontSettings = new()
    {
        // So small that the front has to refuse while the broker is away.
        ["Spill:MaxBytes"] = "20000",
        ["Ingestion:MaxMessageBytes"] = "20000",
    };

    [RabbitMqFact]
    public async Task What_a_front_answered_is_true_after_kills_of_it_and_restarts_of_the_broker()
    {
        await using var storage = TestStorage.File();
        await IsTrueAsync(storage, kills: 20);
    }

    [ServerFact]
    public async Task What_a_front_answered_is_true_after_kills_of_it_and_restarts_of_the_broker_on_MongoDB()
    {
        // Less often: the front does not store, whichever store it is.
        await using var storage = TestStorage.MongoDb();
        await IsTrueAsync(storage, kills: 7);
    }

    private static async Task IsTrueAsync(TestStorage storage, int kills)
    {
        await using var broker = await PrivateServer.BrokerAsync();
        var answers = new Answers();
        using (var enough = new CancellationTokenSource())
        {
            var clients = Task.WhenAll(Enumerable.Range(0, Clients).Select(client => answers.AskAsync(client, enough.Token)));
            await KillAgainAndAgainAsync(storage, broker, answers, kills);
            await enough.CancelAsync();
            await clients;
        }

        answers.Say();
        answers.Taken.Count.ShouldBeGreaterThan(20 * kills);
        if (kills > 10)
            answers.Refused.ShouldNotBeEmpty("the spill is to be full at times");
        await using var front = Front(storage, broker);
        await using var worker = WorkerProcess.Run(storage, broker.Uri, Settings);
        await using var store = await StoreReader.OpenAsync(storage);
        var missing = answers.Taken.Keys.ToList();
        await worker.UntilAsync(
            "all that was taken is stored",
            async () => (missing = await MissingAsync(store, missing)).Count == 0,
            TimeSpan.FromMinutes(2));

        (await MissingAsync(store, [.. answers.Refused.Keys])).ShouldBe(answers.Refused.Keys, ignoreOrder: true);
        await using var client = await BrokerClient.ConnectAsync(broker.Uri);
        (await client.ReadyAsync(BrokerClient.DeadQueue)).ShouldBe(0u);
    }

    private static async Task KillAgainAndAgainAsync(
        TestStorage storage, PrivateServer broker, Answers answers, int kills)
    {
        for (var kill = 1; kill <= kills; kill++)
        {
            await using var worker = kill % 4 == 0 ? WorkerProcess.Run(storage, broker.Uri, Settings) : null;
            await using var front = Front(storage, broker);
            answers.Address = await front.FrontAsync();
            var restart = kill % 7 == 0 ? broker.RestartAsync() : Task.CompletedTask;
            await answers.MoreAsync(front, Random.Shared.Next(20, 200));
            if (kill % 14 == 0)
                await restart;
            await front.KillAsync();
            await restart;
            Say($"kill {kill}: {answers.Taken.Count} taken, {answers.Refused.Count} refused, {answers.Unknown.Count} unknown");
        }
    }

    private static WorkerProcess Front(TestStorage storage, PrivateServer broker) => WorkerProcess.Front(
        "serve",
        storage.Path,
        broker.Uri,
        WorkerProcess.Joined(storage.Settings, FrontSettings));

    private static async Task<List<string>> MissingAsync(StoreReader store, List<string> ids)
    {
        var stored = await store.Logs.ReadAsync(ids, CancellationToken.None);
        return ids.FindAll(id => !stored.ContainsKey(id));
    }

    /// <summary>What clients were told, by the id of the Log.</summary>
    private sealed class Answers
    {
        private int _asked;

        public Uri? Address { get; set; }

        public ConcurrentDictionary<string, bool> Taken { get; } = new();

        public ConcurrentDictionary<string, bool> Refused { get; } = new();

        /// <summary>Without an answer: the front was killed, or is not there.</summary>
        public ConcurrentDictionary<string, bool> Unknown { get; } = new();

        public async Task AskAsync(int client, CancellationToken enough)
        {
            using var http = new HttpClient();
            for (var number = 0; !enough.IsCancellationRequested; number++)
            {
                var id = $"log-{client}-{number}";
                var answered = Address is { } address ? await AskAsync(http, address, id) : null;
                var kept = answered switch { true => Taken, false => Refused, null => Unknown };
                kept[id] = true;
                Interlocked.Increment(ref _asked);

                // Who is refused or not answered does not ask again at once.
                if (answered != true)
                    await Task.Delay(20, CancellationToken.None);
            }
        }

        public Task MoreAsync(WorkerProcess front, int answers)
        {
            var before = Taken.Count + Refused.Count;
            return front.UntilAsync($"{answers} more answers", () => Taken.Count + Refused.Count >= before + answers);
        }

        public void Say() => Aftermath.Say($"{_asked} asked: {Taken.Count} taken, {Refused.Count} refused, {Unknown.Count} unknown");

        private static async Task<bool?> AskAsync(HttpClient http, Uri address, string id)
        {
            try
            {
                using var body = new StringContent($$"""{"log_id":"{{id}}","path":"p","output":"x"}""");
                using var response = await http.PostAsync(address + "/tools/log", body, CancellationToken.None);
                if (response.StatusCode == HttpStatusCode.OK)
                    return true;
                ((int)response.StatusCode).ShouldBeGreaterThanOrEqualTo(500);
                return false;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }
    }
}
