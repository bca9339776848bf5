using System.Text.Json.Nodes;

namespace Worker.BrowserTests;

/// <summary>Who shares the store, whoever answers.</summary>
public sealed class StatusTests(World world) : PageTests(world), IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BrowserFact]
    public async Task A_front_beside_a_worker_is_listed_and_gone_when_it_has_stopped()
    {
        await using var worker = await World.StartWorkerAsync(_folder.Path);
        var front = await FrontProcess.StartAsync("serve", _folder.Path, broker: null);
        var page = await OpenAsync(new Uri(worker.Address, "/status"));
        await Expect(Row(page, "Workers")).ToContainTextAsync("worker run");
        await Expect(Row(page, "Workers")).ToContainTextAsync("answers here");
        await Expect(Row(page, "Workers")).ToContainTextAsync("worker serve");
        await Expect(Row(page, "Versions")).ToHaveCountAsync(0);
        await Expect(Row(page, "Takes messages")).ToContainTextAsync("Yes, here 0 messages a second; 0 traces judged.");

        (await front.Process.TerminateAsync(TimeSpan.FromSeconds(30))).ShouldBe(0, front.Process.Heard);
        await front.DisposeAsync();

        await Expect(Row(page, "Workers")).Not.ToContainTextAsync("worker serve");
        await LeaveAsync();
    }

    [BrowserFact]
    public async Task Two_versions_and_who_is_not_seen_any_more_ask_for_a_look()
    {
        var page = await OpenAsync("/letters");
        await page.RouteAsync("**/ui/api/status", async route =>
        {
            var answer = await route.FetchAsync();
            var status = JsonNode.Parse(await answer.TextAsync())!;
            var now = status["now"]!.GetValue<long>();
            status["workers"] = new JsonArray(
                Seen("web-1", "1.1.0", now, 2), Seen("web-2", "1.0.0", now, 3), Seen("web-3", "0.9.0", now, 200));
            await route.FulfillAsync(new() { Response = answer, Body = status.ToJsonString() });
        });
        await page.GotoAsync(new Uri(Worker.Address, "/status").ToString());

        await Expect(Row(page, "Workers")).ToContainTextAsync("web-1:1, worker run, version 1.1.0");
        await Expect(Row(page, "Versions")).ToContainTextAsync("Two versions run, 1.1.0 and 1.0.0: a rolling upgrade is under way.");
        await Expect(Row(page, "Workers that are not seen")).ToContainTextAsync(
            "web-3:1, worker run, version 0.9.0, not seen for 3 m 20 s: it was killed, or cannot reach the store.");
        await Expect(page.GetByText("things need a look")).ToBeVisibleAsync();
        await PictureAsync(page, "status-workers");
    }

    private static ILocator Row(IPage page, string name) => page.GetByRole(AriaRole.Row).Filter(new()
    {
        Has = page.GetByRole(AriaRole.Rowheader, new() { Name = name, Exact = true }),
    });

    private static JsonObject Seen(string host, string version, long now, int secondsAgo) => new()
    {
        ["host"] = host,
        ["pid"] = 1,
        ["version"] = version,
        ["role"] = "run",
        ["started_at"] = now - 3_600_000_000,
        ["seen_at"] = now - (secondsAgo * 1_000_000L),
        ["is_self"] = false,
    };
}
