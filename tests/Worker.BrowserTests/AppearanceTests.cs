using System.Text.Json;

namespace Worker.BrowserTests;

/// <summary>For every eye: no serious fault that axe-core knows, light and dark, on small screens and enlarged.</summary>
public sealed class AppearanceTests(World world) : PageTests(world)
{
    private static readonly string[] Questions =
        ["Where is my parcel?", "I want my money back.", "Do you ship to Iceland?"];

    private static readonly string Axe =
        Path.Combine(Programs.Repository, "tests", "Worker.BrowserTests", "node_modules", "axe-core", "axe.min.js");

    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_list_has_no_serious_fault(ColorScheme scheme)
    {
        await SeenAsync();
        var page = await OpenAsync("/?q=path:shop/**", scheme);
        await Expect(page.Locator("tbody tr").First).ToBeVisibleAsync();
        await PictureAsync(page, $"list-{scheme}".ToLowerInvariant());
        await HasNoSeriousFaultAsync(page);

        await page.GetByText("What can be searched").ClickAsync();
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await PictureAsync(page, $"sheet-{scheme}".ToLowerInvariant());
        await HasNoSeriousFaultAsync(page);
    }

    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A_trace_has_no_serious_fault(ColorScheme scheme)
    {
        await SeenAsync();
        var page = await OpenAsync("/trace?id=order-4711", scheme);
        await Expect(page.Details().Locator(".verdict").First).ToBeVisibleAsync();
        await HasNoSeriousFaultAsync(page);
        await PictureAsync(page, $"trace-{scheme}".ToLowerInvariant());

        await page.Find().FillAsync("order");
        await Expect(page.GetByText("1 of 6 Logs")).ToBeVisibleAsync();
        await page.Row("find-order").ClickAsync();
        await Expect(page.Details()).ToContainTextAsync("timeout");
        await HasNoSeriousFaultAsync(page);
        await PictureAsync(page, $"trace-error-{scheme}".ToLowerInvariant());

        await page.Row("support/plan").ClickAsync();
        await Expect(page.Details().Locator(".message").First).ToBeVisibleAsync();
        await HasNoSeriousFaultAsync(page);
        await PictureAsync(page, $"trace-prompt-{scheme}".ToLowerInvariant());
    }

    [BrowserTheory]
    [InlineData("/review?q=path:desk/seen**", "Review", "Would you send this", ColorScheme.Light)]
    [InlineData("/review?q=path:desk/seen**", "Review", "Would you send this", ColorScheme.Dark)]
    [InlineData("/compare?id=order-4711&with=ticket-last", "Compare", "The same in both", ColorScheme.Light)]
    [InlineData("/compare?id=order-4711&with=ticket-last", "Compare", "The same in both", ColorScheme.Dark)]
    [InlineData("/verdicts", "Verdicts", "monitoring/latency", ColorScheme.Light)]
    [InlineData("/verdicts", "Verdicts", "monitoring/latency", ColorScheme.Dark)]
    [InlineData("/letters", "Dead letters", "No message was refused", ColorScheme.Light)]
    [InlineData("/letters", "Dead letters", "No message was refused", ColorScheme.Dark)]
    [InlineData("/status", "Status", "SQLite", ColorScheme.Light)]
    [InlineData("/status", "Status", "SQLite", ColorScheme.Dark)]
    public async Task Each_other_page_has_no_serious_fault_and_fits(
        string address, string title, string shown, ColorScheme scheme)
    {
        await SeenAsync();
        var (page, name) = (await OpenAsync(address, scheme), address[1..].Split('?')[0]);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = title, Level = 1 })).ToBeVisibleAsync();
        if (address.StartsWith("/review", StringComparison.Ordinal))
        {
            await page.ChooseAsync("feedback/rating");
            await page.Reviewer().FillAsync("ann");
            await Expect(page.Details()).ToContainTextAsync("monitoring/latency");
        }

        if (address == "/verdicts")
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "monitoring/latency by path" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Table, new() { Name = "monitoring/latency by path" })).ToContainTextAsync("shop/agent");
        }

        await Expect(page.GetByText(shown).First).ToBeVisibleAsync();
        await HasNoSeriousFaultAsync(page);
        await PictureAsync(page, $"{name}-{scheme}".ToLowerInvariant());

        await page.SetViewportSizeAsync(360, 740);
        await FitsAsync(page);
        await PictureAsync(page, $"{name}-360-{scheme}".ToLowerInvariant());
    }

    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Agreement_with_people_has_no_serious_fault_and_fits(ColorScheme scheme)
    {
        await SeenAsync();
        var page = await OpenAsync("/verdicts?path=monitoring/answer-given", scheme);
        await page.GetByRole(AriaRole.Button, new() { Name = "monitoring/answer-given: agreement with people" }).ClickAsync();
        var differ = page.GetByRole(AriaRole.Table, new() { Name = "Logs on which monitoring/answer-given and people differ" });
        await Expect(differ).ToContainTextAsync("ticket-0");
        await HasNoSeriousFaultAsync(page);
        await PictureAsync(page, $"agreement-{scheme}".ToLowerInvariant());

        await page.SetViewportSizeAsync(360, 740);
        await FitsAsync(page);
        await differ.ScrollIntoViewIfNeededAsync();
        await PictureAsync(page, $"agreement-360-{scheme}".ToLowerInvariant());
    }

    /// <summary>360 pixels are a small phone; 320 × 256 is what is left of 1280 × 1024 at 400 %.</summary>
    [BrowserTheory]
    [InlineData(360, 740, 1)]
    [InlineData(320, 256, 4)]
    public async Task A_narrow_page_is_read_without_scrolling_sideways(int width, int height, int scale)
    {
        await SeenAsync();
        var list = await OpenAsync("/?q=path:shop/**", width: width, height: height, scale: scale);
        await Expect(list.Locator("tbody tr").First).ToBeVisibleAsync();
        await PictureAsync(list, $"list-{width}");
        await FitsAsync(list);
        await list.Locator("tbody tr").Filter(new() { HasText = "my order 4711" })
            .GetByRole(AriaRole.Link).ClickAsync();

        await list.Row("find-order").ClickAsync();
        await Expect(list.Details()).ToContainTextAsync("timeout after 2 s");
        await PictureAsync(list, $"trace-{width}");
        await FitsAsync(list);
        var error = list.Details().GetByText("timeout after 2 s");
        await error.ScrollIntoViewIfNeededAsync();
        await Expect(error).ToBeInViewportAsync();
    }

    /// <summary>Once for all tests here: a trace, and others beside it in the list.</summary>
    private async Task SeenAsync()
    {
        if (await Worker.SendAsync(HttpMethod.Get, "/logs/ticket-last") is (System.Net.HttpStatusCode.OK, _))
            return;
        foreach (var (at, question) in Questions.Index())
            await Worker.FlowAsync($"ticket-{at}", "shop/agent", Logged.Json($$"""
                {"inputs": {"question": "{{question}}"}, "output": "We look into it, and come back to you by tomorrow at noon.", "user": "bob"}
                """));
        await Worker.FlowAsync("ticket-failed", "shop/a-path-that-is-much-longer-than-others/and-goes-on/agent", Logged.Json("""
            {"output": null, "error": "RateLimitError: 429, come again in 20 s", "user": "somebody.with.a.long.name@example.org"}
            """));
        await Worker.LogAsync("flows", "ticket-open", "shop/agent", Logged.Json("""{"inputs": {"question": "Are you there?"}}"""));
        await Worker.AgentAsync("order-4711", "shop/agent");
        foreach (var (at, question) in Questions.Index())
            await Worker.FlowAsync($"seen-{at}", at == 0 ? "desk/seen" : "desk/seen/a-path-that-is-much-longer/than-others", Logged.Json($$"""
                {"inputs": {"question": "{{question}}", "tier": "free"}, "output": "We look into it, and come back to you by tomorrow at noon."}
                """));
        await Worker.FlowAsync("ticket-last", "shop/agent", Logged.Json("""
            {"inputs": {"question": "Can I change the address?"}, "output": "Until it is sent: I have changed it.", "user": "cem"}
            """));
        await Worker.JudgedAsync("ticket-last");
        foreach (var (at, _) in Questions.Index())
            await Worker.SaysAsync($"ticket-{at}", at > 0);
        await Worker.UntilSaidAsync("ticket-2", 1);
    }

    private static async Task HasNoSeriousFaultAsync(IPage page)
    {
        Assert.SkipUnless(
            File.Exists(Axe), "Needs axe-core: ./test.sh installs it, else npm install --prefix tests/Worker.BrowserTests.");
        await page.EvaluateAsync(await File.ReadAllTextAsync(Axe, Ends));
        var faults = await page.EvaluateAsync<JsonElement>("""
            async () => (await axe.run()).violations.filter(each => ["serious", "critical"].includes(each.impact))
              .map(each => `${each.id}: ${each.nodes[0].target} ${each.nodes[0].failureSummary}`)
            """);
        faults.EnumerateArray().Select(fault => fault.GetString()).ShouldBeEmpty();
    }

    private static async Task FitsAsync(IPage page) =>
        (await page.EvaluateAsync<int>(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBe(0);
}
