namespace Worker.Benchmarks;

/// <summary>What Evaluators that wait for a model take from ingestion: the same queue, without them and with them.</summary>
internal static class LlmBenchmark
{
    private static readonly TimeSpan ReplyAfter = TimeSpan.FromMilliseconds(300);

    public static async Task<int> RunAsync(
        StoreKind kind, int evaluators, int traces, bool json, CancellationToken cancellationToken)
    {
        var report = new Report("llm", json);
        var messages = traces * (Payload.LogsPerTrace + 1);
        await using var broker = await Broker.ConnectAsync(cancellationToken);
        report.State("machine", $"{Machine.Description}; RabbitMQ {broker.Version} and the model beside the worker");
        report.State("payload", $"{traces:N0} traces of {Payload.LogsPerTrace} Logs of {Payload.Bytes} bytes and a completion, random ids");
        report.State("settings", $"defaults; {evaluators} llm Evaluators on every trace, replies after {ReplyAfter.TotalMilliseconds} ms; {TemporaryStore.Describe(kind)}");

        using var none = EvaluatorFiles.OfModels(0);
        var without = await DrainAsync(none.Settings);
        report.Add(new("drained without Evaluators", without, "messages/s"));

        await using var model = await ModelServer.StartAsync(ReplyAfter, cancellationToken);
        using var files = EvaluatorFiles.OfModels(evaluators);
        var with = await DrainAsync(files.Settings.Concat(model.Settings).ToDictionary());
        report.Add(new("drained with them", with, "messages/s"));
        report.Add(new("ratio", with / without, ""));
        report.Add(new("answers of the model meanwhile", model.Answered / (messages / with), "calls/s"));
        return report.Finish();

        async Task<double> DrainAsync(IReadOnlyDictionary<string, string> settings)
        {
            await broker.FillAsync(JudgeBenchmark.Messages(traces), cancellationToken);
            await using var store = new TemporaryStore(kind, settings);
            var worker = await WorkerChild.RunAsync(store, messages, judged: 0, cancellationToken);
            return messages / worker.DrainSeconds;
        }
    }
}
