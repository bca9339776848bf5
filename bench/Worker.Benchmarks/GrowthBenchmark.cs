using Microsoft.Extensions.DependencyInjection;
using Worker.Ingestion;

namespace Worker.Benchmarks;

/// <summary>Whether a store that has grown is as fast as a small one.</summary>
internal static class GrowthBenchmark
{
    private const double Floor = 0.8;
    private const int Chunk = 500;

    public static async Task<int> RunAsync(
        StoreKind kind, int few, int many, int messages, bool json, CancellationToken cancellationToken)
    {
        var report = new Report("growth", json);
        await using var broker = await Broker.ConnectAsync(cancellationToken);
        report.State("machine", $"{Machine.Description}; RabbitMQ {broker.Version} beside the worker");
        report.State("payload", $"{messages:N0} Logs of {Payload.Bytes} bytes in traces of {Payload.LogsPerTrace}, drained into a store of {few:N0} and of {many:N0} such Logs");
        report.State("settings", $"defaults; {TemporaryStore.Describe(kind)}");
        foreach (var (ids, timeOrdered) in new[] { ("random ids", false), ("time-ordered ids", true) })
        {
            // The small store is measured before and after the large one: their mean leaves out what the machine itself
            // drifts.
            var before = await MeasureAsync(
                report, broker, kind, $"{ids}, {few:N0} stored", timeOrdered, few, messages, cancellationToken);
            var large = await MeasureAsync(
                report, broker, kind, $"{ids}, {many:N0} stored", timeOrdered, many, messages, cancellationToken);
            var after = await MeasureAsync(
                report, broker, kind, $"{ids}, {few:N0} stored, again", timeOrdered, few, messages, cancellationToken);
            report.Add(new($"{ids}, ratio", 2 * large / (before + after), "", Floor: Floor));
        }

        return report.Finish();
    }

    private static async Task<double> MeasureAsync(
        Report report, Broker broker, StoreKind kind, string name, bool timeOrdered, int stored, int messages, CancellationToken cancellationToken)
    {
        await using var store = new TemporaryStore(kind);
        var payload = new Payload(timeOrdered);
        await StoreAsync(store, payload, stored, cancellationToken);
        await broker.FillAsync(Logs(payload, messages), cancellationToken);
        var worker = await WorkerChild.RunAsync(store, messages, judged: 0, cancellationToken);
        var rate = messages / worker.DrainSeconds;
        report.Add(new(name, rate, "Logs/s"));
        report.Add(new($"{name}, CPU per Log", worker.CpuSeconds * 1e6 / messages, "µs"));
        return rate;
    }

    /// <summary>Fills the store through the worker's own chunk processor, without a broker.</summary>
    private static async Task StoreAsync(
        TemporaryStore store, Payload payload, int count, CancellationToken cancellationToken)
    {
        using var host = await store.OpenAsync(cancellationToken);
        var processor = host.Services.GetRequiredService<ChunkProcessor>();
        var done = 0;
        foreach (var chunk in Logs(payload, count).Chunk(Chunk))
        {
            await processor.ProcessAsync([.. chunk.Select(Delivery)], cancellationToken);
            done += chunk.Length;
            if (done % 100_000 == 0)
                Report.Progress($"{done:N0} Logs stored");
        }
    }

    private static InboundMessage Delivery((string Type, byte[] Body) message, int index) =>
        new() { Type = message.Type, Body = message.Body, ReceivedAt = TimeProvider.System.GetUtcNow(), Tag = index };

    private static IEnumerable<(string Type, byte[] Body)> Logs(Payload payload, int count) =>
        Enumerable.Range(0, (count + Payload.LogsPerTrace - 1) / Payload.LogsPerTrace).SelectMany(_ => payload.Trace(out var _)).Take(count);
}
