using System.Text;
using System.Text.Json.Nodes;

namespace Worker.BrowserTests;

/// <summary>What was logged is text, whatever it is, and large values keep nobody from looking at others.</summary>
public sealed class HostileTests(World world) : PageTests(world)
{
    private const string Hostile =
        "<script>window.hit=1</script><img src=x onerror=\"window.hit=1\"><svg onload=\"window.hit=1\">"
        + "<a href=\"javascript:window.hit=1\">go</a> \u001b[31mred\u001b[0m \u202eevil\u2066 https://elsewhere.example/x.png";

    [BrowserFact]
    public async Task Markup_links_and_marks_of_direction_are_text_wherever_they_are_shown()
    {
        var text = Json(Hostile);
        await Worker.SendLogAsync("flows", $$"""
            {"log_id": "hostile", "path": "hostile/agent", "user": {{text}}, "inputs": { {{text}}: {{text}} },
             "output": {{text}}, "error": {{text}}, "metadata": {"x": {{text}}}, "trace_status": "complete"}
            """);
        await Worker.SendLogAsync("prompts", $$"""
            {"log_id": {{Json("<i>" + Hostile[..20])}}, "path": {{Json(Hostile.Replace('/', '|'))}},
             "trace_parent_id": "hostile", "messages": [{"role": {{text}}, "name": {{text}}, "content": [
               {"type": "image_url", "image_url": {"url": "https://elsewhere.example/x.png"} },
               {"type": "image_url", "image_url": {"url": "data:image/svg+xml;base64,PHN2Zy8+"} },
               {"type": "text", "text": {{text}} }],
               "tool_calls": [{"id": {{text}}, "function": {"name": {{text}}, "arguments": {{text}} } }] }] }
            """);
        await Worker.JudgedAsync("hostile");

        var list = await OpenAsync("/?q=path:hostile/**");
        await Expect(list.Locator("tbody tr")).ToContainTextAsync("<script>window.hit=1</script>");
        var page = await OpenAsync("/trace?id=hostile");
        await Expect(page.Details()).ToContainTextAsync("<img src=x onerror=\"window.hit=1\">");
        await page.Rows().Nth(1).ClickAsync();
        await Expect(page.Details().Locator(".message")).ToContainTextAsync("javascript:window.hit=1");

        foreach (var each in new[] { list, page })
        {
            (await each.EvaluateAsync<bool>("() => 'hit' in window")).ShouldBeFalse();
            await Expect(each.Locator("main :is(script, img, a[href^='javascript:'], a[href*='elsewhere'])"))
                .ToHaveCountAsync(0);
        }
    }

    [BrowserFact]
    public async Task Half_characters_are_shown_as_marks()
    {
        await Worker.SendLogAsync("flows", """
            {"log_id": "half", "path": "half/agent", "output": "before \ud800 after", "trace_status": "complete"}
            """);
        await Worker.UntilJudgedAsync("half");

        var page = await OpenAsync("/trace?id=half");

        await Expect(page.Details()).ToContainTextAsync("before \ufffd after");
    }

    [BrowserFact]
    public async Task The_browser_enforces_that_text_becomes_no_markup_and_no_code()
    {
        var page = await OpenAsync("/");
        var refused = await page.EvaluateAsync<string[]>("""
            () => [() => { document.body.innerHTML = "<b>x</b>"; }, () => setTimeout("1"), () => trustedTypes.createPolicy("own", {})]
              .map(attempt => { try { attempt(); return "taken"; } catch (error) { return error.name; } })
            """);
        refused.ShouldAllBe(answer => answer == "TypeError");
        var sent = await page.EvaluateAsync<string>(
            "() => fetch('https://elsewhere.example/').then(() => 'sent', () => 'refused')");
        sent.ShouldBe("refused");
        Forgive();
    }

    [BrowserFact]
    public async Task Ten_megabytes_of_text_freeze_nothing()
    {
        var body = new StringBuilder("""{"log_id": "long", "path": "long/agent", "trace_status": "complete", """)
            .Append("\"output\": \"line 1\\nline 2 ")
            .Append('x', 10_000_000).Append(" the end\"}").ToString();
        await Worker.SendLogAsync("flows", body);
        await Worker.UntilJudgedAsync("long");

        var page = await OpenAsync("/trace?id=long");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show 10," }).ClickAsync();
        await Expect(page.Details()).ToContainTextAsync("line 1\nline 2 xxx");
        await Expect(page.Details().GetByText("Show all")).ToBeVisibleAsync();
        await StaysAwakeAsync(page, "10 MB of text, its beginning shown", TimeSpan.FromSeconds(2));

        await page.GetByText("Show all").ClickAsync();
        await Expect(page.Details().Locator("pre")).ToContainTextAsync("the end");
        await StaysAwakeAsync(page, "10 MB of text, all of it shown", TimeSpan.FromSeconds(20));
    }

    [BrowserFact]
    public async Task A_hundred_thousand_keys_freeze_nothing()
    {
        var keys = Enumerable.Range(0, 100_000).Select(i => $"\"key {i}\":{i}");
        await Worker.SendLogAsync(
            "flows",
            $$"""
            {"log_id": "keys-100000", "path": "wide/agent", "output": "x", "trace_status": "complete",
             "inputs": { {{string.Join(',', keys)}} } }
            """);
        await Worker.UntilJudgedAsync("keys-100000");

        var page = await OpenAsync("/trace?id=keys-100000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show 1," }).ClickAsync();

        await Expect(page.Details()).ToContainTextAsync("\"key 0\":");
        await StaysAwakeAsync(page, "100,000 keys, their beginning shown", TimeSpan.FromSeconds(2));
    }

    private static string Json(string text) => JsonValue.Create(text).ToJsonString();

    /// <summary>
    /// The page draws after what was done, and has not been busy for so long at once: what a person would call frozen.
    /// </summary>
    private static async Task StaysAwakeAsync(IPage page, string what, TimeSpan limit)
    {
        var longest = await page.LongestTaskAsync();
        Say($"{what}: busy for {longest.TotalMilliseconds:0} ms at once at most");
        longest.ShouldBeLessThan(limit);
    }
}
