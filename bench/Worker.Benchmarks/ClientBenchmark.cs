using System.Diagnostics;

namespace Worker.Benchmarks;

/// <summary>
/// How many calls a producer makes through Worker.Client: on one core, alone and shared with what is sent meanwhile, and
/// end to end.
/// </summary>
internal static class ClientBenchmark
{
    /// <summary>Nobody listens there.</summary>
    private const string Nowhere = "amqp://guest:guest@127.0.0.1:1";

    public static async Task<int> RunAsync(int calls, bool json, CancellationToken cancellationToken)
    {
        var report = new Report("client", json);
        await using var broker = await Broker.ConnectAsync(cancellationToken);
        report.State("machine", $"{Machine.Description}; RabbitMQ {broker.Version} beside the client");
        report.State("payload", $"{calls} Tool Logs of about {Payload.Bytes} bytes, from one thread");
        report.State("settings", $"memory for all of them; one core: where there is a taskset");

        var pinned = await ClientChild.RunAsync(Broker.Uri!, calls, isPinned: true, cancellationToken);
        report.Add(new(
            "calls on one core", calls / (pinned.CallingProcessor ?? pinned.Calling), "calls/s", Floor: 50_000));
        report.Add(new("one core for calls and sending", calls / pinned.Calling, "calls/s"));
        report.Add(new("of a call, its JSON", pinned.Writing, "us"));
        var away = await ClientChild.RunAsync(Nowhere, calls, isPinned: true, cancellationToken);
        report.Add(new("the same, the broker away", calls / away.Calling, "calls/s"));
        report.Add(new("until all is on disk", away.Spooled / away.Sent, "messages/s"));

        var free = await ClientChild.RunAsync(Broker.Uri!, calls, isPinned: false, cancellationToken);
        var bare = await BareAsync(broker, calls, cancellationToken);
        report.Add(new("confirmed, any core", (free.Published + free.Spooled) / free.Sent, "messages/s"));
        report.Add(new("of these, by way of the disk", free.Spooled, "messages"));
        report.Add(new("a bare client, 1000 in flight", bare, "messages/s"));
        report.Add(new("CPU of the client", free.Processor * 1e6 / calls, "us a message"));
        report.Add(new("refused", pinned.Refused + away.Refused + free.Refused, "calls", Ceiling: 0));
        return report.Finish();
    }

    private static async Task<double> BareAsync(Broker broker, int calls, CancellationToken cancellationToken)
    {
        var (body, began) = (new Payload(timeOrderedIds: true).Unnamed(), Stopwatch.GetTimestamp());
        await broker.FillAsync(Enumerable.Repeat(("tool.logged", body), calls), cancellationToken);
        return calls / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
