using System.Text.RegularExpressions;

namespace Worker.BrowserTests;

/// <summary>One trace: tree and times, details, verdicts, find, revisions.</summary>
public sealed partial class TracePageTests(World world) : PageTests(world)
{
    [BrowserFact]
    public async Task A_trace_is_one_grid_of_who_called_whom_and_when()
    {
        await Worker.AgentAsync("grid");

        var page = await OpenAsync("/trace?id=grid");

        await Expect(page.Rows()).ToHaveCountAsync(6);
        await Expect(page.Row("support/tools/find-order")).ToHaveAttributeAsync("aria-level", "3");
        await Expect(page.Row("support/tools/find-order")).ToContainTextAsync("1.97 s");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "support/agent", Level = 1 })).ToBeVisibleAsync();
        await Expect(page.Locator(".bar .facts")).ToContainTextAsync(SixLogs());
        (await BarAsync(page, "support/plan")).Right.ShouldBeLessThan((await BarAsync(page, "find-archive")).Left);
        var (left, right) = await BarAsync(page, "support/agent");
        (right - left).ShouldBeGreaterThan(0.95);
    }

    [BrowserFact]
    public async Task What_is_chosen_shows_what_went_in_and_came_out_and_stays_over_a_reload()
    {
        await Worker.AgentAsync("chosen");
        var page = await OpenAsync("/trace?id=chosen");

        await page.Row("support/tools/find-order").ClickAsync();
        await Expect(page.Details()).ToContainTextAsync("timeout after 2 s");
        await Expect(page).ToHaveURLAsync(new Regex("log=chosen-order"));

        await page.ReloadAsync();
        await Expect(page.Chosen()).ToContainTextAsync("support/tools/find-order");
        await Expect(page.Details()).ToContainTextAsync("timeout after 2 s");

        await page.Row("support/plan").ClickAsync();
        await Expect(page.Details().Locator(".message[data-role=system]")).ToContainTextAsync("Be kind.");
        await Expect(page.Details().Locator(".call")).ToContainTextAsync("find_order");
    }

    [BrowserFact]
    public async Task Who_is_in_the_details_stays_there_when_they_come_late_and_when_they_are_read_again()
    {
        await Worker.AgentAsync("slow");
        var isLetGo = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var page = await OpenAsync("/status");
        await page.RouteAsync("**/ui/api/log?*", async route =>
        {
            await isLetGo.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync(new Uri(Worker.Address, "/trace?id=slow").ToString());
        await Expect(page.Rows()).ToHaveCountAsync(6);

        await page.Keyboard.PressAsync("d");
        await Expect(page.Details()).ToBeFocusedAsync();
        isLetGo.SetResult();
        await Expect(page.Details()).ToContainTextAsync("support/agent");
        await Expect(page.Details().Locator(":focus")).ToHaveTextAsync("Copy id");

        isLetGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Details().Locator(":focus")).ToHaveTextAsync("Copy as JSON");
        isLetGo.SetResult();
        await Expect(page.Details()).ToContainTextAsync("support/plan");
        await Expect(page.Details().Locator(":focus")).ToHaveTextAsync("Copy as JSON");
    }

    [BrowserFact]
    public async Task The_head_shows_every_verdict_and_what_it_found()
    {
        await Worker.AgentAsync("verdicts");

        var page = await OpenAsync("/trace?id=verdicts");

        var verdicts = page.Details().Locator(".verdict");
        await Expect(verdicts).ToHaveCountAsync(5);
        await Expect(verdicts.Filter(new() { HasText = "monitoring/no-tool-failed" })).ToContainTextAsync("false");
        await Expect(verdicts.Filter(new() { HasText = "monitoring/latency" })).ToContainTextAsync("true");
        await Expect(page.Row("support/agent")).ToContainTextAsync("no-tool-failed false");
    }

    [BrowserFact]
    public async Task A_trace_that_is_not_finished_says_why_it_is_not_judged_and_is_seen_to_finish()
    {
        await Worker.LogAsync("flows", "open", "open/agent", Logged.Json("""{"trace_status": "complete"}"""));
        var page = await OpenAsync("/trace?id=open");
        await Expect(page.Locator(".bar .facts")).ToContainTextAsync("incomplete");
        await Expect(page.Details()).ToContainTextAsync("output");

        await Worker.LogAsync("tools", "open-tool", "open/tool", Logged.Under("open"), Logged.Json("""{"output": "x"}"""));
        await Expect(page.Row("open/tool")).ToBeVisibleAsync();
        await Worker.SendAsync(HttpMethod.Patch, "/flows/logs/open", """{"output": "done"}""");

        await Expect(page.Locator(".bar .facts")).ToContainTextAsync("judged");
        await Expect(page.Details().Locator(".verdict")).ToHaveCountAsync(5);
    }

    [BrowserFact]
    public async Task What_is_logged_later_makes_a_revision_and_the_former_verdicts_are_still_to_be_read()
    {
        await Worker.AgentAsync("again");
        await Worker.LogAsync("tools", "again-late", "support/tools/late", Logged.Under("again"), Logged.Json("""{"output": "x"}"""));

        await Worker.UntilJudgedAsync("again", revision: 2);

        var page = await OpenAsync("/trace?id=again");

        await Expect(page.Locator(".bar .facts")).ToContainTextAsync("judged, revision 2");
        await page.GetByText("Of earlier revisions (5)").ClickAsync();
        await Expect(page.Details().GetByText("revision 1 ·")).ToHaveCountAsync(5);
    }

    [BrowserFact]
    public async Task A_text_is_found_in_payloads_with_how_often_and_one_goes_from_hit_to_hit()
    {
        await Worker.AgentAsync("needle");
        var page = await OpenAsync("/trace?id=needle");
        await Expect(page.Rows()).ToHaveCountAsync(6);

        await page.Keyboard.PressAsync("/");
        await Expect(page.Find()).ToBeFocusedAsync();
        await page.Find().FillAsync("needle post");

        await Expect(page.GetByText("1 of 2 Logs")).ToBeVisibleAsync();
        await Expect(page.Chosen()).ToContainTextAsync("support/tools/find-archive");
        await page.GetByTitle("Next hit (n)").ClickAsync();
        await Expect(page.GetByText("2 of 2 Logs")).ToBeVisibleAsync();
        await Expect(page.Chosen()).ToContainTextAsync("support/answer");
        await page.GetByTitle("Hit before (N)").ClickAsync();
        await Expect(page.GetByText("1 of 2 Logs")).ToBeVisibleAsync();
        await Expect(page.Locator(".row.hit:not([hidden])")).ToHaveCountAsync(2);

        await page.Find().FillAsync("nowhere in it");
        await Expect(page.GetByText("nothing found")).ToBeVisibleAsync();
        await page.Find().FillAsync("");
        await Expect(page.Locator(".row.hit:not([hidden])")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task A_trace_that_is_not_there_is_told()
    {
        var page = await OpenAsync("/trace?id=nobody");
        Forgive();

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("nobody");
        await page.GetByRole(AriaRole.Link, new() { Name = "All traces" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Traces" })).ToBeVisibleAsync();
        Forgive();
    }

    /// <summary>Where the bar of a row begins and ends within its lane, from 0 to 1.</summary>
    private static async Task<(double Left, double Right)> BarAsync(IPage page, string row)
    {
        var bar = (await page.Row(row).Locator("rect").BoundingBoxAsync())!;
        var lane = (await page.Row(row).Locator(".lane").BoundingBoxAsync())!;
        return ((bar.X - lane.X) / lane.Width, (bar.X + bar.Width - lane.X) / lane.Width);
    }

    [GeneratedRegex(@"6 Logs · [\d.]+ s · \$0\.0012 · 980 tokens · complete · judged")]
    private static partial Regex SixLogs();
}
