using System.Text.RegularExpressions;

namespace Worker.BrowserTests;

/// <summary>The list of traces: order, search, what comes while somebody looks.</summary>
public sealed class TraceListTests(World world) : PageTests(world)
{
    [BrowserFact]
    public async Task Traces_are_listed_newest_first_with_their_verdicts()
    {
        await Worker.FlowAsync("order-1", "order/agent");
        await Worker.FlowAsync("order-2", "order/agent");
        await Worker.JudgedAsync("order-2");

        var page = await OpenAsync("/?q=path:order/**");

        await Expect(Rows(page)).ToHaveCountAsync(2);
        await Expect(Rows(page).Nth(0)).ToContainTextAsync("What of order-2?");
        await Expect(Rows(page).Nth(1)).ToContainTextAsync("What of order-1?");
        await Expect(Rows(page).Nth(0)).ToContainTextAsync("answer-given true");
    }

    [BrowserFact]
    public async Task What_is_searched_is_in_the_address_and_survives_reload_and_back()
    {
        await Worker.FlowAsync("find-a", "find/agent", Logged.Json("""{"user": "ann"}"""));
        await Worker.FlowAsync("find-b", "find/agent", Logged.Json("""{"user": "bob"}"""));
        var page = await OpenAsync("/?q=path:find/**");
        await Expect(Rows(page)).ToHaveCountAsync(2);

        await Search(page).FillAsync("path:find/** -user:ann");
        await Search(page).PressAsync("Enter");

        await Expect(page).ToHaveURLAsync(new Regex("q=path%3Afind%2F\\*\\*%20-user%3Aann$"));
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await Expect(Rows(page)).ToContainTextAsync("What of find-b?");

        await page.ReloadAsync();
        await Expect(Search(page)).ToHaveValueAsync("path:find/** -user:ann");
        await Expect(Rows(page)).ToHaveCountAsync(1);

        await page.GoBackAsync();
        await Expect(Search(page)).ToHaveValueAsync("path:find/**");
        await Expect(Rows(page)).ToHaveCountAsync(2);
    }

    [BrowserFact]
    public async Task Columns_are_chosen_and_stay_chosen()
    {
        await Worker.FlowAsync("column-a", "column/agent", Logged.Json("""{"user": "ann", "environment": "staging"}"""));
        var page = await OpenAsync("/?q=path:column/**");
        await Expect(Rows(page)).ToContainTextAsync("ann");
        await Expect(page.GetByRole(AriaRole.Columnheader)).ToHaveTextAsync(
            ["When", "Flow", "Verdicts", "Duration", "Cost", "User", "Input and output"]);

        await page.GetByText("Columns", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("User", new() { Exact = true }).UncheckAsync();
        await page.GetByLabel("Environment", new() { Exact = true }).CheckAsync();

        string[] chosen = ["When", "Flow", "Verdicts", "Duration", "Cost", "Environment", "Input and output"];
        await Expect(page.GetByRole(AriaRole.Columnheader)).ToHaveTextAsync(chosen);
        await Expect(Rows(page)).ToContainTextAsync("staging");
        await Expect(Rows(page)).Not.ToContainTextAsync("ann");

        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader)).ToHaveTextAsync(chosen);
    }

    [BrowserFact]
    public async Task A_search_that_cannot_be_read_is_told_and_one_that_finds_nothing_too()
    {
        var page = await OpenAsync("/?q=duration:long");
        Forgive();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("duration");

        await Search(page).FillAsync("path:nobody/has/this");
        await Search(page).PressAsync("Enter");
        await Expect(page.GetByText("No trace matches")).ToBeVisibleAsync();
        Forgive();
    }

    [BrowserFact]
    public async Task A_new_trace_comes_by_itself_and_waits_to_be_asked_for_by_who_has_chosen_another()
    {
        await Worker.FlowAsync("live-1", "live/agent");
        await Worker.FlowAsync("live-2", "live/agent");
        var page = await OpenAsync("/?q=path:live/**");
        await Expect(Rows(page)).ToHaveCountAsync(2);

        await Worker.FlowAsync("live-3", "live/agent");
        await Expect(Rows(page)).ToHaveCountAsync(3);
        await Expect(Rows(page).Nth(0)).ToContainTextAsync("live-3");

        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(Chosen(page)).ToContainTextAsync("live-2");
        await Worker.FlowAsync("live-4", "live/agent");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "1 new" })).ToBeVisibleAsync();
        await Expect(Rows(page)).ToHaveCountAsync(3);

        await page.Keyboard.PressAsync("n");
        await Expect(Rows(page).Nth(0)).ToContainTextAsync("live-4");
        await Expect(Chosen(page)).ToContainTextAsync("live-2");
    }

    [BrowserFact]
    public async Task Older_traces_are_asked_for_until_all_are_shown()
    {
        for (var i = 0; i < 120; i++)
            await Worker.FlowAsync($"page-{i:000}", "page/agent");
        var page = await OpenAsync("/?q=path:page/**");
        var older = page.GetByRole(AriaRole.Button, new() { Name = "Older" });

        await Expect(Rows(page)).ToHaveCountAsync(50);
        await page.Keyboard.PressAsync("c");
        await Expect(page.GetByText("120 in all.")).ToBeVisibleAsync();
        await older.ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(100);
        await older.ClickAsync();

        await Expect(Rows(page)).ToHaveCountAsync(120);
        await Expect(older).ToBeHiddenAsync();
        await Expect(page.GetByText("These are all.")).ToBeVisibleAsync();
        var last = await Rows(page).AllInnerTextsAsync();
        last.Select((text, at) => text.Contains($"page-{119 - at:000}", StringComparison.Ordinal)).ShouldAllBe(isThere => isThere);
    }

    [BrowserFact]
    public async Task More_new_traces_than_a_page_leave_no_gap()
    {
        await Worker.FlowAsync("gap-000", "gap/agent");
        var page = await OpenAsync("/?q=path:gap/**");
        await Expect(Rows(page)).ToHaveCountAsync(1);

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        for (var i = 1; i < 70; i++)
            await Worker.FlowAsync($"gap-{i:000}", "gap/agent");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();

        await Expect(Rows(page).Nth(0)).ToContainTextAsync("gap-069");
        await Expect(Rows(page)).ToHaveCountAsync(50);
        await page.GetByRole(AriaRole.Button, new() { Name = "Older" }).ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(70);
        await Expect(Rows(page).Nth(69)).ToContainTextAsync("gap-000");
    }

    private static ILocator Search(IPage page) => page.GetByRole(AriaRole.Searchbox, new() { Name = "Search traces" });

    private static ILocator Rows(IPage page) => page.Locator("tbody tr");

    private static ILocator Chosen(IPage page) => page.Locator("tbody tr[aria-selected=true]");
}
