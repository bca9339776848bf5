namespace Worker.BrowserTests.Support;

/// <summary>What is where on the page of a trace.</summary>
internal static class TracePage
{
    /// <summary>Has the page note for how long at most it was busy at once.</summary>
    public const string Watch = """
        window.longest = 0;
        new PerformanceObserver(list => list.getEntries().forEach(each => { window.longest = Math.max(window.longest, each.duration); }))
          .observe({ type: "longtask", buffered: true });
        """;

    public static ILocator Rows(this IPage page) => page.Locator("[role=treeitem]:not([hidden])");

    public static ILocator Row(this IPage page, string text) => page.Rows().Filter(new() { HasText = text });

    public static ILocator Chosen(this IPage page) => page.Locator("[role=treeitem][aria-selected=true]:not([hidden])");

    public static ILocator Details(this IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "Log", Exact = true });

    public static ILocator Find(this IPage page) => page.GetByPlaceholder("Find in payloads (/)");

    public static ILocator Tree(this IPage page) => page.GetByRole(AriaRole.Tree);

    /// <summary>
    /// Whether every place of the tree that can be seen has a row with words in it, and the last of them is there.
    /// </summary>
    public static Task NoBlanksAsync(this IPage page) => page.WaitForFunctionAsync("""
        () => {
          const tree = document.querySelector("[role=tree]");
          const box = tree.getBoundingClientRect();
          const space = tree.firstElementChild.getBoundingClientRect();
          const tops = new Set([...tree.querySelectorAll("[role=treeitem]:not([hidden])")]
            .filter(row => row.innerText.trim() !== "").map(row => Math.round((row.getBoundingClientRect().top - space.top) / 26)));
          const first = Math.floor((box.top - space.top) / 26);
          const last = Math.min(Math.floor(space.height / 26), Math.ceil((box.top + tree.clientHeight - space.top) / 26)) - 1;
          for (let place = first; place <= last; place++) if (!tops.has(place)) return false;
          return last > first;
        }
        """);

    /// <summary>For how long the page was busy at once at most; nothing under 50 ms counts. Waits until it has drawn.</summary>
    public static async Task<TimeSpan> LongestTaskAsync(this IPage page) => TimeSpan.FromMilliseconds(await page.EvaluateAsync<double>(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(window.longest), 0))))"));
}
