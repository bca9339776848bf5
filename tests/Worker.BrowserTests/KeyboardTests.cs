using System.Text.RegularExpressions;

namespace Worker.BrowserTests;

/// <summary>Every key that the sheet names does what it says.</summary>
public sealed class KeyboardTests(World world) : PageTests(world)
{
    [BrowserFact]
    public async Task Every_key_of_a_trace_does_what_the_sheet_says()
    {
        await Worker.AgentAsync("keys");
        var page = await OpenAsync("/trace?id=keys");
        await Expect(page.Rows()).ToHaveCountAsync(6);
        var keys = await KeysAsync(page);

        // From the head down: plan, look-up (order, archive), answer.
        await PressAsync(page, keys, "↓", "ArrowDown", "support/plan");
        await PressAsync(page, keys, "j", "j", "support/look-up");
        await PressAsync(page, keys, "↑", "ArrowUp", "support/plan");
        await PressAsync(page, keys, "k", "k", "support/agent");
        await PressAsync(page, keys, "End", "End", "support/answer");
        await PressAsync(page, keys, "Home", "Home", "support/agent");
        await PressAsync(page, keys, "e", "e", "support/tools/find-order");
        await PressAsync(page, keys, "E", "E", "support/tools/find-order");

        // Left goes up, then closes; right opens, then goes down.
        await PressAsync(page, keys, "←", "ArrowLeft", "support/look-up");
        await PressAsync(page, keys, "←", "ArrowLeft", "support/look-up", rows: 4);
        await PressAsync(page, keys, "→", "ArrowRight", "support/look-up", rows: 6);
        await PressAsync(page, keys, "→", "ArrowRight", "support/tools/find-order");
        await page.Keyboard.PressAsync("ArrowLeft");
        await PressAsync(page, keys, "Space", " ", "support/look-up", rows: 4);
        await PressAsync(page, keys, "*", "*", "support/look-up", rows: 6);
        await PressAsync(page, keys, "-", "-", "support/look-up", rows: 4);
        await page.Keyboard.PressAsync("*");

        await PressAsync(page, keys, "/", "/", "support/look-up");
        await Expect(page.Find()).ToBeFocusedAsync();
        await page.Find().FillAsync("needle post");
        await Expect(page.GetByText("1 of 2 Logs")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Tree()).ToBeFocusedAsync();
        await PressAsync(page, keys, "n", "n", "support/answer");
        await PressAsync(page, keys, "N", "N", "support/tools/find-archive");

        var before = await WidthAsync(page);
        await PressAsync(page, keys, "z", "z", "support/tools/find-archive");
        (await WidthAsync(page)).ShouldBeGreaterThan(before * 5);
        await PressAsync(page, keys, "Z", "Z", "support/tools/find-archive");
        (await WidthAsync(page)).ShouldBe(before, tolerance: 1);

        await PressAsync(page, keys, "d", "d", "support/tools/find-archive");
        await Expect(page.Details().Locator(":focus")).ToHaveCountAsync(1);
        keys.Remove("t").ShouldBeTrue();
        await page.Keyboard.PressAsync("t");
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Traces" })).ToBeVisibleAsync();
        await GoAsync(page, keys);
        keys.ShouldBe(["?"]);
    }

    [BrowserFact]
    public async Task Every_key_of_the_list_does_what_the_sheet_says()
    {
        await Worker.FlowAsync("listed-1", "listed/agent");
        await Worker.FlowAsync("listed-2", "listed/agent");
        var page = await OpenAsync("/?q=path:listed/**");
        var chosen = page.Locator("tbody tr[aria-selected=true]");
        var pause = page.Locator("button[aria-pressed]");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        var keys = await KeysAsync(page);

        await TakeAsync(page, keys, "↓", "ArrowDown");
        await Expect(chosen).ToContainTextAsync("listed-1");
        await TakeAsync(page, keys, "↑", "ArrowUp");
        await Expect(chosen).ToContainTextAsync("listed-2");
        await TakeAsync(page, keys, "j", "j");
        await Expect(chosen).ToContainTextAsync("listed-1");
        await TakeAsync(page, keys, "k", "k");
        await Expect(chosen).ToContainTextAsync("listed-2");
        await TakeAsync(page, keys, "p", "p");
        await Expect(pause).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Keyboard.PressAsync("p");
        await Expect(pause).ToHaveAttributeAsync("aria-pressed", "false");
        await page.Keyboard.PressAsync("j");
        await Worker.FlowAsync("listed-3", "listed/agent");
        await Expect(page.GetByText("1 new")).ToBeVisibleAsync();
        await TakeAsync(page, keys, "n", "n");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(3);
        await TakeAsync(page, keys, "c", "c");
        await Expect(page.GetByText("3 in all.")).ToBeVisibleAsync();

        await TakeAsync(page, keys, "/", "/");
        await Expect(page.Locator("input[type=search]")).ToBeFocusedAsync();
        await page.Locator("input[type=search]").BlurAsync();
        await TakeAsync(page, keys, "Enter", "Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "listed/agent", Level = 1 })).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Regex("id=listed-1"));
        await TakeAsync(page, keys, "t", "t");
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Traces" })).ToBeVisibleAsync();
        await GoAsync(page, keys);
        keys.ShouldBe(["?"]);
    }

    [BrowserFact]
    public async Task Every_key_of_the_review_does_what_the_sheet_says()
    {
        for (var i = 0; i < 3; i++)
            await Worker.FlowAsync($"sheet-{i}", "desk/sheet");
        await Worker.UntilJudgedAsync("sheet-2");
        var page = await OpenAsync("/review?q=path:desk/sheet");
        await page.ChooseAsync("feedback/tags");
        await page.Reviewer().FillAsync("ann");
        await page.Reviewer().BlurAsync();
        var keys = await KeysAsync(page);

        foreach (var (name, key, current) in new[] { ("↓", "ArrowDown", 1), ("↑", "ArrowUp", 2), ("j", "j", 1), ("k", "k", 2) })
        {
            await TakeAsync(page, keys, name, key);
            await Expect(page.Current()).ToContainTextAsync($"sheet-{current}");
        }

        var pressed = page.Verdict().Locator("[aria-pressed=true]");
        await TakeAsync(page, keys, "1", "1");
        await Expect(pressed).ToHaveTextAsync("1short");
        await TakeAsync(page, keys, "3", "3");
        await Expect(pressed).ToHaveCountAsync(2);
        foreach (var none in new[] { "2", "4", "5", "6", "7", "8", "9" })
            keys.Remove(none).ShouldBeTrue();
        await TakeAsync(page, keys, "Ctrl-Enter", "Control+Enter");
        await Expect(page.Current()).ToContainTextAsync("sheet-1");
        await Expect(page.Queue().First).ToContainTextAsync("ann short, kind");
        await TakeAsync(page, keys, "u", "u");
        await Expect(page.Current()).ToContainTextAsync("sheet-2");

        await page.ChooseAsync("feedback/note");
        await TakeAsync(page, keys, "i", "i");
        await Expect(page.Verdict().GetByLabel("Text")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await TakeAsync(page, keys, "/", "/");
        await Expect(page.GetByLabel("Search Logs")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await TakeAsync(page, keys, "Enter", "Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/trace\\?id=sheet-2"));
        await TakeAsync(page, keys, "t", "t");
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Traces" })).ToBeVisibleAsync();
        await GoAsync(page, keys);
        keys.ShouldBe(["?"]);
    }

    [BrowserFact]
    public async Task Every_key_of_a_comparison_does_what_the_sheet_says()
    {
        await Worker.FlowAsync("compared-1", "compared/agent");
        await Worker.FlowAsync("compared-2", "compared/agent");
        await Worker.UntilJudgedAsync("compared-2");
        var page = await OpenAsync("/compare?id=compared-1&with=compared-2");
        var at = page.Locator(".field:focus h3");
        await Expect(page.Locator(".field")).Not.ToHaveCountAsync(0);
        var names = await page.Locator(".field h3").AllInnerTextsAsync();
        var keys = await KeysAsync(page);

        foreach (var (name, key, place) in new[] { ("n", "n", 0), ("j", "j", 1), ("N", "N", 0), ("↓", "ArrowDown", 1), ("↑", "ArrowUp", 0), ("n", "n", 1), ("k", "k", 0) })
        {
            await TakeAsync(page, keys, name, key);
            await Expect(at).ToHaveTextAsync(names[place], new() { IgnoreCase = true });
        }

        await TakeAsync(page, keys, "x", "x");
        await Expect(page).ToHaveURLAsync(new Regex("id=compared-2&with=compared-1"));
        await TakeAsync(page, keys, "/", "/");
        await Expect(page.GetByLabel("Another Log")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await TakeAsync(page, keys, "t", "t");
        await GoAsync(page, keys);
        keys.ShouldBe(["?"]);
    }

    [BrowserFact]
    public async Task The_browsers_own_find_is_the_pages_and_who_types_is_left_alone()
    {
        await Worker.AgentAsync("typed");
        var page = await OpenAsync("/trace?id=typed");
        await Expect(page.Rows()).ToHaveCountAsync(6);

        await page.Keyboard.PressAsync("Control+f");
        await Expect(page.Find()).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("e t?*-");

        await Expect(page.Find()).ToHaveValueAsync("e t?*-");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.Chosen()).ToContainTextAsync("support/agent");
    }

    /// <summary>The keys that the sheet names; it is closed again.</summary>
    private static async Task<List<string>> KeysAsync(IPage page)
    {
        await page.Keyboard.PressAsync("?");
        var sheet = page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" });
        await Expect(sheet).ToBeVisibleAsync();
        var keys = (await sheet.Locator("kbd").AllInnerTextsAsync()).ToList();
        await page.Keyboard.PressAsync("Escape");
        await Expect(sheet).ToHaveCountAsync(0);
        return keys;
    }

    /// <summary>By the keys that every page has.</summary>
    private static async Task GoAsync(IPage page, List<string> keys)
    {
        foreach (var (key, title) in new[] { ("r", "Review"), ("v", "Verdicts"), ("L", "Dead letters"), ("s", "Status") })
        {
            await TakeAsync(page, keys, key, key);
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = title, Level = 1 })).ToBeVisibleAsync();
        }
    }

    private static async Task PressAsync(
        IPage page, List<string> keys, string name, string key, string chosen, int? rows = null)
    {
        await TakeAsync(page, keys, name, key);
        await Expect(page.Chosen()).ToContainTextAsync(chosen);
        if (rows is { } count)
            await Expect(page.Rows()).ToHaveCountAsync(count);
    }

    private static async Task TakeAsync(IPage page, List<string> keys, string name, string key)
    {
        keys.Remove(name);
        await page.Keyboard.PressAsync(key);
    }

    private static async Task<float> WidthAsync(IPage page) =>
        (await page.Row("find-archive").Locator("rect").BoundingBoxAsync())!.Width;
}
