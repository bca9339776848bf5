using System.Text.RegularExpressions;

namespace Worker.BrowserTests;

/// <summary>What Evaluators said, summed, and beside what people say.</summary>
public sealed class VerdictsTests(World world) : PageTests(world), IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BrowserFact]
    public async Task Whether_an_Evaluator_judges_as_people_do_is_shown_by_a_key_with_the_logs_on_which_they_differ()
    {
        await using var worker = await World.StartWorkerAsync(_folder.Path, evaluators: Evaluators());
        for (var i = 0; i < 22; i++)
            await worker.FlowAsync($"f{i:00}", "desk/agent", i % 2 == 0 ? null : Logged.Json("""{"output": " "}"""));
        for (var i = 0; i < 22; i++)
            await worker.UntilJudgedAsync($"f{i:00}");
        for (var i = 0; i < 22; i++)
            await worker.SaysAsync($"f{i:00}", i is 4 or 5 ? i % 2 == 1 : i % 2 == 0, "ann");
        await worker.SaysAsync("f00", true, "ben");
        await worker.UntilSaidAsync("f00", 2);
        await worker.UntilSaidAsync("f21", 1);

        var page = await OpenAsync(new Uri(worker.Address, "/verdicts?since=1h"));
        await Expect(page.Locator("tbody tr").First).ToContainTextAsync("feedback/polite");
        await page.Keyboard.PressAsync("a");
        await Expect(Side(page)).ToContainTextAsync("What feedback/polite says is people's own judgment");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "feedback/polite: agreement with people" })).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("a");

        await Expect(Side(page).GetByRole(AriaRole.Heading)).ToHaveTextAsync("monitoring/answer-given: agreement with people");
        await Expect(Side(page)).ToContainTextAsync("Of the 22 Logs that monitoring/answer-given judged in that time, people judged 22. ");
        await Expect(Side(page)).ToContainTextAsync(": 22 pairs of 22 verdicts.");
        await Expect(Side(page).GetByRole(AriaRole.Heading)).ToBeFocusedAsync();
        await Expect(Side(page)).ToContainTextAsync("90.9 % agree; by chance it would be 50.0 %.");
        await Expect(Side(page)).ToContainTextAsync("Cohen's kappa: 0.82, with 95 % confidence between 0.58 and 1.00.");
        await Expect(Side(page)).ToContainTextAsync("1 Log had several people's judgment, 1 of them the same of all.");
        var table = page.GetByRole(AriaRole.Table, new() { Name = "monitoring/answer-given's judgments, by people's" });
        await Expect(table.Locator("tbody tr")).ToHaveTextAsync(["false1011150.0 %", "true1101150.0 %", "all111122", "share50.0 %50.0 %"]);
        await PictureAsync(page, "agreement");
        var differ = page.GetByRole(AriaRole.Table, new() { Name = "Logs on which monitoring/answer-given and people differ" });
        await Expect(differ.Locator("tbody tr")).ToHaveTextAsync(["f04truefalse", "f05falsetrue"]);
        await differ.GetByRole(AriaRole.Link, new() { Name = "f05" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/trace\\?id=f05&log=f05"));

        await LeaveAsync();
    }

    [BrowserFact]
    public async Task Where_nobody_judged_it_says_so_and_how_people_do()
    {
        await using var worker = await World.StartWorkerAsync(_folder.Path, evaluators: Evaluators());
        await worker.FlowAsync("alone", "desk/agent");
        await worker.UntilJudgedAsync("alone");

        var page = await OpenAsync(new Uri(worker.Address, "/verdicts?path=monitoring/latency"));
        await page.GetByRole(AriaRole.Button, new() { Name = "monitoring/latency: agreement with people" }).ClickAsync();

        await Expect(Side(page)).ToContainTextAsync("Nobody judged what monitoring/latency judged in that time, which is 1 Log.");
        await PictureAsync(page, "agreement-nobody");
        await Side(page).GetByRole(AriaRole.Link, new() { Name = "Review" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Review", Level = 1 })).ToBeVisibleAsync();

        await LeaveAsync();
    }

    private string Evaluators() => Reviews.Write(Path.Combine(_folder.Path, "evaluators"));

    private static ILocator Side(IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "More of one Evaluator" });
}
