namespace Worker.Benchmarks;

/// <summary>One trace far larger than the memory of the worker that judges it, and small ones beside it.</summary>
internal static class BigTraceBenchmark
{
    private const int Bytes = 4000;
    private const int Small = 20;
    private const int MostMilliseconds = 5000;

    public static async Task<int> RunAsync(
        StoreKind kind, int children, int megabytes, bool json, CancellationToken cancellationToken)
    {
        var report = new Report("big-trace", json);
        var settle = new Evaluation.TraceOptions().Settle;
        await using var broker = await Broker.ConnectAsync(cancellationToken);
        report.State("machine", $"{Machine.Description}; RabbitMQ {broker.Version} beside the worker");
        report.State("payload", $"one trace of {children:N0} Logs of {Bytes:N0} bytes; {Small} of {Payload.LogsPerTrace} while it is judged, one a second");
        report.State("settings", $"defaults (settle {settle.TotalMilliseconds} ms); the five rule Evaluators that are shipped; {TemporaryStore.Describe(kind)}");
        report.State("memory", $"{megabytes} MB: DOTNET_GCHeapHardLimit, and ulimit -d where there is one");

        var flow = Guid.NewGuid().ToString();
        await broker.FillAsync(Messages(flow, children), cancellationToken);
        await using var store = new TemporaryStore(kind);
        var child = WorkerChild.RunAsync(
            store, children + 2 + (Small * (Payload.LogsPerTrace + 1)), Small + 1, cancellationToken, megabytes);
        var drained = await broker.EmptyAsync(child, cancellationToken);
        var beside = await BesideAsync(broker, child, cancellationToken);
        var worker = await child;

        report.Add(new("peak memory", worker.PeakResidentBytes / 1e6, "MB", Ceiling: megabytes));
        report.Add(new("drained", (children + 2) / worker.DrainSeconds, "messages/s"));
        var (_, big) = await LatencyBenchmark.LatenciesAsync(store, [(flow, drained)], cancellationToken);
        report.Add(new("large trace, to its last verdict", big[0] / 1e3, "s"));
        var (_, small) = await LatencyBenchmark.LatenciesAsync(
            store, beside.Where(trace => trace.At < drained.AddMilliseconds(big[0])), cancellationToken);
        report.Add(new("small traces judged beside it", small.Count, "", Floor: 1));
        if (small.Count > 0)
            report.Add(
                new("the slowest of them", small.Max(), "ms", Ceiling: settle.TotalMilliseconds + MostMilliseconds));
        return report.Finish();
    }

    private static IEnumerable<(string, byte[])> Messages(string flow, int children)
    {
        var payload = new Payload(timeOrderedIds: false, bytes: Bytes);
        return payload.Children(flow, children).Prepend(payload.Head(flow)).Append(Payload.Completion(flow));
    }

    private static async Task<IReadOnlyList<(string FlowId, DateTimeOffset At)>> BesideAsync(
        Broker broker, Task child, CancellationToken cancellationToken)
    {
        var payload = new Payload(timeOrderedIds: false, seed: 2);
        var completed = new List<(string, DateTimeOffset)>();
        while (completed.Count < Small)
        {
            if (child.IsCompleted)
                await child;
            completed.Add(await LatencyBenchmark.TraceAsync(broker, payload, cancellationToken));
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }

        return completed;
    }
}
