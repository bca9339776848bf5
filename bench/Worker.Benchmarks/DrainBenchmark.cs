using Worker.Ingestion;

namespace Worker.Benchmarks;

/// <summary>
/// How fast a full queue becomes durable Logs, against the rate at which a bare client can take it at all.
/// </summary>
internal static class DrainBenchmark
{
    /// <summary>Of the embedded store; what a server allows is measured by <see cref="StoreBenchmark"/>.</summary>
    private const double RatioFloor = 0.50;

    private const double MegabytesCeiling = 300;

    /// <summary>These two of the payload that is sent unless another size is asked for.</summary>
    private const double SmallMegabytesCeiling = 270;

    private const double AllocatedCeiling = 3300;

    public static async Task<int> RunAsync(
        StoreKind kind, int messages, int bytes, bool json, CancellationToken cancellationToken)
    {
        var report = new Report("drain", json);
        var options = new IngestionOptions();
        var isSmall = bytes == Payload.Bytes;
        await using var broker = await Broker.ConnectAsync(cancellationToken);
        report.State("machine", $"{Machine.Description}; RabbitMQ {broker.Version} beside the worker");
        report.State("payload", $"{messages:N0} Logs of {bytes:N0} bytes, persistent, in traces of {Payload.LogsPerTrace}, not completed, random ids");
        report.State("settings", $"prefetch {options.Prefetch}, chunks of {options.ChunkSize} or {options.ChunkTime.TotalMilliseconds} ms, {TemporaryStore.Describe(kind)}");

        var before = await DrainBareAsync();
        report.Add(new("bare client, no work", before, "messages/s"));

        await broker.FillAsync(Traces(messages, bytes), cancellationToken);
        await using var store = new TemporaryStore(kind);
        var worker = await WorkerChild.RunAsync(store, messages, judged: 0, cancellationToken);
        var rate = messages / worker.DrainSeconds;
        report.Add(new("worker, durable", rate, "Logs/s"));
        var after = await DrainBareAsync();
        report.Add(new("bare client, afterwards", after, "messages/s"));
        report.Add(new("ratio to both", 2 * rate / (before + after), "", Floor: kind == StoreKind.Sqlite ? RatioFloor : null));
        report.Add(new("CPU per Log", worker.CpuSeconds * 1e6 / messages, "µs"));
        report.Add(new(
            "allocated per Log",
            (double)worker.AllocatedBytes / messages,
            "bytes",
            Ceiling: kind == StoreKind.Sqlite && isSmall ? AllocatedCeiling : null));
        report.Add(new("peak memory", worker.PeakResidentBytes / 1e6, "MB", Ceiling: isSmall ? SmallMegabytesCeiling : MegabytesCeiling));
        if (store.MegabytesStored is { } stored)
            report.Add(new("stored", stored, "MB"));
        return report.Finish();

        async Task<double> DrainBareAsync()
        {
            await broker.FillAsync(Traces(messages, bytes), cancellationToken);
            return await broker.DrainBareAsync(messages, (ushort)options.Prefetch, options.ChunkSize, cancellationToken);
        }
    }

    private static IEnumerable<(string, byte[])> Traces(int messages, int bytes)
    {
        var payload = new Payload(timeOrderedIds: false, bytes: bytes);
        return Enumerable.Range(0, (messages + Payload.LogsPerTrace - 1) / Payload.LogsPerTrace).SelectMany(_ => payload.Trace(out var _)).Take(messages);
    }
}
