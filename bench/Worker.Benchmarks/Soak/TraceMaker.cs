using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Worker.Benchmarks.Soak;

/// <summary>
/// The messages of one trace: nested Flows, Prompts and Tools out of order, updates, repeated messages, children and
/// updates that come seconds after the trace was judged, deletes, verdicts from outside, refusals. Whatever could make
/// the outcome depend on the order of arrival (two kinds for one Log, an id reused) is left out.
/// </summary>
internal sealed class TraceMaker(Random random, int trace, DateTimeOffset begin)
{
    private static readonly string[] Paths = ["support/look up", "support/refund", "search", "mail/send"];

    private readonly List<SoakMessage> _messages = [];
    private readonly Fate _fate = SoakTraffic.FateOf(trace);
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"s{trace}");

    public IReadOnlyList<SoakMessage> Make()
    {
        var ids = new List<string> { SoakTraffic.HeadOf(trace), $"{_name}-inner" };
        AddFlow(ids[0], parent: null, "support/answer", completes: Happens(0.95));
        AddFlow(ids[1], ids[0], "support/plan", completes: Happens(0.8));
        for (var tool = 0; tool < 7; tool++)
        {
            var id = $"{_name}-tool-{tool}";
            AddTool(id, ids[random.Next(ids.Count)], Soon());
            ids.Add(id);
        }

        AddPrompt($"{_name}-prompt", ids[random.Next(2)]);
        AddLate(ids);
        if (_fate != Fate.Aged)
            AddOdd(ids);
        AddRepeated();
        return [.. _messages.OrderBy(message => message.After)];
    }

    /// <summary>What comes when the trace has long been judged.</summary>
    private void AddLate(List<string> ids)
    {
        if (Happens(0.3))
            AddTool($"{_name}-late", ids[random.Next(ids.Count)], Late());
        if (Happens(0.15))
            Add("flow.log.updated", Late(), new() { ["log_id"] = ids[0], ["output"] = Text() });
    }

    private void AddOdd(List<string> ids)
    {
        if (Happens(0.3))
            AddNameless(ids[0]);
        if (Happens(0.5))
            AddVerdict(ids[random.Next(ids.Count)]);

        // Where worker delete takes the head, what is beneath it has to hang together, and nothing else to name it.
        if (_fate == Fate.Erasable)
            return;
        if (Happens(0.15))
            Add("log.deleted", Happens(0.5) ? Late() : Soon(), new() { ["log_id"] = ids[random.Next(ids.Count)] });
        if (Happens(0.1))
            AddRefused();
    }

    private void AddRepeated()
    {
        foreach (var message in _messages.Where(_ => Happens(0.15)).ToList())
            _messages.Add(message with { After = message.After + TimeSpan.FromMilliseconds(random.Next(4000)) });
    }

    private void AddFlow(string id, string? parent, string path, bool completes)
    {
        Add("flow.logged", Soon(), new()
        {
            ["log_id"] = id,
            ["path"] = PathOf(path),
            ["trace_parent_id"] = parent,
            ["inputs"] = Map(),
            ["start_time"] = Moment(begin),
        });
        if (completes)
        {
            Add(
                "flow.log.updated",
                Soon(),
                new() { ["log_id"] = id, ["output"] = Text(), ["trace_status"] = "complete" });
        }

        if (Happens(0.3))
            Add("flow.log.updated", Soon(), new() { ["log_id"] = id, ["inputs"] = Map() });
    }

    private void AddTool(string id, string parent, TimeSpan after)
    {
        var logged = new JsonObject
        {
            ["log_id"] = id,
            ["path"] = PathOf(Paths[random.Next(Paths.Length)]),
            ["trace_parent_id"] = parent,
            ["inputs"] = Map(),
            ["output"] = Happens(0.9) ? Text() : null,
            ["error"] = Happens(0.1) ? "timed out" : null,
            ["start_time"] = Moment(begin),
            ["end_time"] = Moment(begin + after),
            ["batch_id"] = Happens(0.2) ? $"batch-{random.Next(5)}" : null,
            ["provider_latency"] = Happens(0.1) ? "fast" : random.NextDouble(),
        };
        if (Happens(0.05))
            logged["save"] = false;
        Add("tool.logged", after, logged);
        if (Happens(0.2))
        {
            Add(
                "tool.log.updated",
                after + Within(500),
                new() { ["log_id"] = id, ["output"] = Happens(0.5) ? Text() : null });
        }
    }

    private void AddPrompt(string id, string parent) => Add("prompt.logged", Soon(), new()
    {
        ["log_id"] = id,
        ["path"] = PathOf("support/reply"),
        ["trace_parent_id"] = parent,
        ["output"] = Text(),
        ["start_time"] = Moment(begin),
        ["prompt_tokens"] = random.Next(500),
        ["prompt"] = new JsonObject { ["model"] = "small-1" },
    });

    /// <summary>From outside, given twice: the later one counts.</summary>
    private void AddVerdict(string judged)
    {
        for (var i = 0; i < 2; i++)
        {
            Add("evaluator.logged", Happens(0.5) ? Soon() : Late(), new()
            {
                ["log_id"] = $"{_name}-verdict",
                ["parent_id"] = judged,
                ["path"] = "feedback/helpful",
                ["trace_parent_id"] = SoakTraffic.HeadOf(trace),
                ["user"] = Text(),
                ["judgment"] = random.Next(4) switch { 0 => null, 1 => Happens(0.5), 2 => random.Next(5), _ => Text() },
            });
        }
    }

    private void AddNameless(string parent)
    {
        var named = Happens(0.5);
        var body = new JsonObject { ["path"] = "nameless", ["output"] = _name, ["trace_parent_id"] = parent };
        Add("tool.logged", Soon(), body, named ? $"{_name}-message" : null);
    }

    private void AddRefused()
    {
        var (type, body) = random.Next(6) switch
        {
            0 => ("tool.logged", $$"""{"log_id": "{{_name}}-cut", "output": """),
            1 => ("tool.logged", $"[\"{_name}\"]"),
            2 => ("nobody.knows", $$"""{"log_id": "{{_name}}-unknown"}"""),
            3 => ("flow.log.updated", $$"""{"output": "{{_name}}", "trace_status": "complete"}"""),
            4 => ("tool.logged", $$"""{"log_id": ["{{_name}}"]}"""),
            _ => ("tool.logged", $$"""{"log_id": "{{_name}}-{{new string('x', 300)}}"}"""),
        };
        _messages.Add(new(Soon(), type, Encoding.UTF8.GetBytes(body), null));
    }

    /// <summary>With the clock of its sender, which is not that of its arrival.</summary>
    private void Add(string type, TimeSpan after, JsonObject body)
    {
        var messageId = string.Create(CultureInfo.InvariantCulture, $"{_name}-m-{_messages.Count}");
        Add(type, after, body, Happens(0.7) ? messageId : null);
    }

    private void Add(string type, TimeSpan after, JsonObject body, string? messageId)
    {
        body["sent_at"] = Moment(begin + after - Within(3000));
        _messages.Add(new(after, type, Encoding.UTF8.GetBytes(body.ToJsonString()), messageId));
    }

    private TimeSpan Soon() => Within(1500);

    private TimeSpan Late() => TimeSpan.FromSeconds(3) + Within(6000);

    private TimeSpan Within(int milliseconds) => TimeSpan.FromMilliseconds(random.Next(milliseconds));

    private bool Happens(double probability) => random.NextDouble() < probability;

    private string PathOf(string path) => _fate == Fate.Aged ? $"{SoakTraffic.AgedPath}/{path}" : path;

    private string Text() => string.Create(CultureInfo.InvariantCulture, $"text {random.Next(1_000_000)}");

    private JsonObject Map() => new()
    {
        ["n"] = random.Next(3),
        ["$a.b"] = new JsonArray(random.NextDouble(), null, Text()),
        [""] = new JsonObject(),
    };

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
