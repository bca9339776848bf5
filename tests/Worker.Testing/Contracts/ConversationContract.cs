using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using Worker.Evaluation;
using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Testing.Contracts;

/// <summary>
/// Flow Logs with the same key make one conversation, whatever the order, however often, however many workers; and it
/// is due when it has been left alone.
/// </summary>
public abstract class ConversationContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    private const int Workers = 3;
    private const int Histories = 40;

    private static readonly ConversationOptions Options = new()
    {
        By = "metadata.session, user",
        Flows = "chat/**",
        Idle = TimeSpan.FromMinutes(20),
    };

    private readonly FakeTimeProvider _time = new(Some.Time);

    [Fact]
    public async Task Any_order_duplication_and_split_over_workers_ends_in_the_same_conversations()
    {
        var stores = new List<StoreUnderTest>();
        for (var worker = 0; worker < Workers; worker++)
            stores.Add(await OpenAsync());
        var ingestions = stores.Select(Ingestion).ToList();
        var history = 0;
        foreach (var (turns, deliveries, cut) in Gen.Sample(History(), Histories))
        {
            var prefix = $"h{history++}-";
            var chunks = deliveries.Select(turn => turn.Delivery(prefix)).Chunk(cut).ToList();
            await Task.WhenAll(ingestions.Select((ingestion, worker) => Task.Run(async () =>
            {
                for (var i = worker; i < chunks.Count; i += Workers)
                    await ingestion.SendAsync(chunks[i]);
            })));

            var outermost = turns.Where(turn => turn.Parent is null);
            foreach (var session in outermost.Select(turn => turn.Session).OfType<string>().Distinct())
                await CheckAsync(stores[0], session, turns, prefix);
        }

        ingestions.ShouldAllBe(ingestion => ingestion.DeadLetters.Count == 0);
    }

    [Fact]
    public async Task A_conversation_is_due_when_it_has_been_left_alone_and_its_flow_logs_when_they_have_settled()
    {
        var store = await OpenAsync();
        var ingestion = Ingestion(store);
        await ingestion.SendAsync(Turn("f1", "chat/a", "s"));
        var conversation = DerivedIds.Conversation("chat/a", "s");
        (await DueAsync(store, conversation)).ShouldBe(Some.Time + Options.Idle);

        _time.Advance(TimeSpan.FromMinutes(19));
        await ingestion.SendAsync(Turn("f2", "/chat/a/", "s"));
        (await DueAsync(store, conversation)).ShouldBe(_time.GetUtcNow() + Options.Idle);
        (await DueAsync(store, "f2")).ShouldBe(_time.GetUtcNow() + new TraceOptions().Settle);

        _time.Advance(TimeSpan.FromMinutes(1));
        await ingestion.SendAsync(("tool.logged", """{"log_id":"t","path":"t","trace_parent_id":"f1","output":"late"}"""));
        (await DueAsync(store, conversation)).ShouldBe(_time.GetUtcNow() + Options.Idle);
    }

    [Fact]
    public async Task What_a_conversation_is_made_of_is_counted_as_no_message()
    {
        var store = await OpenAsync();
        var ingestion = Ingestion(store);

        (await ingestion.SendAsync(Turn("f1", "chat/a", "s"))).ShouldBe(new ChunkResult { Stored = 1 });
        (await ingestion.SendAsync(Turn("f1", "chat/a", "s"))).ShouldBe(new ChunkResult { Unchanged = 1 });

        var head = await ConversationAsync(store, "chat/a", "s");
        head.Path.ShouldBe("conversations/chat/a");
        head.Version.ShouldBe(1, "what is said again changes nothing");
    }

    [Fact]
    public async Task Only_flow_logs_with_a_key_that_nobody_has_put_elsewhere_are_in_one()
    {
        var store = await OpenAsync();
        var ingestion = Ingestion(store);
        await ingestion.SendAsync(
            Turn("no-key", "chat/a", null),
            Turn("other-flow", "else", "s"),
            Turn("nested", "chat/a", "s", parent: "f1"),
            Turn("f1", "chat/a", "s"),
            Turn("other-path", "chat/b", "s"),
            ("flow.logged", """{"log_id":"by-user","path":"chat/a","user":"s","output":"o","trace_status":"complete"}"""),
            ("flow.logged", """{"log_id":"number","path":"chat/a","metadata":{"session":7},"output":"o"}"""),
            ("flow.logged", """{"log_id":"list","path":"chat/a","metadata":{"session":["s"]},"output":"o"}"""));

        (await ParentsAsync(store, "no-key", "other-flow", "nested", "f1", "other-path", "by-user", "number", "list"))
            .ShouldBe(
            [
                null, null, "f1", DerivedIds.Conversation("chat/a", "s"), DerivedIds.Conversation("chat/b", "s"),
                DerivedIds.Conversation("chat/a", "s"), DerivedIds.Conversation("chat/a", "7"), null,
            ]);
    }

    [Fact]
    public async Task A_declared_parent_takes_a_flow_log_out_of_its_conversation_whenever_it_comes()
    {
        var store = await OpenAsync();
        var ingestion = Ingestion(store);
        await ingestion.SendAsync(Turn("f1", "chat/a", "s", sentAt: "2026-01-02T00:00:09Z"));
        await ingestion.SendAsync(Turn("f1", "chat/a", "s", parent: "above", sentAt: "2026-01-02T00:00:01Z"));

        (await ParentsAsync(store, "f1")).ShouldBe(["above"]);
    }

    private static async Task CheckAsync(StoreUnderTest store, string session, IReadOnlyList<Said> turns, string prefix)
    {
        var id = DerivedIds.Conversation("chat/a", prefix + session);
        var members = (await store.Traces.AllMembersAsync(id, Cancellation)).Select(log => log.Id).ToHashSet();
        var expected = new HashSet<string> { id };
        foreach (var turn in turns.Where(turn => expected.Contains(turn.ParentIn(prefix) ?? "")))
            expected.Add(prefix + turn.Id);

        members.ShouldBe(expected, ignoreOrder: true);
        (await store.Runs.ReadAsync(id, Cancellation)).ShouldNotBeNull().Due.ShouldNotBeNull();
    }

    private static Gen<(Said[] Turns, Said[] Deliveries, int Cut)> History() =>
        from count in Gen.Choose(1, 6)
        from sessions in Gen.ArrayOf(Gen.Elements("a", "b", null), count)
        from parents in Gen.ArrayOf(Gen.Choose(-2, 5), count)
        let flows = sessions.Select((session, i) =>
            new Said($"f{i}", session, parents[i] >= 0 && parents[i] < i ? $"f{parents[i]}" : null, IsTool: false))
        from tools in Gen.ArrayOf(Gen.Choose(0, count - 1), 3)
        let steps = tools.Select((flow, i) => new Said($"t{i}", null, $"f{flow}", IsTool: true))
        let turns = flows.Concat(steps).ToArray()
        from deliveries in Generate.ShuffledWithDuplicates(turns)
        from cut in Gen.Choose(1, 4)
        select (turns, deliveries, cut);

    private TestIngestion Ingestion(StoreUnderTest store) => new(store, _time) { Conversations = Options };

    private static (string Type, string Body) Turn(
        string id, string path, string? session, string? parent = null, string sentAt = "2026-01-02T00:00:00Z") =>
        ("flow.logged", JsonSerializer.Serialize(new
        {
            log_id = id,
            path,
            trace_parent_id = parent,
            metadata = session is null ? null : new { session },
            output = "said",
            trace_status = "complete",
            sent_at = sentAt,
        }));

    private static async Task<DateTimeOffset?> DueAsync(StoreUnderTest store, string logId) =>
        (await store.Runs.ReadAsync(logId, Cancellation))?.Due;

    private static async Task<Log> ConversationAsync(StoreUnderTest store, string flow, string key)
    {
        var id = DerivedIds.Conversation(flow, key);
        return (await store.Logs.ReadAsync([id], Cancellation))[id];
    }

    private static async Task<IReadOnlyList<string?>> ParentsAsync(StoreUnderTest store, params string[] ids)
    {
        var logs = await store.Logs.ReadAsync(ids, Cancellation);
        return [.. ids.Select(id => logs[id].ParentId)];
    }

    private sealed record Said(string Id, string? Session, string? Parent, bool IsTool)
    {
        public InboundMessage Delivery(string prefix)
        {
            var (type, body) = IsTool
                ? ("tool.logged", JsonSerializer.Serialize(
                    new { log_id = prefix + Id, path = "t", trace_parent_id = prefix + Parent, output = "o" }))
                : Turn(prefix + Id, "chat/a", Session is null ? null : prefix + Session, Parent is null ? null : prefix + Parent);
            return Some.Delivery(body, type) with { ReceivedAt = Some.Time };
        }

        public string? ParentIn(string prefix) =>
            Parent is not null ? prefix + Parent
            : Session is not null ? DerivedIds.Conversation("chat/a", prefix + Session) : null;
    }
}
