using System.Diagnostics;
using Worker.IntegrationTests.Crash;
using Worker.IntegrationTests.Support;
using Worker.Testing;
using Worker.Traces;

namespace Worker.IntegrationTests.Upgrades;

/// <summary>
/// A store is led on to the present schema by a process that is killed twenty times, at any moment. The seed of the
/// moments is printed, as for <see cref="CrashTests"/>.
/// </summary>
[Collection(Lanes.Crashes)]
public sealed class MigrationTests
{
    private const int Kills = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_file_survives_twenty_kills_of_what_leads_its_schema_on()
    {
        await using var storage = TestStorage.File();
        var logs = EarlierFile.Logs(4_000, outputLength: 1_500);
        var old = Path.Combine(storage.Path, "old");
        EarlierFile.Write(old, logs);
        var file = Path.Combine(storage.Path, "worker.db");

        await KillAsync(storage, logs, async isFirst =>
        {
            if (!isFirst)
                await OldStore.ShouldHoldAsync(storage, logs);
            File.Delete(file + "-wal");
            File.Delete(file + "-shm");
            File.Copy(old, file, overwrite: true);
        });
    }

    [MongoFact]
    public async Task A_database_survives_twenty_kills_of_what_leads_its_schema_on()
    {
        await using var storage = TestStorage.MongoDb();
        var logs = EarlierFile.Logs(500);
        await OldStore.MakeMongoDbAsync(storage, logs);

        // It keeps its Logs all the while, so that looking at them once, at the end, is enough.
        await KillAsync(storage, logs, isFirst => isFirst ? Task.CompletedTask : OldStore.MakeOldAsync(storage));
    }

    [Fact]
    public async Task Several_processes_may_lead_a_file_on_at_once()
    {
        await using var storage = TestStorage.File();
        var logs = EarlierFile.Logs(3_000, outputLength: 1_500);
        EarlierFile.Write(Path.Combine(storage.Path, "worker.db"), logs);

        await ShouldAllApplyAsync(storage, logs);
    }

    [MongoFact]
    public async Task Several_processes_may_lead_a_database_on_at_once()
    {
        await using var storage = TestStorage.MongoDb();
        var logs = EarlierFile.Logs(1_000);
        await OldStore.MakeMongoDbAsync(storage, logs);

        await ShouldAllApplyAsync(storage, logs);
    }

    private static async Task ShouldAllApplyAsync(TestStorage storage, IReadOnlyList<Log> logs)
    {
        (await CommandAsync(storage, "migrate", "--check")).ExitCode.ShouldBe(5);
        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CommandAsync(storage, "migrate", "--apply")));

        applied.ShouldAllBe(result => result.ExitCode == 0, string.Join('\n', applied.Select(result => result.Error)));
        (await CommandAsync(storage, "migrate", "--check")).ExitCode.ShouldBe(0);
        await OldStore.ShouldHoldAsync(storage, logs);
    }

    /// <summary>A migration that was quicker than its killer begins anew, on the old store.</summary>
    private static async Task KillAsync(TestStorage storage, IReadOnlyList<Log> logs, Func<bool, Task> makeOld)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("WORKER_TEST_SEED"), out var given) ? given : Random.Shared.Next();
        Aftermath.Say($"WORKER_TEST_SEED={seed}");
        var random = new Random(seed);
        await makeOld(true);
        var whole = Stopwatch.StartNew();
        (await ApplyAsync(storage)).ShouldBe(0);
        var (kills, migrations, longest) = (0, 1, whole.Elapsed);
        Aftermath.Say($"a migration takes {longest}");

        await makeOld(false);
        while (kills < Kills)
        {
            await using var process = WorkerProcess.Begin(storage.Path, OldStore.Local(storage), "migrate", "--apply");
            if (random.NextDouble() < 0.8)
                await Eventually.IsTrueAsync("it has begun a step, or ended", () => Task.FromResult(process.HasEnded || process.Heard.Contains("step", StringComparison.Ordinal)));
            await Task.Delay(longest * (random.NextDouble() * 0.45), TestContext.Current.CancellationToken);
            if (process.HasEnded || process.Heard.Contains("now; it had", StringComparison.Ordinal))
            {
                (await process.ExitAsync(Patience)).ShouldBe(0, process.Heard);
                migrations++;
                await makeOld(false);
                continue;
            }

            await process.KillAsync();
            kills++;
            Aftermath.Say($"killed; it had said: {process.Heard.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()}");
        }

        Aftermath.Say($"{kills} kills, {migrations} migrations that came to their end");
        (await ApplyAsync(storage)).ShouldBe(0);
        (await CommandAsync(storage, "migrate", "--check")).ExitCode.ShouldBe(0);
        await OldStore.ShouldHoldAsync(storage, logs);
    }

    private static async Task<int> ApplyAsync(TestStorage storage)
    {
        await using var process = WorkerProcess.Begin(storage.Path, OldStore.Local(storage), "migrate", "--apply");
        return await process.ExitAsync(Patience);
    }

    private static Task<ProgramResult> CommandAsync(TestStorage storage, params string[] arguments) =>
        WorkerProcess.CommandAsync(storage.Path, null, OldStore.Local(storage), arguments);
}
