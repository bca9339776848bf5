namespace Worker.BrowserTests;

/// <summary>A worker that goes away and comes back while somebody looks.</summary>
public sealed class RestartTests(World world) : PageTests(world), IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BrowserFact]
    public async Task A_page_says_that_the_worker_is_gone_and_comes_back_with_what_was_chosen()
    {
        var first = await World.StartWorkerAsync(_folder.Path);
        await first.AgentAsync("stays");
        var trace = await OpenAsync(new Uri(first.Address, "/trace?id=stays"));
        var list = await OpenAsync(new Uri(first.Address, "/"));
        await trace.Row("support/tools/find-archive").ClickAsync();
        await Expect(trace.Details()).ToContainTextAsync("carrier");
        await Expect(list.Locator("tbody tr")).ToHaveCountAsync(1);

        (await first.Process.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, first.Process.Heard);
        await first.DisposeAsync();
        await trace.Row("support/tools/find-order").ClickAsync();
        await Expect(Away(trace)).ToBeVisibleAsync();
        await Expect(trace.Rows()).ToHaveCountAsync(6);
        await Expect(Away(list)).ToBeVisibleAsync();

        await using var second = await World.StartWorkerAsync(_folder.Path, first.Address);
        await Expect(Away(trace)).ToBeHiddenAsync();
        await Expect(Away(list)).ToBeHiddenAsync();
        Forgive();

        await Expect(trace.Chosen()).ToContainTextAsync("support/tools/find-order");
        await Expect(trace.Details()).ToContainTextAsync("timeout after 2 s");
        await second.FlowAsync("new", "support/agent");
        await Expect(list.Locator("tbody tr")).ToHaveCountAsync(2);
    }

    [BrowserFact]
    public async Task An_empty_store_says_how_to_log_a_trace_which_then_comes_by_itself()
    {
        await using var worker = await World.StartWorkerAsync(_folder.Path);
        var page = await OpenAsync(new Uri(worker.Address, "/"));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing was logged yet" })).ToBeVisibleAsync();
        await PictureAsync(page, "empty");

        await worker.FlowAsync("first", "hello");

        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(page.GetByText("Nothing was logged yet")).ToBeHiddenAsync();
    }

    private static ILocator Away(IPage page) => page.GetByText("The worker does not answer").First;
}
