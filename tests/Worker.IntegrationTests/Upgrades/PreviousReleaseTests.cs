using Worker.IntegrationTests.Crash;
using Worker.IntegrationTests.Support;

namespace Worker.IntegrationTests.Upgrades;

/// <summary>The release before this one and this one, beside each other and one after the other.</summary>
[Collection(Lanes.Crashes)]
public sealed class PreviousReleaseTests
{
    private const int Traces = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [ServerFact]
    public async Task Both_share_a_queue_and_a_database_and_settle_everything_once()
    {
        var program = PreviousRelease.Program();
        var (_, messages, oracle) = Aftermath.Begin(Traces);
        await using var host = await VirtualHost.CreateAsync();
        await using var broker = await host.ConnectAsync();
        await using var storage = TestStorage.MongoDb();
        var settings = WorkerProcess.Joined(storage.Settings, Aftermath.Settings);
        await using var previous = WorkerProcess.RunOther(program, storage.Path, host.Uri, settings);
        await previous.UntilReadyAsync(broker);
        await broker.PublishAllAsync(messages.Take(messages.Count / 3));

        // The schema is led on by the new one while the old one works.
        await using var present = WorkerProcess.Run(storage.Path, host.Uri, settings);
        await present.UntilAsync("both consume", async () => await broker.ConsumersAsync(BrokerClient.IngestQueue) == 2);
        await broker.PublishAllAsync(messages.Skip(messages.Count / 3));
        var aftermath = new Aftermath(storage, host.Uri, oracle);
        await present.UntilAsync("the queue is drained", aftermath.IsDrainedAsync);
        await aftermath.EverythingJudgedAsync(TimeSpan.FromMinutes(1));
        foreach (var worker in new[] { previous, present })
        {
            (await worker.TerminateAsync(Patience)).ShouldBe(0, worker.Heard);
            worker.Heard.Split('\n').Where(IsOfAnError)
                .Where(line => worker == present || !IsKnownOfThePreviousOne(line)).ShouldBeEmpty();
        }

        await aftermath.ShouldBeAsExpectedAsync();

        // One that comes later, on the schema that is there by now.
        await using var again = WorkerProcess.RunOther(program, storage.Path, host.Uri, settings);
        await again.UntilReadyAsync(broker);
        (await again.TerminateAsync(Patience)).ShouldBe(0, again.Heard);
    }

    [Fact]
    public async Task A_file_of_the_previous_one_is_taken_over_and_the_previous_one_then_uses_or_refuses_it()
    {
        var program = PreviousRelease.Program();
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string> { ["Traces:Settle"] = "00:00:00.100" };
        const string Messages =
            """
            {"type": "flow.logged", "log_id": "flow", "path": "p", "output": "42", "trace_status": "complete"}
            {"type": "tool.logged", "log_id": "tool", "path": "t", "trace_parent_id": "flow", "output": "42"}

            """;
        var lines = Path.Combine(folder.Path, "messages.jsonl");
        await File.WriteAllTextAsync(lines, Messages, TestContext.Current.CancellationToken);
        await using (var previous = WorkerProcess.RunOther(program, folder.Path, null, settings))
        {
            await previous.UntilAsync("it runs", () => previous.Heard.Contains("Data: ", StringComparison.Ordinal));
            (await OtherAsync(program, folder.Path, "publish", lines)).ExitCode.ShouldBe(0);
            await previous.UntilAsync("the trace is judged", async () =>
                (await OtherAsync(program, folder.Path, "verify")).Output.Contains("1 judged", StringComparison.Ordinal));
            (await previous.TerminateAsync(Patience)).ShouldBe(0, previous.Heard);
        }

        var before = await OtherAsync(program, folder.Path, "trace", "flow", "--json");
        await using (var present = WorkerProcess.Run(folder.Path, null, settings))
        {
            await present.UntilAsync("it runs", () => present.Heard.Contains("Data: ", StringComparison.Ordinal));
            (await present.TerminateAsync(Patience)).ShouldBe(0, present.Heard);
        }

        (await WorkerProcess.CommandAsync(folder.Path, null, "verify")).Output.ShouldContain("1 judged");
        (await WorkerProcess.CommandAsync(folder.Path, null, "trace", "flow", "--json")).Output.ShouldBe(before.Output);

        // What the new one has done to the file may be more than the previous one understands.
        var asked = await OtherAsync(program, folder.Path, "verify");
        if (asked.ExitCode == 0)
        {
            asked.Output.ShouldContain("1 judged");
            return;
        }

        asked.ExitCode.ShouldBe(2, asked.Error);
        asked.Error.ShouldStartWith($"The database {Path.Combine(folder.Path, "worker.db")} was written by a later version of worker");
    }

    /// <summary>
    /// The previous one may meet a nested Flow that the other worker has just deleted, fails, and takes it again.
    /// </summary>
    private static bool IsKnownOfThePreviousOne(string line) =>
        line.Contains("RunDue", StringComparison.Ordinal) && line.Contains("(Parameter 'index')", StringComparison.Ordinal);

    private static bool IsOfAnError(string line) =>
        line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal);

    private static Task<ProgramResult> OtherAsync(string program, string folder, params string[] arguments) =>
        Programs.RunAsync(Programs.Dotnet, [program, .. arguments], WorkerProcess.Environment(folder, null, null));
}
