using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Worker.RabbitMq;
using Worker.Storage;

namespace Worker.Benchmarks.Soak;

/// <summary>One soak on prepared servers and an empty store.</summary>
/// <param name="said">The folder for what the workers say.</param>
internal sealed class Soak(
    SoakSettings settings, SoakServers servers, IServiceProvider store, Report report, SoakFaults faults, string said)
{
    private readonly SoakTraffic _traffic = new(settings.Seed, TimeProvider.System.GetUtcNow(), settings.Rate);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<SoakWorker> workers = [.. Enumerable.Range(1, settings.Workers).Select(number =>
            new SoakWorker($"worker {number}", servers.Settings, Path.Combine(said, $"worker-{number}.log")))];
        try
        {
            var publisher = new Publisher(servers.Broker, _traffic, settings.Rate);
            var plan = FaultPlan.Make(settings.Seed, settings.Length, settings.Workers);
            var chaos = new Chaos(plan, workers, servers, faults);
            var operating = new SoakOperator(_traffic, store.GetRequiredService<ILogStore>(), servers.Settings, faults);
            await LoadAsync(workers, publisher, chaos, operating, cancellationToken);
            await SettleAsync(workers, publisher, chaos, operating, cancellationToken);
            foreach (var worker in workers)
                Flatness.Report(worker, report, faults);
        }
        finally
        {
            foreach (var worker in workers)
                await worker.DisposeAsync();
        }
    }

    private async Task LoadAsync(
        IReadOnlyList<SoakWorker> workers,
        Publisher publisher,
        Chaos chaos,
        SoakOperator operating,
        CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchAsync(workers, enough.Token);
        var acting = operating.RunAsync(publisher, enough.Token);
        var began = Stopwatch.GetTimestamp();
        var publishing = publisher.RunAsync(settings.Length, cancellationToken);
        await chaos.RunAsync(cancellationToken);
        await publishing;
        var elapsed = Stopwatch.GetElapsedTime(began);
        await enough.CancelAsync();
        await Task.WhenAll(watching, acting);

        report.Add(new("published and confirmed", publisher.Confirmed, "messages"));
        report.Add(new("of which again, for want of a confirm", publisher.Repeated, "messages"));
        report.Add(new("rate", publisher.Confirmed / elapsed.TotalSeconds, "messages/s"));
        report.Add(new("traces", publisher.Traces, ""));
        foreach (var (kind, count) in chaos.Done)
            report.Add(new(Words(kind), count, ""));
    }

    private async Task SettleAsync(
        IReadOnlyList<SoakWorker> workers,
        Publisher publisher,
        Chaos chaos,
        SoakOperator operating,
        CancellationToken cancellationToken)
    {
        var inspection = new StoreInspection(
            store.GetRequiredService<ILogStore>(),
            store.GetRequiredService<IRunStore>(),
            store.GetRequiredService<IEvaluatorLogStore>());
        var settlement = new Settlement(_traffic, publisher.Traces, operating.Erased, inspection, faults);
        var limit = TimeSpan.FromMinutes(3) + (settings.Length / 2);
        var settled = await settlement.WaitAsync(limit, MeanwhileAsync, cancellationToken);
        if (settled is { } time)
            report.Add(new("all as it has to be, after", time.TotalSeconds, "s"));
        else
            faults.Add($"Not everything was as it has to be {(int)limit.TotalSeconds} s after the last message.");

        await chaos.AllConsumeAsync(cancellationToken);
        await StopAsync(workers, cancellationToken);
        await settlement.JudgeAsync(cancellationToken);
        var aged = Enumerable.Range(0, publisher.Traces).Count(trace => SoakTraffic.FateOf(trace) == Fate.Aged);
        report.Add(new("traces removed by retention", aged, ""));
        report.Add(new("traces removed by worker delete", operating.Erased.Count, ""));
        report.Add(new("complete Flow Logs judged", settlement.Flows, ""));
        report.Add(new("of which more than once", inspection.Rejudged, "", Floor: 1));
        await VerifyAsync(settlement.Flows, cancellationToken);
        await QueuesAsync(settlement.DeadLetterIds, cancellationToken);

        async Task MeanwhileAsync()
        {
            await LookAsync(workers, cancellationToken);
            await operating.SweepAsync();
        }
    }

    private async Task StopAsync(IReadOnlyList<SoakWorker> workers, CancellationToken cancellationToken)
    {
        foreach (var worker in workers)
            faults.AddRange(await worker.StopAsync(again: false, cancellationToken));
        var accounts = workers.SelectMany(worker => worker.Accounts).ToList();
        report.Add(new("accounts of stopped workers", accounts.Count, "", Floor: workers.Count));
        report.Add(new("of which balance", accounts.Count(account => account.Balances), "", Floor: accounts.Count));
        report.Add(new("received in these", accounts.Sum(account => account.Received), "messages"));
    }

    /// <summary>The product's own check has to agree.</summary>
    private async Task VerifyAsync(int flows, CancellationToken cancellationToken)
    {
        var (code, output, error) = await SoakProgram.RunAsync(
            ["verify", "--json"], servers.Settings, cancellationToken);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (code != 0)
            faults.Add($"worker verify ended with code {code}: {string.Join(' ', lines.Take(5))} {error.Trim()}");
        if (lines is [.., var last] && JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(last) is { } counts
            && counts.TryGetValue("judged", out var judged) && judged.GetInt64() != flows)
            faults.Add($"worker verify counts {judged} judged Flow Logs, and {flows} have to be.");
    }

    private async Task QueuesAsync(HashSet<string> expected, CancellationToken cancellationToken)
    {
        var letters = await SoakBroker.TakeLettersAsync(cancellationToken);
        report.Add(new("dead letters, each once", letters.Distinct().Count(), ""));
        var missing = expected.Except(letters).ToList();
        var tooMany = letters.Except(expected).ToList();
        if (missing.Count > 0)
            faults.Add($"{missing.Count} refused messages are not in {RabbitMqTopology.DeadQueue}, e.g. {missing[0]}.");
        if (tooMany.Count > 0)
            faults.Add($"{tooMany.Count} dead letters are of no message that had to be refused, e.g. {tooMany[0]}.");
        if (await SoakBroker.ReadyAsync(RabbitMqTopology.IngestQueue, cancellationToken) is var ready and > 0)
            faults.Add($"{RabbitMqTopology.IngestQueue} holds {ready} messages after the workers have stopped.");
    }

    private async Task WatchAsync(IReadOnlyList<SoakWorker> workers, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await LookAsync(workers, CancellationToken.None);
            await Task.Delay(Samples.Pause, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(IReadOnlyList<SoakWorker> workers, CancellationToken cancellationToken)
    {
        foreach (var worker in workers)
        {
            if (await worker.LookAsync(cancellationToken) is { } fault)
                faults.Add(fault);
        }
    }

    private static string Words(FaultKind kind) => kind switch
    {
        FaultKind.Kill => "workers killed",
        FaultKind.Stop => "workers stopped",
        FaultKind.BrokerAway => "times that the broker went away",
        _ => "times that the store went away",
    };
}
