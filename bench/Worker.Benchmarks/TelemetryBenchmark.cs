namespace Worker.Benchmarks;

/// <summary>
/// What traces, metrics and logs over OTLP take: the same queue, without them and with them, in turns; first of traces
/// that are not completed, then of traces that are judged.
/// </summary>
internal static class TelemetryBenchmark
{
    private const int Turns = 3;
    private const double RatioFloor = 0.95;

    public static async Task<int> RunAsync(
        StoreKind kind, int traces, bool json, CancellationToken cancellationToken)
    {
        var report = new Report("telemetry", json);
        await using var broker = await Broker.ConnectAsync(cancellationToken);
        report.State("machine", $"{Machine.Description}; RabbitMQ {broker.Version} and the collector beside the worker");
        report.State("payload", $"{traces:N0} traces of {Payload.LogsPerTrace} Logs of {Payload.Bytes} bytes, random ids; without completions, then with them");
        report.State("settings", $"defaults; the five rule Evaluators that are shipped; OTLP by HTTP, all signals; {TemporaryStore.Describe(kind)}; medians of {Turns} turns");

        await using var collector = await CollectorServer.StartAsync(cancellationToken);
        await CompareAsync("drained", judged: 0, RatioFloor);
        await CompareAsync("drained and judged", judged: traces, floor: null);
        report.Add(new("taken by the collector", collector.Bytes / 1e6, "MB", Floor: 0.1));
        return report.Finish();

        async Task CompareAsync(string what, int judged, double? floor)
        {
            var messages = traces * Payload.LogsPerTrace + judged;
            var (without, with) = (new List<WorkerReport>(), new List<WorkerReport>());
            for (var turn = 0; turn < Turns; turn++)
            {
                without.Add(await RunOnceAsync(messages, judged, null));
                with.Add(await RunOnceAsync(messages, judged, collector.Settings));
            }

            report.Add(new($"{what}, without", Median(without, Rate), "messages/s"));
            report.Add(new($"{what}, with", Median(with, Rate), "messages/s"));
            report.Add(new("ratio", Median(with, Rate) / Median(without, Rate), "", Floor: floor));
            report.Add(new("CPU per message, without", Median(without, Cpu), "µs"));
            report.Add(new("CPU per message, with", Median(with, Cpu), "µs"));

            double Rate(WorkerReport worker) => messages / (worker.JudgeSeconds ?? worker.DrainSeconds);

            double Cpu(WorkerReport worker) => worker.CpuSeconds * 1e6 / messages;
        }

        async Task<WorkerReport> RunOnceAsync(int messages, int judged, IReadOnlyDictionary<string, string>? settings)
        {
            await broker.FillAsync(JudgeBenchmark.Messages(traces, complete: judged > 0), cancellationToken);
            await using var store = new TemporaryStore(kind, settings);
            return await WorkerChild.RunAsync(store, messages, judged, cancellationToken);
        }
    }

    private static double Median(IEnumerable<WorkerReport> workers, Func<WorkerReport, double> figure) =>
        workers.Select(figure).Order().ElementAt(Turns / 2);
}
