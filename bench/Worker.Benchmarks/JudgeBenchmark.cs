namespace Worker.Benchmarks;

/// <summary>How many completed traces a second go from the queue to their last verdict.</summary>
internal static class JudgeBenchmark
{
    /// <summary>Of the embedded store; a server shares the machine here, which it does not elsewhere.</summary>
    private const double Floor = 250;

    private const double StoreCallsCeiling = 6;

    public static async Task<int> RunAsync(
        StoreKind kind, int traces, int evaluators, bool json, CancellationToken cancellationToken)
    {
        var report = new Report("judge", json);
        await using var broker = await Broker.ConnectAsync(cancellationToken);
        report.State("machine", $"{Machine.Description}; RabbitMQ {broker.Version} beside the worker");
        report.State(
            "payload",
            $"{traces:N0} traces of {Payload.LogsPerTrace} Logs of {Payload.Bytes} bytes and a completion, random ids");
        report.State(
            "settings", $"defaults; {(evaluators > 0 ? $"{evaluators} rule Evaluators" : "the five rule Evaluators that are shipped")}; {TemporaryStore.Describe(kind)}");

        await broker.FillAsync(Messages(traces), cancellationToken);
        using var files = evaluators > 0 ? EvaluatorFiles.OfRules(evaluators) : null;
        await using var store = new TemporaryStore(kind, files?.Settings);
        var worker = await WorkerChild.RunAsync(store, traces * (Payload.LogsPerTrace + 1), traces, cancellationToken);
        report.Add(new("judged, from the first message on", traces / worker.JudgeSeconds!.Value, "traces/s", Floor: kind == StoreKind.Sqlite && evaluators == 0 ? Floor : null));
        report.Add(new("CPU per trace", worker.CpuSeconds * 1e3 / traces, "ms"));
        report.Add(new("store calls per trace", (double)worker.StoreCalls / traces, "", Ceiling: evaluators == 0 ? StoreCallsCeiling : null));
        report.Add(new("allocated per trace", worker.AllocatedBytes / 1e3 / traces, "KB"));
        report.Add(new("drained meanwhile", traces * (Payload.LogsPerTrace + 1) / worker.DrainSeconds, "messages/s"));
        report.Add(new("peak memory", worker.PeakResidentBytes / 1e6, "MB"));
        return report.Finish();
    }

    /// <param name="complete">With a completion behind each trace.</param>
    public static IEnumerable<(string, byte[])> Messages(int traces, bool complete = true)
    {
        var payload = new Payload(timeOrderedIds: false);
        foreach (var _ in Enumerable.Range(0, traces))
        {
            var logs = payload.Trace(out var flow);
            foreach (var log in complete ? logs.Append(Payload.Completion(flow)) : logs)
                yield return log;
        }
    }
}
