using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Testing.Contracts;

/// <summary>
/// The laws again, through a store and several workers at once: what ends up stored is what the pure functions say.
/// </summary>
public abstract class StoreLawsContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    private const int Workers = 3;

    /// <summary>How many random histories are played; each takes some dozens of store calls.</summary>
    protected virtual int Histories => 60;

    [Fact]
    public async Task Any_order_duplication_and_split_over_workers_ends_in_the_same_logs_traces_and_wakes()
    {
        var time = new FakeTimeProvider(Some.Time);
        var stores = new List<StoreUnderTest>();
        for (var worker = 0; worker < Workers; worker++)
            stores.Add(await OpenAsync());
        var store = stores[0];
        var ingestions = stores.Select(opened => new TestIngestion(opened, time)).ToList();
        var history = 0;
        foreach (var (messages, deliveries, cuts) in Gen.Sample(History(), Histories))
        {
            var prefix = $"h{history++}-";
            var chunks = Cut([.. deliveries.Select(message => Generate.Delivery(message, prefix))], cuts);
            await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => WorkAsync(ingestions[worker].Processor(), chunks, worker)));

            var expected = Oracle(messages, prefix);
            var stored = await store.Logs.ReadAsync([.. expected.Keys], Cancellation);
            foreach (var (id, log) in expected)
            {
                // What becomes of a verdict with the Log that it is on has no order either, but when it was deleted.
                if (log.IsDeleted && WasVerdict(id, messages, prefix))
                    stored[id].ShouldBeLog(log with { Version = stored[id].Version, DeletedAt = stored[id].DeletedAt.ShouldNotBeNull() });
                else if (IsGone(log, expected))
                    stored[id].ShouldBeLog(Gone(log, stored[id]));
                else
                    stored[id].ShouldBeLog(log with { Version = stored[id].Version, Resolution = stored[id].Resolution });
            }

            foreach (var flow in expected.Values.Where(log => log.Kind == LogKind.Flow && !log.IsDeleted))
                await CheckTraceAsync(store, flow, expected);
        }

        ingestions.ShouldAllBe(ingestion => ingestion.DeadLetters.Count == 0);
    }

    /// <summary>Of one that was deleted by itself and with what it was on, either is when.</summary>
    private static bool WasVerdict(string id, LogMessage[] messages, string prefix) => messages.Any(
        message => message.Kind == MessageKind.EvaluatorLogged && prefix + message.LogId == id);

    /// <summary>It is on what was deleted, or on a verdict that is gone for that.</summary>
    private static bool IsGone(Log log, Dictionary<string, Log> logs) =>
        !log.IsDeleted && log.JudgedId is { } judged && logs.TryGetValue(judged, out var on)
        && (on.IsDeleted || IsGone(on, logs));

    private static Log Gone(Log verdict, Log stored) => LogMerge.Deleted(verdict, stored.DeletedAt.ShouldNotBeNull())
        with { Version = stored.Version };

    private static async Task CheckTraceAsync(StoreUnderTest store, Log flow, Dictionary<string, Log> logs)
    {
        var members = await store.Traces.AllMembersAsync(flow.Id, Cancellation);
        members.Select(member => member.Id).Order(StringComparer.Ordinal).ShouldBe(
            MembersOf(flow.Id, logs).Order(StringComparer.Ordinal));
        var above = await store.Traces.AncestorsAsync([flow.Id], Cancellation);
        above.ShouldContain(found => found.LogId == flow.Id && found.IsComplete == flow.IsComplete);

        var run = await store.Runs.ReadAsync(flow.Id, Cancellation);
        (run?.Due is not null).ShouldBe(flow.IsComplete);
    }

    private static async Task WorkAsync(ChunkProcessor processor, List<InboundMessage[]> chunks, int worker)
    {
        await Task.Yield();
        for (var i = worker; i < chunks.Count; i += Workers)
            await processor.ProcessAsync(chunks[i], Cancellation);
    }

    private static Dictionary<string, Log> Oracle(LogMessage[] messages, string prefix)
    {
        var decoder = new MessageDecoder(1024 * 1024);
        return messages.Select(message => decoder.Decode(Generate.Delivery(message, prefix)).Message!)
            .GroupBy(message => message.LogId)
            .ToDictionary(
                group => group.Key,
                group => group.Aggregate((Log?)null, (log, message) => LogMerge.Apply(log, message).Log)!);
    }

    /// <summary>
    /// By the words of the contract: everything reached downward, each once, and nothing through what is deleted.
    /// </summary>
    private static HashSet<string> MembersOf(string head, Dictionary<string, Log> logs)
    {
        var members = new HashSet<string> { head };
        var grown = true;
        while (grown)
        {
            grown = logs.Values
                .Where(log => !log.IsDeleted && log.ParentId is { } parent && members.Contains(parent))
                .ToList()
                .Aggregate(false, (any, log) => members.Add(log.Id) | any);
        }

        return members;
    }

    private static Gen<(LogMessage[] Messages, LogMessage[] DeliveryReader, int[] Cuts)> History() =>
        from messages in Generate.Messages()
        from deliveries in Generate.ShuffledWithDuplicates(messages)
        from cuts in Gen.ArrayOf(Gen.Choose(1, 6))
        select (messages, deliveries, cuts);

    private static List<InboundMessage[]> Cut(InboundMessage[] deliveries, int[] cuts)
    {
        var chunks = new List<InboundMessage[]>();
        var rest = deliveries.AsEnumerable();
        foreach (var cut in cuts)
        {
            chunks.Add([.. rest.Take(cut)]);
            rest = rest.Skip(cut);
        }

        chunks.Add([.. rest]);
        return chunks;
    }
}
