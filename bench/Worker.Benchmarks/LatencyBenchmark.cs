using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Worker.Storage;

namespace Worker.Benchmarks;

/// <summary>
/// How long a completed trace waits for its first Evaluator and for its last verdict, under a steady load.
/// </summary>
internal static class LatencyBenchmark
{
    private const int WarmUpSeconds = 3;

    public static async Task<int> RunAsync(int perSecond, int seconds, bool json, CancellationToken cancellationToken)
    {
        var report = new Report("latency", json);
        var settle = new Evaluation.TraceOptions().Settle;
        await using var broker = await Broker.ConnectAsync(cancellationToken);
        report.State("machine", $"{Machine.Description}; RabbitMQ {broker.Version} and the producer beside the worker");
        report.State("payload", $"{perSecond} traces/s for {seconds} s, of {Payload.LogsPerTrace} Logs of {Payload.Bytes} bytes; the completion once the Logs are confirmed");
        report.State("settings", $"defaults (settle {settle.TotalMilliseconds} ms); the five rule Evaluators that are shipped; the first {WarmUpSeconds} s left out");

        await using var store = new TemporaryStore(StoreKind.Sqlite);
        var traces = perSecond * (seconds + WarmUpSeconds);
        var child = WorkerChild.RunAsync(
            store, (traces + 1) * (Payload.LogsPerTrace + 1), traces + 1, cancellationToken);
        var completed = await PublishAsync(broker, traces, perSecond, child, cancellationToken);
        await child;

        var (first, last) = await LatenciesAsync(store, completed.Skip(perSecond * WarmUpSeconds), cancellationToken);
        Add(report, "to the first Evaluator's start", first, settle.TotalMilliseconds + 250);
        Add(report, "to the last verdict", last, null);
        return report.Finish();
    }

    /// <summary>
    /// One trace each so many milliseconds, whether or not the ones before are done. One more first, to see the worker
    /// up.
    /// </summary>
    private static async Task<IReadOnlyList<(string FlowId, DateTimeOffset At)>> PublishAsync(
        Broker broker, int traces, int perSecond, Task child, CancellationToken cancellationToken)
    {
        var payload = new Payload(timeOrderedIds: false);
        await TraceAsync(broker, payload, cancellationToken);
        await broker.EmptyAsync(child, cancellationToken);

        var began = Stopwatch.GetTimestamp();
        var publishing = new List<Task<(string, DateTimeOffset)>>(traces);
        for (var trace = 0; trace < traces; trace++)
        {
            var ahead = TimeSpan.FromSeconds((double)trace / perSecond) - Stopwatch.GetElapsedTime(began);
            if (ahead > TimeSpan.Zero)
                await Task.Delay(ahead, cancellationToken);
            publishing.Add(TraceAsync(broker, payload, cancellationToken));
        }

        return await Task.WhenAll(publishing);
    }

    /// <summary>One trace; its completion once all else is confirmed. When that was sent.</summary>
    public static async Task<(string FlowId, DateTimeOffset At)> TraceAsync(
        Broker broker, Payload payload, CancellationToken cancellationToken)
    {
        var logs = payload.Trace(out var flowId);
        await Task.WhenAll(logs.Select(log => broker.PublishAsync(log.Type, log.Body, cancellationToken).AsTask()));
        var (type, body) = Payload.Completion(flowId);
        var at = TimeProvider.System.GetUtcNow();
        await broker.PublishAsync(type, body, cancellationToken);
        return (flowId, at);
    }

    /// <summary>
    /// In milliseconds from each trace's completion, to its first Evaluator's start and to its last verdict.
    /// </summary>
    public static async Task<(List<double> First, List<double> Last)> LatenciesAsync(
        TemporaryStore store, IEnumerable<(string FlowId, DateTimeOffset At)> completed, CancellationToken cancellationToken)
    {
        using var host = await store.OpenAsync(cancellationToken);
        var verdicts = host.Services.GetRequiredService<IEvaluatorLogStore>();
        var runs = host.Services.GetRequiredService<IRunStore>();
        List<double> first = [], last = [];
        foreach (var (flowId, at) in completed)
        {
            var started = (await verdicts.ReadAsync([flowId], cancellationToken)).Min(verdict => verdict.StartTime);
            var judged = (await runs.ReadAsync(flowId, cancellationToken))!.JudgedAt!.Value;
            first.Add((started - at).TotalMilliseconds);
            last.Add((judged - at).TotalMilliseconds);
        }

        return (first, last);
    }

    private static void Add(Report report, string name, List<double> milliseconds, double? ceilingOfP95)
    {
        milliseconds.Sort();
        foreach (var percent in new[] { 50, 95, 99 })
            report.Add(new($"{name}, p{percent}", milliseconds[(int)((milliseconds.Count - 1) * percent / 100.0)], "ms", Ceiling: percent == 95 ? ceilingOfP95 : null));
    }
}
