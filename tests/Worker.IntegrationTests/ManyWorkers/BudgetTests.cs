using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Worker.IntegrationTests.Support;
using Worker.Runs;
using Worker.Storage;

namespace Worker.IntegrationTests.ManyWorkers;

/// <summary>A budget holds over all workers, whatever happens to them.</summary>
public sealed class BudgetTests
{
    private const int Workers = 3;
    private const int Flows = 120;
    private const int Budget = 70;
    private const int Kills = 6;

    /// <summary>Calls of one worker.</summary>
    private const int AtOnce = 4;

    [ServerFact]
    public async Task Three_workers_of_which_two_are_killed_never_make_more_calls_than_the_budget_allows()
    {
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        await using var storage = TestStorage.MongoDb();
        await using var hook = new Hook();
        using var evaluators = new TemporaryFolder();
        await File.WriteAllTextAsync(
            Path.Combine(evaluators.Path, "hook.yaml"), Evaluator(hook.Port), TestContext.Current.CancellationToken);
        var settings = new Dictionary<string, string>
        {
            ["Evaluation:Evaluators"] = evaluators.Path,
            ["Evaluation:Webhooks:AllowedNetworks"] = "127.0.0.0/8",
            ["Evaluation:Webhooks:Secrets:hook"] = "a secret of some length",
            ["Evaluation:Lease"] = "00:00:02",
            ["Traces:Settle"] = "00:00:00.1",
        };
        var day = TimeProvider.System.GetUtcNow().UtcDateTime.Date;
        await using var fleet = WorkerFleet.Start(Workers, () => WorkerProcess.Run(storage, host.Uri, settings));
        await fleet.UntilReadyAsync(broker);

        await broker.PublishAllAsync(Enumerable.Range(0, Flows).Select(Message));
        for (var kill = 0; kill < Kills; kill++)
        {
            var calls = hook.Keys.Count;
            await fleet.UntilAsync("some more were called", () => Task.FromResult(
                hook.Keys.Count > calls + 3 || hook.Keys.Count >= Budget));
            await fleet.KillAndRestartAsync(1 + (kill % 2));
        }

        await using var store = await StoreReader.OpenAsync(storage);
        await fleet.UntilAsync(
            "every trace is judged, or over the budget",
            async () => (await OutcomesAsync(store)).All(each => each is Outcome.Ran or Outcome.OverBudget),
            TimeSpan.FromMinutes(3));
        await fleet.UntilReadyAsync(broker);
        await fleet.TerminateAsync();

        // At midnight there is a new budget.
        Assert.SkipWhen(TimeProvider.System.GetUtcNow().UtcDateTime.Date != day, "The day turned.");
        var outcomes = await OutcomesAsync(store);
        hook.Keys.Count.ShouldBeLessThanOrEqualTo(Budget);
        // What was asked by a worker that was killed may have no room when it is asked again.
        outcomes.Count(each => each == Outcome.Ran).ShouldBeInRange(
            hook.Keys.Distinct().Count() - (Kills * AtOnce), hook.Keys.Distinct().Count());
        outcomes.Count(each => each == Outcome.OverBudget).ShouldBeGreaterThanOrEqualTo(Flows - Budget);
        var evaluator = Traces.DerivedIds.File(Traces.LogKind.Evaluator, "checks/hook");
        var spent = await store.Services.GetRequiredService<IBudgetStore>().ReadAsync(
            $"{day:yyyy-MM-dd}/{evaluator}", CancellationToken.None);
        spent.Calls.ShouldBeInRange(hook.Keys.Count, Budget);
    }

    private static async Task<List<Outcome>> OutcomesAsync(StoreReader store)
    {
        var outcomes = new List<Outcome>();
        for (var flow = 0; flow < Flows; flow++)
        {
            var decisions = await store.Runs.DecisionsAsync($"flow-{flow}", CancellationToken.None);
            outcomes.Add(decisions.SingleOrDefault()?.Outcome ?? Outcome.Waiting);
        }

        return outcomes;
    }

    private static TestMessage Message(int flow) => TestMessage.Of(
        "flow.log.updated",
        new JsonObject { ["log_id"] = $"flow-{flow}", ["output"] = "done", ["trace_status"] = "complete" });

    private static string Evaluator(int port) =>
        $$"""
        path: checks/hook
        kind: webhook
        return_type: boolean
        attach: [{ kind: flow, path: "**" }]
        url: http://127.0.0.1:{{port}}/
        secret: hook
        calls: { retries: 0, concurrency: {{AtOnce}}, budget: { calls: {{Budget}} } }
        """;

    /// <summary>Answers every request with true, and remembers for which verdict it came.</summary>
    private sealed class Hook : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _serving;

        public Hook()
        {
            using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Port = ((IPEndPoint)free.LocalEndpoint).Port;
            }

            _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
            _listener.Start();
            _serving = ServeAsync();
        }

        public int Port { get; }

        public ConcurrentQueue<string> Keys { get; } = new();

        public async ValueTask DisposeAsync()
        {
            _listener.Close();
            await _serving;
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                    _ = AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
            }
        }

        /// <summary>Takes its time, so that workers are killed in the middle of it.</summary>
        private async Task AnswerAsync(HttpListenerContext context)
        {
            Keys.Enqueue(context.Request.Headers["Idempotency-Key"]!);
            await context.Request.InputStream.CopyToAsync(Stream.Null);
            await Task.Delay(TimeSpan.FromMilliseconds(150));
            try
            {
                context.Response.ContentType = "application/json";
                await context.Response.OutputStream.WriteAsync("""{"judgment":true}"""u8.ToArray());
                context.Response.Close();
            }
            catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or IOException)
            {
            }
        }
    }
}
