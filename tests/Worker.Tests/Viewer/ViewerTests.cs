using System.Net;
using System.Text.Json.Nodes;
using Worker.Storage;
using Worker.Tests.Front;

namespace Worker.Tests.Viewer;

/// <summary>What the page reads, and how it is kept to itself.</summary>
public sealed class ViewerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/trace?id=x", "text/html")]
    [InlineData("/ui/main.js", "text/javascript")]
    [InlineData("/ui/viewer.css", "text/css")]
    public async Task The_page_is_part_of_the_program_and_loads_nothing_from_elsewhere(string path, string type)
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        using var response = await world.Browser.GetAsync(path, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("require-trusted-types-for 'script'");
        policy.ShouldNotContain("unsafe");
        (await response.Content.ReadAsStringAsync(Token)).ShouldNotContain("https://");
    }

    [Fact]
    public async Task Every_module_that_the_page_names_is_there()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        var (left, seen) = (new Queue<string>(["main.js"]), new HashSet<string>());
        while (left.TryDequeue(out var name))
        {
            if (!seen.Add(name))
                continue;
            var text = await world.Browser.GetStringAsync($"/ui/{name}", Token);
            foreach (var import in text.Split('\n').Where(line => line.StartsWith("import ", StringComparison.Ordinal)))
                left.Enqueue(import.Split("\"./")[1].Split('"')[0]);
        }

        seen.Count.ShouldBeGreaterThan(8);
    }

    [Fact]
    public async Task A_file_that_has_not_changed_is_not_sent_again()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        using var first = await world.Browser.GetAsync("/ui/dom.js", Token);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/ui/dom.js");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await world.Browser.SendAsync(again, Token);

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Traces_are_listed_newest_first_page_by_page_and_by_what_is_asked()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        for (var i = 0; i < 7; i++)
            await FlowAsync(world, $"f{i}", $"chat/{(i % 2 == 0 ? "even" : "odd")}", i, output: $"answer {i}");
        await world.PostAsync("/v5/flows/log", """{"log_id":"nested","path":"chat/even","trace_parent_id":"f0","output":"x"}""");
        await world.DrainAsync();

        (await IdsAsync(world, "limit=100")).ShouldBe(["f6", "f5", "f4", "f3", "f2", "f1", "f0"]);
        (await IdsAsync(world, "q=path:chat/odd")).ShouldBe(["f5", "f3", "f1"]);
        (await IdsAsync(world, "q=-path:chat/odd+\"answer 4\"")).ShouldBe(["f4"]);
        (await IdsAsync(world, "q=is:nested")).ShouldBe(["nested"]);
        (await IdsAsync(world, "q=until:2026-01-02T00:00:03Z+since:2026-01-02T00:00:01Z")).ShouldBe(["f2", "f1"]);
        (await IdsAsync(world, "q=metadata.number:5")).ShouldBe(["f5"]);
        (await JsonAsync(world, "/ui/api/traces/count?q=path:chat/odd")).ToJsonString()
            .ShouldBe("""{"count":3,"looked_at":3,"cut":false}""");

        var (seen, after) = (new List<string>(), "");
        do
        {
            var page = await JsonAsync(world, $"/ui/api/traces?limit=2{after}");
            seen.AddRange(page["traces"]!.AsArray().Select(trace => trace!["id"]!.GetValue<string>()));
            after = page["next"] is { } next ? $"&after={Uri.EscapeDataString(next.GetValue<string>())}" : "";
        }
        while (after.Length > 0);
        seen.ShouldBe(["f6", "f5", "f4", "f3", "f2", "f1", "f0"]);
    }

    [Fact]
    public async Task However_many_traces_are_of_one_millisecond_each_is_listed_once()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        for (var i = 0; i < 60; i++)
            await FlowAsync(world, $"f{i:00}", "chat/a", 1, output: "x");
        await world.DrainAsync();

        var (seen, after) = (new List<string>(), "");
        do
        {
            var page = await JsonAsync(world, $"/ui/api/traces?limit=25{after}");
            seen.AddRange(page["traces"]!.AsArray().Select(trace => trace!["id"]!.GetValue<string>()));
            after = page["next"] is { } next ? $"&after={Uri.EscapeDataString(next.GetValue<string>())}" : "";
        }
        while (after.Length > 0);

        seen.ShouldBe(Enumerable.Range(0, 60).Select(i => $"f{i:00}"));
    }

    [Theory]
    [InlineData("nonsense:x", "There is no field \"nonsense\"")]
    [InlineData("duration:long", "duration is")]
    [InlineData("status:done", "status is complete or incomplete")]
    public async Task What_cannot_be_asked_is_answered_with_what_can(string query, string sentence)
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        using var response = await world.Browser.GetAsync($"/ui/api/traces?q={query}", Token);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Token)).Replace("\\\"", "\"", StringComparison.Ordinal).ShouldContain(sentence);
    }

    [Fact]
    public async Task A_trace_is_columns_in_the_order_in_which_it_is_read_from_any_of_its_logs()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        await FlowAsync(world, "f", "chat/a", 0, output: "done");
        await world.PostAsync("/v5/tools/log", """{"log_id":"late","path":"t/late","trace_parent_id":"f","start_time":"2026-01-02T00:00:05Z","end_time":"2026-01-02T00:00:06Z","error":"no"}""");
        await world.PostAsync("/v5/tools/log", """{"log_id":"early","path":"t/early","trace_parent_id":"f","start_time":"2026-01-02T00:00:01Z","end_time":"2026-01-02T00:00:02Z","output":"o"}""");
        await world.DrainAsync();

        var trace = await JsonAsync(world, "/ui/api/trace?id=late");

        trace["head"]!.GetValue<string>().ShouldBe("f");
        trace["id"]!.ToJsonString().ShouldBe("""["f","early","late"]""");
        trace["parent"]!.ToJsonString().ShouldBe("[-1,0,0]");
        trace["flags"]!.ToJsonString().ShouldBe("[0,0,1]");
        Paths(trace).ShouldBe(["chat/a", "t/early", "t/late"]);
        trace["start"]![0]!.GetValue<long>().ShouldBe(trace["start"]![1]!.GetValue<long>(), "a Flow begins with what is under it");
    }

    [Fact]
    public async Task The_first_logs_of_a_large_trace_come_with_all_above_them_before_the_others_are_read()
    {
        const int Size = 1_500;
        await using var world = await FrontWorld.StartWithViewerAsync();
        await FlowAsync(world, "f", "chat/a", 0, output: "done");
        for (var i = 1; i < Size; i++)
            await world.PostAsync("/v5/tools/log", $$"""{"log_id":"t{{i}}","path":"t","trace_parent_id":"{{(i % 3 == 1 ? "f" : $"t{i - 1}")}}","output":"o"}""");
        await world.DrainAsync();

        var first = await JsonAsync(world, "/ui/api/trace?id=f&most=1000");
        var whole = await JsonAsync(world, "/ui/api/trace?id=f");
        var exact = await JsonAsync(world, $"/ui/api/trace?id=f&most={Size + 1}");

        (first["part"]!.GetValue<bool>(), first["id"]!.AsArray().Count).ShouldBe((true, 1_000));
        first["parent"]!.AsArray().Skip(1).ShouldAllBe(parent => parent!.GetValue<int>() >= 0);
        (whole["part"]!.GetValue<bool>(), whole["id"]!.AsArray().Count).ShouldBe((false, Size));
        exact.ToJsonString().ShouldBe(whole.ToJsonString());
    }

    [Fact]
    public async Task A_trace_that_has_not_changed_is_not_sent_again_and_one_that_has_is()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        await FlowAsync(world, "f", "chat/a", 0, output: "done");
        await world.DrainAsync();
        using var first = await world.Browser.GetAsync("/ui/api/trace?id=f", Token);
        async Task<HttpStatusCode> AgainAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/ui/api/trace?id=f");
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var response = await world.Browser.SendAsync(request, Token);
            return response.StatusCode;
        }

        (await AgainAsync()).ShouldBe(HttpStatusCode.NotModified);
        await world.PostAsync("/v5/tools/log", """{"log_id":"t","path":"t","trace_parent_id":"f","output":"o"}""");
        await world.DrainAsync();
        (await AgainAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_log_is_shown_with_all_that_is_known_but_for_long_values_which_are_asked_for()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        var @long = new string('x', 300_000);
        await world.PostAsync("/v5/tools/log", $$$"""{"log_id":"t","path":"t","inputs":{"a":"<script>"},"output":"{{{@long}}}","provider_response":{"b":1}}""");
        await world.DrainAsync();

        var fields = (await JsonAsync(world, "/ui/api/log?id=t"))["fields"]!;

        fields["inputs"]!["a"]!.GetValue<string>().ShouldBe("<script>");
        fields["output"]!["$length"]!.GetValue<int>().ShouldBe(300_002);
        fields["provider_response"]!["$length"]!.GetValue<int>().ShouldBe(7);
        (await world.Browser.GetStringAsync("/ui/api/field?id=t&field=provider_response", Token)).ShouldBe("""{"b":1}""");
        (await JsonAsync(world, "/ui/api/explain?id=t"))["no_run"]!.GetValue<string>().ShouldBe("not_attached");
    }

    [Fact]
    public async Task Find_looks_through_all_payloads_of_a_trace_in_whatever_case_and_through_escapes()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        await FlowAsync(world, "f", "chat/a", 0, output: "none");
        await world.PostAsync("/v5/tools/log", """{"log_id":"a","path":"t","trace_parent_id":"f","inputs":{"x":"a NEEDLE here"}}""");
        await world.PostAsync("/v5/tools/log", """{"log_id":"b","path":"t","trace_parent_id":"f","output":"n\u0065edle"}""");
        await world.PostAsync("/v5/tools/log", """{"log_id":"c","path":"t","trace_parent_id":"f","output":"hay"}""");
        await world.DrainAsync();

        var lines = (await world.Browser.GetStringAsync("/ui/api/find?id=f&q=needle", Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Select(line => JsonNode.Parse(line)!).SelectMany(line => line["hits"]!.AsArray()).Select(hit => hit!.GetValue<string>())
            .ShouldBe(["a", "b"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_not_there_is_said_in_a_sentence_and_nothing_that_is_shown_is_kept_by_browsers()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        foreach (var path in new[] { "trace", "log", "explain" })
        {
            using var missing = await world.Browser.GetAsync($"/ui/api/{path}?id=nothing", Token);
            missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await missing.Content.ReadAsStringAsync(Token)).ShouldContain("There is no Log nothing");
        }

        using var list = await world.Browser.GetAsync("/ui/api/traces", Token);
        list.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task A_key_is_typed_once_and_opens_the_page_as_long_as_it_stands()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        var key = await world.KeyAsync(KeyRoles.Read);
        var ingest = await world.KeyAsync(KeyRoles.Ingest);
        (await StatusAsync(world, "/ui/api/traces")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(world, "/")).ShouldBe(HttpStatusCode.OK, "the page itself is nobody's");

        foreach (var wrong in new[] { key + "x", ingest, "" })
        {
            using var refused = await LogInAsync(world, wrong);
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        using var opened = await LogInAsync(world, key);
        opened.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var cookie = opened.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=strict", Case.Insensitive);
        cookie.ShouldNotContain(key);
        var value = cookie.Split(';')[0];
        (await StatusAsync(world, "/ui/api/traces", value)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(world, "/ui/api/traces", value + "x")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(world, "/v5/logs?file_id=x", value)).ShouldBe(HttpStatusCode.Unauthorized, "it is for the page alone");
    }

    private static async Task<HttpResponseMessage> LogInAsync(FrontWorld world, string key) => await world.Browser.PostAsync(
        "/ui/api/session", new StringContent(new JsonObject { ["key"] = key }.ToJsonString()), Token);

    private static async Task<HttpStatusCode> StatusAsync(FrontWorld world, string path, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        using var response = await world.Browser.SendAsync(request, Token);
        return response.StatusCode;
    }

    private static async Task FlowAsync(FrontWorld world, string id, string path, int second, string output) =>
        await world.PostAsync("/v5/flows/log", new JsonObject
        {
            ["log_id"] = id,
            ["path"] = path,
            ["output"] = output,
            ["trace_status"] = "complete",
            ["created_at"] = $"2026-01-02T00:00:{second:00}Z",
            ["metadata"] = new JsonObject { ["number"] = second },
        }.ToJsonString());

    private static IEnumerable<string> Paths(JsonNode trace) =>
        trace["path"]!.AsArray().Select(place => trace["paths"]![place!.GetValue<int>()]!.GetValue<string>());

    private static async Task<JsonNode> JsonAsync(FrontWorld world, string path) =>
        JsonNode.Parse(await world.Browser.GetStringAsync(path, Token))!;

    private static async Task<IEnumerable<string>> IdsAsync(FrontWorld world, string query) =>
        (await JsonAsync(world, $"/ui/api/traces?{query}"))["traces"]!.AsArray().Select(trace => trace!["id"]!.GetValue<string>());
}
