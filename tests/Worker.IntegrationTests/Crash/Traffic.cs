using System.Globalization;
using System.Text.Json.Nodes;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests.Crash;

/// <summary>
/// What a bad day sends: traces of ten with nested Flows, updates, patches, repeated Logs, deletes, messages that
/// nothing but their id or body names, refusals; in random order, with duplicates. The same seed sends the same.
/// Whatever could make the outcome depend on the order of arrival (two kinds for one Log, an id reused) is left out.
/// </summary>
internal sealed class Traffic(Random random)
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly string[] Paths = ["support/look up", "support/refund", "search", "mail/send"];

    private readonly List<TestMessage> _messages = [];

    public IReadOnlyList<TestMessage> Make(int traces)
    {
        for (var trace = 0; trace < traces; trace++)
            AddTrace($"t{trace}");
        foreach (var repeated in _messages.Where(_ => random.NextDouble() < 0.15).ToList())
            _messages.Add(repeated);

        var shuffled = _messages.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }

    private void AddTrace(string trace)
    {
        var ids = new List<string> { $"{trace}-flow", $"{trace}-inner" };
        AddFlow(ids[0], parent: null, path: "support/answer", completes: random.NextDouble() < 0.95);
        AddFlow(ids[1], ids[0], path: "support/plan", completes: random.NextDouble() < 0.8);
        for (var tool = 0; tool < 8; tool++)
        {
            var id = $"{trace}-tool-{tool}";
            AddTool(id, parent: ids[random.Next(ids.Count)]);
            ids.Add(id);
        }

        if (random.NextDouble() < 0.3)
            AddNameless(trace, ids[0]);
        if (random.NextDouble() < 0.5)
            AddVerdict(trace, ids[random.Next(ids.Count)]);
        if (random.NextDouble() < 0.15)
            Add("log.deleted", new() { ["log_id"] = ids[random.Next(1, ids.Count)], ["sent_at"] = Moment() });
        if (random.NextDouble() < 0.3)
            AddRefused(trace);
    }

    private void AddFlow(string id, string? parent, string path, bool completes)
    {
        Add("flow.logged", new() { ["log_id"] = id, ["path"] = path, ["trace_parent_id"] = parent, ["inputs"] = Map(), ["start_time"] = Moment(), ["sent_at"] = Moment() });
        if (completes)
            Add(
                "flow.log.updated",
                new() { ["log_id"] = id, ["output"] = Text(), ["trace_status"] = "complete", ["sent_at"] = Moment() });
        if (random.NextDouble() < 0.3)
            Add("flow.log.updated", new() { ["log_id"] = id, ["inputs"] = Map(), ["sent_at"] = Moment() });
    }

    private void AddTool(string id, string parent)
    {
        var logged = new JsonObject
        {
            ["log_id"] = id,
            ["path"] = Paths[random.Next(Paths.Length)],
            ["trace_parent_id"] = parent,
            ["inputs"] = Map(),
            ["output"] = random.NextDouble() < 0.9 ? Text() : null,
            ["error"] = random.NextDouble() < 0.1 ? "timed out" : null,
            ["start_time"] = Moment(),
            ["end_time"] = random.Next(1_700_000_000, 1_800_000_000) + 0.25,
            ["metadata"] = Map(),
            ["batch_id"] = random.NextDouble() < 0.2 ? $"batch-{random.Next(5)}" : null,
            ["provider_latency"] = random.NextDouble() < 0.1 ? "fast" : random.NextDouble(),
        };
        if (random.NextDouble() < 0.05)
            logged["save"] = false;

        // A Log of which nothing else is ever said needs no clock: nothing competes with it.
        if (random.NextDouble() < 0.2)
        {
            Add("tool.logged", logged);
            return;
        }

        logged["sent_at"] = Moment();
        Add("tool.logged", logged);
        if (random.NextDouble() < 0.2)
            Add("tool.log.updated", new() { ["log_id"] = id, ["output"] = random.NextDouble() < 0.5 ? Text() : null, ["sent_at"] = Moment() });
        if (random.NextDouble() < 0.1)
            Add("tool.logged", new() { ["log_id"] = id, ["output"] = Text(), ["user"] = Text(), ["trace_parent_id"] = parent, ["sent_at"] = Moment() });
    }

    /// <summary>From outside, given twice: the later one counts.</summary>
    private void AddVerdict(string trace, string judged)
    {
        for (var i = 0; i < 2; i++)
        {
            Add("evaluator.logged", new()
            {
                ["log_id"] = $"{trace}-verdict", ["parent_id"] = judged, ["path"] = "feedback/helpful", ["trace_parent_id"] = $"{trace}-flow", ["user"] = Text(),
                ["judgment"] = random.Next(4) switch { 0 => null, 1 => random.NextDouble() < 0.5, 2 => random.Next(5), _ => Text() }, ["sent_at"] = Moment(),
            });
        }
    }

    private void AddNameless(string trace, string parent)
    {
        var body = new JsonObject { ["path"] = "nameless", ["output"] = trace, ["trace_parent_id"] = parent, ["sent_at"] = Moment() }.ToJsonString();
        _messages.Add(TestMessage.Of("tool.logged", body) with { MessageId = random.NextDouble() < 0.5 ? $"{trace}-message" : null });
    }

    private void AddRefused(string trace) => _messages.Add(random.Next(6) switch
    {
        0 => TestMessage.Of("tool.logged", $$"""{"log_id": "{{trace}}-cut", "output": """),
        1 => TestMessage.Of("tool.logged", $"[\"{trace}\"]"),
        2 => TestMessage.Of("nobody.knows", $$"""{"log_id": "{{trace}}-unknown"}"""),
        3 => TestMessage.Of("flow.log.updated", $$"""{"output": "{{trace}}", "trace_status": "complete"}"""),
        4 => TestMessage.Of("tool.logged", $$"""{"log_id": ["{{trace}}"]}"""),
        _ => TestMessage.Of("tool.logged", $$"""{"log_id": "{{trace}}-{{new string('x', 300)}}"}"""),
    });

    private void Add(string type, JsonObject body) =>
        _messages.Add(TestMessage.Of(type, body) with { MessageId = random.NextDouble() < 0.7 ? $"m-{_messages.Count}" : null });

    private string Moment() => Begin.AddMilliseconds(random.Next(600_000)).ToString("O", CultureInfo.InvariantCulture);

    private string Text() => $"text {random.Next(1_000_000)}";

    private JsonObject Map() => new() { ["n"] = random.Next(3), ["$a.b"] = new JsonArray(random.NextDouble(), null, Text()), [""] = new JsonObject() };
}
