using System.Net;
using System.Text.Json.Nodes;

namespace Worker.BrowserTests;

/// <summary>A person judges what waits, and the store has it.</summary>
public sealed class ReviewTests(World world) : PageTests(world)
{
    [BrowserFact]
    public async Task What_waits_is_judged_by_a_key_is_stored_with_who_and_when_and_can_be_undone()
    {
        await LogAsync("whole", 3);
        var page = await OpenAsync("/review?q=path:desk/whole");
        await Expect(page.Queue()).ToHaveCountAsync(3);
        await page.ChooseAsync("feedback/rating");

        await page.Keyboard.PressAsync("1");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Say who you are");
        await Expect(page.Reviewer()).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("ann");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Details()).ToContainTextAsync("This of whole-2.");
        await page.Keyboard.PressAsync("2");

        await Expect(page.Current()).ToContainTextAsync("whole-1");
        await Expect(page.Queue().First).ToContainTextAsync("ann needs work");
        var verdict = await VerdictAsync("whole-2", "feedback/rating");
        verdict["judgment"]!.GetValue<string>().ShouldBe("needs work");
        verdict["user"]!.GetValue<string>().ShouldBe("ann");
        (TimeProvider.System.GetUtcNow() - DateTimeOffset.Parse(verdict["created_at"]!.GetValue<string>(), null))
            .ShouldBeLessThan(TimeSpan.FromMinutes(1));

        await page.Keyboard.PressAsync("u");
        await Expect(page.Current()).ToContainTextAsync("whole-2");
        await Expect(page.Queue().First).Not.ToContainTextAsync("needs work");
        await UntilAsync("whole-2", "feedback/rating", judgment => judgment is null);

        await page.Keyboard.PressAsync("1");
        await Expect(page.Current()).ToContainTextAsync("whole-1");
        await page.Keyboard.PressAsync("3");
        await Expect(page.Current()).ToContainTextAsync("whole-0");
        await UntilAsync("whole-2", "feedback/rating", judgment => judgment?.GetValue<string>() == "good");
        await UntilAsync("whole-1", "feedback/rating", judgment => judgment?.GetValue<string>() == "wrong");

        await page.ReloadAsync();
        await Expect(page.Queue()).ToHaveCountAsync(1);
        await Expect(page.Current()).ToContainTextAsync("whole-0");
        await Expect(page.Reviewer()).ToHaveValueAsync("ann");
    }

    [BrowserFact]
    public async Task A_verdict_is_shown_beside_the_others_and_looked_at_again()
    {
        await LogAsync("again", 1);
        var page = await OpenAsync("/review?q=path:desk/again");
        await page.ChooseAsync("feedback/rating");
        await page.Reviewer().FillAsync("ben");
        await page.Verdict().GetByRole(AriaRole.Button, new() { Name = "good" }).ClickAsync();
        await VerdictAsync("again-0", "feedback/rating");

        await page.Verdict().GetByRole(AriaRole.Link, new() { Name = "Its trace" }).ClickAsync();
        await Expect(page.Details()).ToContainTextAsync("feedback/rating · from ben");
        await Expect(page.Details()).ToContainTextAsync("monitoring/latency");

        await page.GotoAsync(new Uri(Worker.Address, "/review?q=path:desk/again").ToString());
        await page.ChooseAsync("feedback/polite");
        await page.GetByRole(AriaRole.Link, new() { Name = "Judged" }).ClickAsync();
        await Expect(page.GetByText("Nobody has judged anything here")).ToBeVisibleAsync();
        await page.GetByLabel("Evaluator", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = "feedback/rating" });
        await Expect(page.Queue()).ToContainTextAsync("ben good");

        // Another opinion by the same person replaces it; undo puts it back.
        await page.Keyboard.PressAsync("3");
        await UntilAsync("again-0", "feedback/rating", judgment => judgment?.GetValue<string>() == "wrong");
        await page.Keyboard.PressAsync("u");
        await UntilAsync("again-0", "feedback/rating", judgment => judgment?.GetValue<string>() == "good");
    }

    [BrowserFact]
    public async Task Each_type_of_judgment_is_given_by_keys()
    {
        await LogAsync("types", 1);
        var page = await OpenAsync("/review?q=path:desk/types");
        await Expect(page.Queue()).ToHaveCountAsync(1);
        await page.Reviewer().FillAsync("cem");
        await page.Reviewer().BlurAsync();

        await page.ChooseAsync("feedback/polite");
        await page.Keyboard.PressAsync("2");
        await UntilAsync("types-0", "feedback/polite", judgment => judgment?.GetValue<bool>() == false);

        await page.ChooseAsync("feedback/tags");
        await page.Keyboard.PressAsync("1");
        await page.Keyboard.PressAsync("2");
        await page.Keyboard.PressAsync("3");
        await page.Keyboard.PressAsync("1");
        await page.Keyboard.PressAsync("Control+Enter");
        await UntilAsync("types-0", "feedback/tags", judgment => judgment?.ToJsonString() == """["complete","kind"]""");

        await page.ChooseAsync("feedback/score");
        await page.Keyboard.PressAsync("i");
        await page.Keyboard.TypeAsync("9");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("5");
        await page.Keyboard.PressAsync("Backspace");
        await page.Keyboard.TypeAsync("4.5");
        await page.Keyboard.PressAsync("Control+Enter");
        await UntilAsync("types-0", "feedback/score", judgment => judgment?.GetValue<double>() == 4.5);

        await page.ChooseAsync("feedback/note");
        await page.Keyboard.PressAsync("i");
        await page.Keyboard.TypeAsync("1 of 9 <b>is</b> fine");
        await page.Keyboard.PressAsync("Control+Enter");
        await UntilAsync("types-0", "feedback/note", judgment => judgment?.GetValue<string>() == "1 of 9 <b>is</b> fine");
        await Expect(page.Queue()).ToContainTextAsync("<b>is</b>");
    }

    private async Task LogAsync(string name, int count)
    {
        for (var i = 0; i < count; i++)
            await Worker.FlowAsync($"{name}-{i}", $"desk/{name}");
        await Worker.JudgedAsync($"{name}-{count - 1}");
    }

    private async Task<JsonNode> VerdictAsync(string logId, string path) => (await UntilAsync(logId, path, judgment => judgment is not null))!;

    /// <summary>Until the store has a verdict by that Evaluator whose judgment is as it should be.</summary>
    private Task<JsonNode> UntilAsync(string logId, string path, Predicate<JsonNode?> isMeant) => Eventually.FindAsync(
        $"the verdict of {path} on {logId}",
        async () => await Worker.SendAsync(HttpMethod.Get, "/logs/" + logId) is (HttpStatusCode.OK, { } log)
            ? log["evaluator_logs"]!.AsArray().FirstOrDefault(
                each => each!["evaluator"]?["path"]?.GetValue<string>() == path && isMeant(each["judgment"]))
            : null);
}
