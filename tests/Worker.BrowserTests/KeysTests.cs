namespace Worker.BrowserTests;

/// <summary>A worker that has keys: what the holder of each sees, and may not do.</summary>
public sealed class KeysTests(World world) : PageTests(world), IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BrowserFact]
    public async Task Each_key_opens_what_it_is_for_and_says_what_the_rest_would_take()
    {
        var (reader, reviewer, onlyReview, admin) = (
            await KeyAsync("eve", "read"), await KeyAsync("rita", "read,review"), await KeyAsync("rob", "review"), await KeyAsync("adam", "admin"));
        (await WorkerProcess.CommandAsync(_folder.Path, null, "publish", Refused(_folder))).ExitCode.ShouldBe(0);
        await using var worker = await World.StartWorkerAsync(
            _folder.Path, evaluators: Reviews.Write(Path.Combine(_folder.Path, "evaluators")));
        worker.Key = admin;
        await worker.FlowAsync("locked", "desk/locked");
        await worker.JudgedAsync("locked");

        // What may be said without a session is only that one is needed.
        var page = await OpenAsync(new Uri(worker.Address, "/trace?id=locked"));
        await Expect(Lock(page)).ToBeVisibleAsync();
        await Expect(page.GetByText("desk/locked")).ToHaveCountAsync(0);
        await PictureAsync(page, "locked");
        await EnterAsync(page, "wk_nonsense");
        await Expect(Lock(page).GetByRole(AriaRole.Alert)).ToContainTextAsync("no key that may read");
        await EnterAsync(page, onlyReview);
        await Expect(Lock(page).GetByRole(AriaRole.Alert)).ToContainTextAsync("read,review");
        await EnterAsync(page, reader);
        await Expect(page.Details()).ToContainTextAsync("This of locked.");
        await GoAsync(page, worker, "/letters");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        foreach (var name in new[] { "Put back", "Throw away" })
            await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new(name) })).ToBeDisabledAsync();
        await GoAsync(page, worker, "/review");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("it takes one with the role review");
        await Expect(page.Queue()).ToHaveCountAsync(0);
        (await PostAsync(page, "/ui/api/review")).ShouldBe(403);
        (await PostAsync(page, "/ui/api/letters/discard")).ShouldBe(403);

        page = await OpenAsync(new Uri(worker.Address, "/review"));
        await EnterAsync(page, reviewer);
        await page.ChooseAsync("feedback/rating");
        await Expect(page.Reviewer()).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("1");
        await Expect(page.Queue()).ToContainTextAsync("rita good");
        var log = await Eventually.FindAsync("the verdict by her", async () =>
            (await worker.SendAsync(HttpMethod.Get, "/logs/locked")).Json is { } found && found.ToJsonString().Contains("\"user\":\"rita\"", StringComparison.Ordinal) ? found : null);
        log.ShouldNotBeNull();
        (await PostAsync(page, "/ui/api/letters/discard")).ShouldBe(403);

        page = await OpenAsync(new Uri(worker.Address, "/letters"));
        await EnterAsync(page, admin);
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("Put back") })).ToBeEnabledAsync();
        await GoAsync(page, worker, "/review?judged=true");
        await page.ChooseAsync("feedback/rating");
        await Expect(page.Queue()).ToContainTextAsync("rita good");
        await page.Keyboard.PressAsync("2");
        await Expect(page.Queue()).ToContainTextAsync("adam needs work");

        // The browser itself tells of what was refused.
        await LeaveAsync();
    }

    private static ILocator Lock(IPage page) => page.GetByRole(AriaRole.Dialog, new() { Name = "A key is needed" });

    private static async Task EnterAsync(IPage page, string key)
    {
        await Lock(page).GetByLabel("Key").FillAsync(key);
        await Lock(page).GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
    }

    private static async Task GoAsync(IPage page, FrontProcess worker, string address) =>
        await page.GotoAsync(new Uri(worker.Address, address).ToString());

    /// <summary>As the page itself would send it.</summary>
    private static Task<int> PostAsync(IPage page, string address) => page.EvaluateAsync<int>("""
        address => fetch(address, { method: "POST", headers: { "Worker-Page": "1" }, body: '{"ids":["x"],"evaluator_id":"x","log_id":"locked"}' })
          .then(answer => answer.status)
        """, address);

    /// <summary>A message that no worker takes.</summary>
    private static string Refused(TemporaryFolder folder)
    {
        var file = Path.Combine(folder.Path, "refused.jsonl");
        File.WriteAllText(file, """{"type": "flow.log.updated", "output": "whose?"}""" + "\n");
        return file;
    }

    private async Task<string> KeyAsync(string name, string roles)
    {
        var result = await WorkerProcess.CommandAsync(_folder.Path, null, "keys", "create", name, "--role", roles);
        result.ExitCode.ShouldBe(0, result.Error);
        return result.Output.Trim();
    }
}
