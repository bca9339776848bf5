using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Worker.Commands;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Commands;

public sealed class AlertsCommandTests : IDisposable
{
    private readonly CommandLine _worker = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _worker.Dispose();

    [Fact]
    public async Task The_alerts_are_listed_with_how_it_stands_with_them()
    {
        var files = Files("window: 1h");
        var (exitCode, output, error) = await _worker.RunAsync("alerts", files);
        (exitCode, error.Trim()).ShouldBe((ExitCodes.Done, "1 alert."));
        output.ShouldMatch(@"tone +not looked at");

        using (var host = _worker.Host())
        {
            await host.Services.GetRequiredService<IStore>().PrepareAsync(Cancellation);
            await host.Services.GetRequiredService<IAlertStore>().SaveAsync(
                new() { Name = "tone", Condition = AlertCondition.Firing, Since = Some.Time, OpenedAt = Some.Time, Value = 0.25, Count = 40, Breach = "alert_1" },
                Cancellation);
        }

        (_, output, _) = await _worker.RunAsync("alerts", "list", "--json", files);
        var alert = JsonNode.Parse(output)!;
        (alert["state"]!.ToString(), alert["since"]!.ToString(), alert["value"]!.ToString(), alert["count"]!.ToString(), alert["breach_id"]!.ToString())
            .ShouldBe(("firing", "2026-01-02T03:04:05Z", "0.25", "40", "alert_1"));
        (_, output, _) = await _worker.RunAsync("alerts", files);
        output.ShouldContain("firing");
        (exitCode, output, _) = await _worker.RunAsync("alerts", "show", "tone", files);
        (exitCode, JsonNode.Parse(output)!["window_seconds"]!.ToString()).ShouldBe((ExitCodes.Done, "3600"));
        (await _worker.RunAsync("alerts", "show", "other", files)).ExitCode.ShouldBe(ExitCodes.NotFound);
    }

    [Fact]
    public async Task A_preview_says_when_it_would_have_fired_and_recovered()
    {
        var since = Some.Time.AddHours(-1);
        await GiveAsync(("false", 10), ("false", 20), ("true", 100), ("true", 101));
        var file = _worker.File("alert.yaml", Alert("window: 1h"));

        var (exitCode, output, error) = await _worker.RunAsync(
            "alerts", "preview", file, "--json", "--since", since.ToString("O"), "--until", since.AddHours(4).ToString("O"), "--Alerts:Files=none");

        exitCode.ShouldBe(ExitCodes.Done, error);
        var events = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        events.Select(each => (each["event"]!.ToString(), each["at"]!.ToString())).ShouldBe(
            [("fired", "2026-01-02T03:34:05Z"), ("recovered", "2026-01-02T04:49:05Z")]);
        events[0]["contributing"]!.AsArray().Select(each => each!["log_id"]!.ToString()).ShouldBe(["log-20", "log-10"]);
        error.ShouldContain("fired 1 and recovered 1 times, 1.3 h in all");
        using var host = _worker.Host();
        (await host.Services.GetRequiredService<IAlertStore>().ListAsync(Cancellation)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("measure: dead_letters\nabove: 1", "dead_letters is about what is now; nothing of it is stored.")]
    [InlineData("measure: cost\nevaluator: e\nabove: 1\nwindow: 1s", "--since accepts a time before the end, by 5000 windows at most.")]
    public async Task What_cannot_be_previewed_says_why(string alert, string sentence)
    {
        await GiveAsync();
        var file = _worker.File("alert.yaml", "name: a\n" + alert);
        var (exitCode, _, error) = await _worker.RunAsync("alerts", "preview", file, "--Alerts:Files=none");
        (exitCode, error.Trim()).ShouldBe((ExitCodes.Usage, sentence));
    }

    [Theory]
    [InlineData("alerts")]
    [InlineData("run")]
    public async Task A_mistake_in_a_file_ends_with_2_and_its_place(string command)
    {
        var (exitCode, _, error) = await _worker.RunAsync(command, Files("window: long"));
        (exitCode, error.Trim().Split('\n')[^1]).ShouldBe((ExitCodes.Usage, "tone.yaml, line 6, window: This cannot be used; a duration such as 10m, 1h, 24h, from 1s to 744h, is accepted."));
    }

    private static string Alert(string window) =>
        $"""
        name: tone
        measure: rate
        evaluator: checks/tone
        judgment: false
        above: 0.5
        {window}
        at_least: 2
        """;

    /// <summary>The setting that names a folder with one alert.</summary>
    private string Files(string window)
    {
        var file = _worker.File("tone.yaml", Alert(window));
        return $"--Alerts:Files={Path.GetDirectoryName(file)}";
    }

    /// <summary>Verdicts given so many minutes after.</summary>
    private async Task GiveAsync(params (string Judgment, int At)[] verdicts)
    {
        using var host = _worker.Host();
        await host.Services.GetRequiredService<IStore>().PrepareAsync(Cancellation);
        foreach (var (judgment, minutes) in verdicts)
        {
            var at = Some.Time.AddMinutes(minutes);
            await host.Services.GetRequiredService<IRunStore>().WakeAsync([new Wake($"log-{minutes}", Complete: true)], Some.Timers, at, Cancellation);
            await host.Services.GetRequiredService<IEvaluatorLogStore>().AddAsync(
                [Some.EvaluatorLog($"log-{minutes}", evaluator: DerivedIds.File(LogKind.Evaluator, "checks/tone"), judgment: judgment) with { StartTime = at, EndTime = at }],
                Cancellation);
        }
    }
}
