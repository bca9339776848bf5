using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Worker.Errors;
using Worker.Files;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Viewer.Mcp;

/// <summary>What each tool answers.</summary>
public sealed class McpToolsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Traces_are_listed_by_the_lists_own_search_page_by_page()
    {
        await using var world = await McpWorld.StartAsync();
        for (var i = 0; i < 5; i++)
            await FlowAsync(world, $"f{i}", i % 2 == 0 ? "chat/even" : "chat/odd", i);

        var odd = await world.AskAsync("list_traces", new { query = "path:chat/odd" });
        Ids(odd["traces"]).ShouldBe(["f3", "f1"]);
        var row = odd["traces"]![0]!;
        ((string?)row["path"], (string?)row["status"], (string?)row["created_at"], (string?)row["inputs"], (string?)row["output"])
            .ShouldBe(("chat/odd", "complete", "2026-01-02T00:00:03Z", """{"q":"why"}""", "answer 3"));
        odd["next"].ShouldBeNull();

        var (seen, after) = (new List<string>(), (string?)null);
        do
        {
            var page = await world.AskAsync("list_traces", new { limit = 2, after });
            seen.AddRange(Ids(page["traces"]));
            after = (string?)page["next"];
        }
        while (after is not null);
        seen.ShouldBe(["f4", "f3", "f2", "f1", "f0"]);
    }

    [Fact]
    public async Task A_trace_is_shown_as_its_tree_from_any_of_its_logs()
    {
        await using var world = await McpWorld.StartAsync();
        await FlowAsync(world, "f", "chat", 0);
        await ToolAsync(world, "t", "f", "short");
        await ToolAsync(world, "u", "t", new string('x', 5_000));
        await JudgeAsync(world, Verdict("f", "a/check", "true"));
        await PostAsync(world, "/v5/evaluators/log", JsonNode.Parse(
            """
            {
                "log_id": "v", "path": "people/good", "parent_id": "t", "judgment": false,
                "spec": { "arguments_type": "target_free", "return_type": "boolean", "evaluator_type": "human" }
            }
            """)!.AsObject());

        var trace = await world.AskAsync("get_trace", new { id = "u" });

        ((string?)trace["id"], (int)trace["logs_in_all"]!, trace["next_skip"]).ShouldBe(("f", 3, null));
        var logs = trace["logs"]!.AsArray();
        logs.Select(log => ((string?)log!["id"], (string?)log["parent"], (int)log["depth"]!))
            .ShouldBe([("f", null, 0), ("t", "f", 1), ("u", "t", 2)]);
        ((string?)logs[0]!["verdicts"]![0]!["evaluator"], (bool)logs[0]!["verdicts"]![0]!["judgment"]!).ShouldBe(("a/check", true));
        ((string?)logs[1]!["verdicts"]![0]!["evaluator"], (bool)logs[1]!["verdicts"]![0]!["judgment"]!).ShouldBe(("people/good", false));
        ((string)logs[2]!["output"]!).Length.ShouldBeLessThan(300);
        ((string)logs[2]!["output"]!).ShouldEndWith("…");
    }

    [Fact]
    public async Task A_large_trace_comes_in_bounded_pages_that_miss_nothing()
    {
        await using var world = await McpWorld.StartAsync();
        await FlowAsync(world, "f", "chat", 0);
        var wide = new string('語', 3_000);
        for (var i = 0; i < 300; i++)
            await ToolAsync(world, $"t{i:000}", "f", wide, i);

        var (seen, skip, pages) = (new List<string>(), (int?)0, 0);
        while (skip is not null)
        {
            var page = await world.AskAsync("get_trace", new { id = "f", limit = 200, skip });
            Encoding.UTF8.GetByteCount(page.ToJsonString(Plain)).ShouldBeLessThan(64 * 1024);
            seen.AddRange(Ids(page["logs"]));
            skip = (int?)page["next_skip"];
            pages++;
        }

        seen.ShouldBe([.. Enumerable.Range(0, 300).Select(i => $"t{i:000}").Prepend("f")]);
        pages.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task A_log_is_shown_and_what_was_cut_of_it_is_read_piece_by_piece()
    {
        await using var world = await McpWorld.StartAsync();
        var text = string.Concat(Enumerable.Range(0, 8_000).Select(i => i % 7 == 0 ? "😀" : $"{i} "));
        await ToolAsync(world, "t", null, text);

        var log = await world.AskAsync("get_log", new { id = "t" });
        ((string?)log["id"], (string?)log["kind"], (string?)log["path"]).ShouldBe(("t", "tool", "tools/look"));
        log["fields"]!["inputs"]!.ToJsonString().ShouldBe("""{"of":null}""");
        ((string)log["fields"]!["output"]!).ShouldEndWith($"… [cut: {text.Length} characters]");

        var (read, offset) = (new StringBuilder(), (int?)0);
        while (offset is not null)
        {
            var part = await world.AskAsync("get_log", new { id = "t", field = "output", offset });
            read.Append((string)part["text"]!);
            offset = (int?)part["next_offset"];
        }

        read.ToString().ShouldBe(text);
    }

    [Fact]
    public async Task However_deep_and_wide_a_value_is_the_answer_is_bounded()
    {
        await using var world = await McpWorld.StartAsync();
        var deep = string.Concat(Enumerable.Repeat("[", 40)) + string.Concat(Enumerable.Repeat("]", 40));
        var wide = string.Join(',', Enumerable.Range(0, 1_000).Select(i => $"\"k{i}\":\"{new string('v', 200)}\""));
        await world.LogAsync(
            "/v5/tools/log",
            $$$"""{"log_id":"t","path":"tools/look","inputs":{"deep":{{{deep}}},"wide":{{{{wide}}}}},"output":"x"}""");
        await world.Front.DrainAsync();

        var log = await world.AskAsync("get_log", new { id = "t" });

        Encoding.UTF8.GetByteCount(log.ToJsonString(Plain)).ShouldBeLessThan(64 * 1024);
        log.ToJsonString(Plain).ShouldContain("[cut: ");
    }

    [Fact]
    public async Task It_is_explained_why_a_log_was_not_judged()
    {
        await using var world = await McpWorld.StartAsync();
        await ToolAsync(world, "t", null, "x");

        var answer = await world.AskAsync("explain", new { id = "t" });

        ((string?)answer["sentence"]).ShouldBe("t was never judged (not_attached). No Evaluator is attached to it.");
        ((string?)answer["explanation"]!["no_run"]).ShouldBe("not_attached");
    }

    [Fact]
    public async Task Trends_are_the_numbers_of_the_viewers_page()
    {
        await using var world = await McpWorld.StartAsync();
        await ((IFileStore)world.Front.Store).AddAsync([new LoggedFile("ev-a/check", LogKind.Evaluator, "a/check")], [], Token);
        await JudgeAsync(world, Verdict("1", "a/check", "true"), Verdict("2", "a/check", "false"), Verdict("3", "a/check", null) with { Error = "It broke." });

        const string Query = "since=2026-01-02T00:00:00Z&until=2026-01-03T00:00:00Z";
        var page = JsonNode.Parse(await world.Front.Browser.GetStringAsync($"/ui/api/verdicts?{Query}", Token))!;
        var answer = await world.AskAsync(
            "verdict_trends", new { path = "a/*", since = "2026-01-02T00:00:00Z", until = "2026-01-03T00:00:00Z" });

        ((string?)answer["from"], (double)answer["part_seconds"]!).ShouldBe(("2026-01-02T00:00:00Z", 1800));
        var (shown, told) = (page["evaluators"]![0]!["versions"]![0]!, answer["evaluators"]![0]!["versions"]![0]!);
        ((int)told["count"]!, (int)told["true"]!, (int)told["false"]!, (int)told["failed"]!).ShouldBe((3, 1, 1, 1));
        foreach (var name in new[] { "count", "true", "false", "failed", "abstained", "trend" })
            JsonNode.DeepEquals(told[name], shown[name]).ShouldBeTrue(name);
        told["against"]!.AsArray().Select(each => (string?)each!["log_id"]).ShouldBe(["2", "3"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("list_traces", """{"query":"nonsense:x"}""", "There is no field \"nonsense\"")]
    [InlineData("list_traces", """{"limit":0}""", "limit has to be a whole number from 1 to 100")]
    [InlineData("list_traces", """{"limit":"many"}""", "limit has to be a whole number from 1 to 100")]
    [InlineData("list_traces", """{"limit":[1]}""", "limit has to be a whole number from 1 to 100")]
    [InlineData("list_traces", """{"after":"here"}""", "after has to be what the answer before had as next")]
    [InlineData("list_traces", """{"search":"x"}""", "it has query, limit, after")]
    [InlineData("get_trace", "{}", "id is missing")]
    [InlineData("get_trace", """{"id":7}""", "id has to be a text")]
    [InlineData("get_trace", """{"id":"none"}""", "There is no Log none")]
    [InlineData("get_log", """{"id":"none"}""", "There is no Log none")]
    [InlineData("get_log", """{"id":"f","field":"nothing"}""", "field has to be a name that get_log shows")]
    [InlineData("get_log", """{"id":"f","field":"stdout"}""", "or it has no stdout")]
    [InlineData("get_log", """{"id":"f","field":"output","offset":99}""", "offset has to be 8 or less")]
    [InlineData("explain", """{"id":"none"}""", "There is no Log none")]
    [InlineData("verdict_trends", """{"since":"soon"}""", "since is a date")]
    [InlineData("verdict_trends", """{"since":"1h","until":"2h"}""", "since has to be before until")]
    [InlineData("drop_tables", "{}", "there are list_traces, get_trace, get_log, explain, verdict_trends")]
    public async Task What_cannot_be_answered_says_what_to_do(string tool, string arguments, string sentence)
    {
        await using var world = await McpWorld.StartAsync();
        await FlowAsync(world, "f", "chat", 0);

        (await world.RefusedAsync(tool, JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments)!)).ShouldContain(sentence);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_told_as_that()
    {
        await using var world = await McpWorld.StartAsync();
        await FlowAsync(world, "f", "chat", 0);
        world.Front.Store.Failure = new StoreUnavailableException("The store at its secret place is down.");

        (await world.RefusedAsync("get_log", new { id = "f" })).ShouldContain("The store does not answer; ask again in a moment");
    }

    [Fact]
    public async Task A_key_for_some_files_sees_its_own_alone()
    {
        await using var world = await McpWorld.StartWithKeysAsync();
        var key = await world.Front.KeyAsync(KeyRoles.Read, path: "support");
        await FlowAsync(world, "ours", "support/chat", 0);
        await FlowAsync(world, "theirs", "billing/chat", 1);
        await FlowAsync(world, "nearly", "supporters/chat", 2);

        Ids((await world.AskAsync("list_traces", key: key))["traces"]).ShouldBe(["ours"]);
        foreach (var tool in new[] { "get_trace", "get_log", "explain" })
        {
            (await world.AskAsync(tool, new { id = "ours" }, key)).ToJsonString().ShouldContain("ours");
            foreach (var id in new[] { "theirs", "nearly", "none" })
                (await world.RefusedAsync(tool, new { id }, key)).ShouldStartWith($"There is no Log {id};", customMessage: tool);
        }

        (await world.RefusedAsync("get_log", new { id = "theirs", field = "output" }, key)).ShouldStartWith("There is no Log theirs;");
        (await world.RefusedAsync("verdict_trends", key: key)).ShouldContain("this key is for some alone");
    }

    [Fact]
    public async Task Of_a_trace_of_others_a_key_sees_what_is_under_its_own_log()
    {
        await using var world = await McpWorld.StartWithKeysAsync();
        var key = await world.Front.KeyAsync(KeyRoles.Read, path: "support");
        await FlowAsync(world, "theirs", "billing/chat", 0);
        await ToolAsync(world, "before", "theirs", "secret", 1);
        await ToolAsync(world, "ours", "theirs", "x", 2, path: "support/look");
        await ToolAsync(world, "under", "ours", "y", 3);

        var trace = await world.AskAsync("get_trace", new { id = "ours" }, key);

        Ids(trace["logs"]).ShouldBe(["ours", "under"]);
        trace.ToJsonString().ShouldNotContain("secret");
    }

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static IEnumerable<string> Ids(JsonNode? logs) =>
        logs!.AsArray().Select(log => log!["id"]!.GetValue<string>());

    private static async Task FlowAsync(McpWorld world, string id, string path, int second)
    {
        await PostAsync(world, "/v5/flows/log", new()
        {
            ["log_id"] = id,
            ["path"] = path,
            ["created_at"] = $"2026-01-02T00:00:{second:00}Z",
            ["inputs"] = new JsonObject { ["q"] = "why" },
            ["output"] = $"answer {second}",
            ["trace_status"] = "complete",
        });
    }

    private static Task ToolAsync(
        McpWorld world, string id, string? parent, string output, int second = 0, string path = "tools/look") =>
        PostAsync(world, "/v5/tools/log", new()
        {
            ["log_id"] = id,
            ["path"] = path,
            ["trace_parent_id"] = parent,
            ["start_time"] = $"2026-01-02T01:{second / 60:00}:{second % 60:00}Z",
            ["inputs"] = new JsonObject { ["of"] = null },
            ["output"] = output,
        });

    private static async Task PostAsync(McpWorld world, string path, JsonObject body)
    {
        await world.LogAsync(path, body.ToJsonString());
        await world.Front.DrainAsync();
    }

    private static async Task JudgeAsync(McpWorld world, params EvaluatorLog[] verdicts)
    {
        await world.Front.Store.WakeAsync(
            [.. verdicts.Select(verdict => new Wake(verdict.LogId, Complete: true))], Some.Timers, Some.Time, Token);
        await world.Front.Store.AddAsync(verdicts, Token);
    }

    private static EvaluatorLog Verdict(string log, string path, string? judgment) => Some.EvaluatorLog(log) with
    {
        Id = $"{log}-{path}",
        EvaluatorId = $"ev-{path}",
        Path = path,
        Judgment = judgment is null ? null : Some.Json(judgment),
        EndTime = new(2026, 1, 2, 5, 0, 0, TimeSpan.Zero),
    };
}
