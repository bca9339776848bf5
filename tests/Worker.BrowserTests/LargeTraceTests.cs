using System.Diagnostics;

namespace Worker.BrowserTests;

/// <summary>Traces of a size at which a page that draws every row stands still.</summary>
public sealed class LargeTraceTests(World world) : PageTests(world)
{
    private const int Size = 30_000;
    private const int Levels = 1_000;

    /// <summary>Many times what it takes; a page that draws every row takes longer still.</summary>
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(20);

    [BrowserFact]
    public async Task Thirty_thousand_logs_are_shown_at_once_and_scrolled_through_without_blanks()
    {
        await PublishAsync("large", Size, i => i < 25 || i % 25 == 0 ? "large" : $"large-{i - (i % 25)}");

        var began = Stopwatch.GetTimestamp();
        var page = await OpenAsync("/trace?id=large");
        await Expect(page.Rows().First).ToBeVisibleAsync(new() { Timeout = 30_000 });
        var painted = Stopwatch.GetElapsedTime(began);
        await Expect(page.Locator(".bar .facts")).ToContainTextAsync("30,000 Logs");

        began = Stopwatch.GetTimestamp();
        await page.Keyboard.PressAsync("*");
        await Expect(page.Tree().Locator(".space")).ToHaveCSSAsync("height", $"{Size * 26}px");
        await page.NoBlanksAsync();
        var opened = Stopwatch.GetElapsedTime(began);

        began = Stopwatch.GetTimestamp();
        for (var part = 1; part <= 20; part++)
        {
            await page.Tree().EvaluateAsync("(tree, part) => { tree.scrollTop = tree.scrollHeight * part / 20; }", part);
            await page.NoBlanksAsync();
        }

        await Expect(page.Locator($"#row-{Size - 1}")).ToBeInViewportAsync();
        var scrolled = Stopwatch.GetElapsedTime(began);
        var longest = await page.LongestTaskAsync();
        Say($"{Size} Logs: painted {Ms(painted)}, all opened {Ms(opened)}, scrolled through {Ms(scrolled)}, "
            + $"busy for {Ms(longest)} at once at most");
        painted.ShouldBeLessThan(Generous);
        opened.ShouldBeLessThan(Generous);

        await page.Keyboard.PressAsync("/");
        await page.Find().FillAsync("needle");
        await Expect(page.Locator(".bar [role=status]")).ToHaveTextAsync(
            $"1 of {(Size / 1000) - 1} Logs", new() { Timeout = 30_000 });
        await Expect(page.Chosen()).ToHaveCountAsync(1);

        // What is not among the first Logs is chosen once all are there.
        page = await OpenAsync($"/trace?id=large&log=large-{Size - 1}");
        await Expect(page.Locator($"#row-{Size - 1}")).ToBeInViewportAsync(new() { Timeout = 30_000 });
        await Expect(page.Details()).ToContainTextAsync($"large-{Size - 1}");
    }

    [BrowserFact]
    public async Task A_thousand_levels_are_shown_to_the_deepest()
    {
        await PublishAsync("deep", Levels, i => i == 1 ? "deep" : $"deep-{i - 1}");
        var began = Stopwatch.GetTimestamp();
        var page = await OpenAsync("/trace?id=deep");
        await Expect(page.Rows().First).ToBeVisibleAsync();
        var painted = Stopwatch.GetElapsedTime(began);

        await page.Keyboard.PressAsync("End");

        var deepest = page.Locator($"#row-{Levels - 1}");
        await Expect(deepest).ToBeInViewportAsync();
        await Expect(deepest).ToHaveAttributeAsync("aria-level", $"{Levels}");
        await Expect(deepest.Locator(".path")).ToContainTextAsync("big/tools");
        (await deepest.Locator(".path").BoundingBoxAsync())!.Width.ShouldBeGreaterThan(50);
        await Expect(page.Details()).ToContainTextAsync($"deep-{Levels - 1}");
        Say($"{Levels} levels: painted {Ms(painted)}");
        painted.ShouldBeLessThan(Generous);
    }

    /// <summary>So many Logs with the Flow Log, published as a file and judged.</summary>
    private async Task PublishAsync(string id, int size, Func<int, string> parentOf)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "trace.jsonl");
        await File.WriteAllLinesAsync(file, Lines(id, size, parentOf), Ends);
        var result = await WorkerProcess.CommandAsync(World.Storage, broker: null, "publish", file);
        result.ExitCode.ShouldBe(0, result.Error);
        var began = Stopwatch.GetTimestamp();
        await Worker.UntilJudgedAsync(id);
        Say($"{size} Logs judged {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s after they were published");
    }

    /// <summary>The Flow Log comes last, so that it is judged once.</summary>
    private static IEnumerable<string> Lines(string id, int size, Func<int, string> parentOf)
    {
        var payload = new string('x', 400);
        for (var i = 1; i < size; i++)
        {
            var text = i % 1000 == 0 ? "needle" : "hay";
            var times = $"\"start_time\":\"{At(i * 2)}\",\"end_time\":\"{At((i * 2) + 40)}\"";
            yield return $$"""{"type":"tool.logged","log_id":"{{id}}-{{i}}","path":"big/tools/{{i % 7}}","""
                + $$""" "trace_parent_id":"{{parentOf(i)}}","inputs":{"q":"{{payload}}"},"output":"{{text}} {{i}}",{{times}}}""";
        }

        yield return $$"""{"type":"flow.logged","log_id":"{{id}}","path":"big/agent","inputs":{"size":{{size}}},"""
            + $$""" "output":"done","trace_status":"complete","start_time":"{{At(0)}}","end_time":"{{At(size * 2)}}"}""";
    }

    private static string Ms(TimeSpan time) => $"{time.TotalMilliseconds:0} ms";

    private static string At(int milliseconds) =>
        new DateTime(2026, 3, 2, 9, 30, 0, DateTimeKind.Utc).AddMilliseconds(milliseconds).ToString("O");
}
