using System.Diagnostics;

namespace Worker.Benchmarks;

/// <summary>How many small Logs a front takes for the broker, from clients that wait for each answer.</summary>
internal static class FrontBenchmark
{
    private const int WarmUpSeconds = 5;

    public static async Task<int> RunAsync(
        int connections, int seconds, bool spans, bool json, CancellationToken cancellationToken)
    {
        var (path, body) = spans
            ? ("/v1/traces", SpanPayload.Request())
            : ("/v5/tools/log", new Payload(timeOrderedIds: true).Unnamed());
        var (batch, what) = spans ? (SpanPayload.Spans, "spans") : (1, "Logs");
        var report = new Report("front", json);
        await using var broker = await Broker.ConnectAsync(cancellationToken);
        report.State("machine", $"{Machine.Description}; RabbitMQ {broker.Version} and the clients beside the front");
        report.State("payload", $"POST {path} of {body.Length} bytes{(spans ? $" and {batch} spans" : " without log_id")}, {connections} connections, one request at a time on each, for {seconds} s after {WarmUpSeconds} s");
        report.State("settings", $"defaults; worker serve alone, SQLite; each answered once the broker has confirmed");

        await using var store = new TemporaryStore(StoreKind.Sqlite);
        await using var front = await FrontChild.StartAsync(store, cancellationToken);
        await LoadAsync(front, connections, path, body, TimeSpan.FromSeconds(WarmUpSeconds), cancellationToken);
        var (resident, cpu) = (front.ResidentBytes, front.CpuTime);
        var latencies = await LoadAsync(
            front, connections, path, body, TimeSpan.FromSeconds(seconds), cancellationToken);
        cpu = front.CpuTime - cpu;
        var grown = front.ResidentBytes - resident;

        var taken = latencies.Count * (long)batch;
        var bare = await BareAsync(broker, connections, (int)(taken / 4), cancellationToken);
        latencies.Sort();
        report.Add(new("accepted", taken / (double)seconds, what + "/s", Floor: spans ? 10_000 : 5_000));
        report.Add(new("a bare client, as many in flight", bare, "messages/s"));
        report.Add(new("ratio", taken / (double)seconds / bare, ""));
        report.Add(new("answered, p50", latencies[latencies.Count / 2], "ms"));
        report.Add(new("answered, p99", latencies[(int)(latencies.Count * 0.99)], "ms", Ceiling: spans ? null : 100));
        report.Add(new("CPU of the front", cpu.TotalMicroseconds / taken, $"us a {what[..^1]}"));
        report.Add(new("resident", front.ResidentBytes / 1e6, "MB"));
        report.Add(new("grown meanwhile", grown / 1e6, "MB"));
        return report.Finish();
    }

    /// <returns>Of each request, in milliseconds.</returns>
    private static async Task<List<double>> LoadAsync(
        FrontChild front,
        int connections,
        string path,
        byte[] body,
        TimeSpan time,
        CancellationToken cancellationToken)
    {
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(
            _ => HttpLoad.RunAsync(front.Address, path, body, until, cancellationToken)));
        return [.. all.SelectMany(latencies => latencies)];
    }

    /// <summary>The limit: a client that publishes, with as many waiting for their confirm.</summary>
    private static async Task<double> BareAsync(
        Broker broker, int inFlight, int messages, CancellationToken cancellationToken)
    {
        var (body, began, left) = (new Payload(timeOrderedIds: true).Unnamed(), Stopwatch.GetTimestamp(), messages);
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
                await broker.PublishAsync("tool.logged", body, cancellationToken);
        }));
        return messages / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
