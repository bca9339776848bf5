using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Worker.Commands;
using Worker.Diagnostics;
using Worker.Storage;
using Worker.Storage.Sqlite;

namespace Worker.Tests.Commands;

/// <summary><c>worker migrate</c>, <c>backup</c> and <c>restore</c>.</summary>
public sealed class UpgradeCommandTests : IDisposable
{
    private readonly CommandLine _worker = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(_worker.Storage, "worker.db");

    private string Backup => Path.GetFullPath(Path.Combine(_worker.Storage, "..", "backups", "worker.backup"));

    public void Dispose() => _worker.Dispose();

    [Fact]
    public async Task Migrate_says_what_would_be_done_and_does_it()
    {
        (await _worker.RunAsync("migrate")).ExitCode.ShouldBe(ExitCodes.Usage);
        (await _worker.RunAsync("migrate", "--check", "--apply")).ExitCode.ShouldBe(ExitCodes.Usage);
        (await _worker.RunAsync("migrate", "--check")).ExitCode.ShouldBe(ExitCodes.NotFound);
        EarlierFile.Write(Database, EarlierFile.Logs(3), schema: 10);

        for (var time = 0; time < 2; time++)
        {
            var (code, output, error) = await _worker.RunAsync("migrate", "--check");
            code.ShouldBe(ExitCodes.StepsAreDue);
            output.ShouldContain("step 11, retention");
            error.ShouldContain($"has the schema 10 and {SqliteSchema.Known} is wanted");
        }

        var applied = await _worker.RunAsync("migrate", "--apply", "--json");
        applied.ExitCode.ShouldBe(ExitCodes.Done);
        JsonNode.Parse(applied.Output)!["steps"]!.AsArray().Count.ShouldBe(SqliteSchema.Known - 10);
        applied.Error.ShouldContain("step 12, which worker may use the file …");
        var after = await _worker.RunAsync("migrate", "--check");
        (after.ExitCode, after.Output).ShouldBe((ExitCodes.Done, ""));
        (await _worker.RunAsync("migrate", "--apply")).ExitCode.ShouldBe(ExitCodes.Done);
        (await _worker.RunAsync("verify")).Output.ShouldContain("3 judged");
    }

    [Theory]
    [InlineData("run")]
    [InlineData("verify")]
    public async Task Where_steps_are_left_to_people_a_store_that_is_behind_is_refused(string command)
    {
        EarlierFile.Write(Database, EarlierFile.Logs(3), schema: 10);

        var (exitCode, _, error) = await _worker.RunAsync(command, "--Storage:Migrate=false");

        exitCode.ShouldBe(ExitCodes.Usage);
        error.ShouldContain(
            $"The database {Database} has the schema 10 and this worker needs {SqliteSchema.Known}: make a backup and run worker migrate --apply, or set Storage:Migrate to true.");
        (await _worker.RunAsync("migrate", "--apply", "--Storage:Migrate=false")).ExitCode.ShouldBe(ExitCodes.Done);
        (await _worker.RunAsync("verify", "--Storage:Migrate=false")).ExitCode.ShouldBe(ExitCodes.Done);
    }

    [Fact]
    public async Task A_backup_holds_what_was_there_and_is_brought_back()
    {
        (await _worker.RunAsync("backup", Backup)).ExitCode.ShouldBe(ExitCodes.NotFound);
        await WriteAsync("before");
        var made = await _worker.RunAsync("backup", Backup, "--json");
        made.ExitCode.ShouldBe(ExitCodes.Done, made.Error);
        ((long)JsonNode.Parse(made.Output)!["logs"]!).ShouldBe(1);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Backup).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(Path.GetDirectoryName(Backup)!).ShouldBe([Backup]);
        await WriteAsync("after");

        (await _worker.RunAsync("backup", Backup)).ExitCode.ShouldBe(ExitCodes.Usage);
        var refused = await _worker.RunAsync("restore", Backup);
        refused.ExitCode.ShouldBe(ExitCodes.Usage);
        refused.Error.ShouldContain("holds something already");
        (await StandingAsync()).ShouldBe(["before", "after"], ignoreOrder: true);

        (await _worker.RunAsync("restore", Backup, "--force")).ExitCode.ShouldBe(ExitCodes.Done);
        (await StandingAsync()).ShouldBe(["before"]);
        (await _worker.RunAsync("backup", Backup, "--force")).ExitCode.ShouldBe(ExitCodes.Done);
        Directory.Delete(_worker.Storage, recursive: true);
        (await _worker.RunAsync("restore", Backup)).ExitCode.ShouldBe(ExitCodes.Done);
        (await StandingAsync()).ShouldBe(["before"]);
        (await _worker.RunAsync("verify")).ExitCode.ShouldBe(ExitCodes.Done);
    }

    [Fact]
    public async Task Who_was_killed_beside_a_store_that_holds_nothing_keeps_no_backup_from_it()
    {
        await WriteAsync("before");
        (await _worker.RunAsync("backup", Backup)).ExitCode.ShouldBe(ExitCodes.Done);
        Directory.Delete(_worker.Storage, recursive: true);
        using (var front = _worker.Host())
        {
            await front.Services.GetRequiredService<IWorkerStore>().SeeAsync(
                new ThisWorker("serve", Some.Time).At(Some.Time), Cancellation);
        }

        (await _worker.RunAsync("restore", Backup)).ExitCode.ShouldBe(ExitCodes.Done);

        (await StandingAsync()).ShouldBe(["before"]);
    }

    [Fact]
    public async Task A_file_of_an_earlier_schema_is_backed_up_as_it_is()
    {
        EarlierFile.Write(Database, EarlierFile.Logs(3), schema: 6);
        (await _worker.RunAsync("backup", Backup)).ExitCode.ShouldBe(ExitCodes.Done);
        (await _worker.RunAsync("migrate", "--check")).Error.ShouldContain("has the schema 6 ");

        (await _worker.RunAsync("restore", Backup, "--force")).ExitCode.ShouldBe(ExitCodes.Done);

        (await _worker.RunAsync("migrate", "--check")).Error.ShouldContain("has the schema 6 ");
        (await _worker.RunAsync("verify")).Output.ShouldContain("3 judged");
    }

    [Fact]
    public async Task A_store_that_somebody_has_open_is_not_replaced()
    {
        await WriteAsync("before");
        (await _worker.RunAsync("backup", Backup)).ExitCode.ShouldBe(ExitCodes.Done);
        using (var front = _worker.Host())
        {
            await front.Services.GetRequiredService<IStore>().PrepareAsync(Cancellation);
            var (exitCode, _, error) = await _worker.RunAsync("restore", Backup, "--force");
            exitCode.ShouldBe(ExitCodes.Unreachable);
            error.ShouldContain("Another process has the database");
            await front.Services.GetRequiredService<ILogStore>().WriteAsync([Some.Log("meanwhile")], Cancellation);
        }

        (await StandingAsync()).ShouldBe(["before", "meanwhile"], ignoreOrder: true);
        (await _worker.RunAsync("restore", Backup, "--force")).ExitCode.ShouldBe(ExitCodes.Done);
        (await StandingAsync()).ShouldBe(["before"]);
    }

    [Theory]
    [InlineData("nothing", ExitCodes.NotFound)]
    [InlineData("text", ExitCodes.Usage)]
    [InlineData("empty", ExitCodes.Usage)]
    [InlineData("foreign", ExitCodes.Usage)]
    [InlineData("damaged", ExitCodes.Usage)]
    [InlineData("later", ExitCodes.Usage)]
    public async Task What_is_no_backup_changes_nothing(string kind, int expected)
    {
        await WriteAsync("before");
        var file = await MakeAsync(kind);

        var (exitCode, _, error) = await _worker.RunAsync("restore", file, "--force");

        exitCode.ShouldBe(expected, error);
        error.ShouldNotContain("   at ");
        (await StandingAsync()).ShouldBe(["before"]);
        Directory.GetFiles(_worker.Storage, "*.part").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_damaged_store_is_replaced()
    {
        await WriteAsync("before");
        (await _worker.RunAsync("backup", Backup)).ExitCode.ShouldBe(ExitCodes.Done);
        await File.WriteAllTextAsync(Database, new string('x', 10_000), Cancellation);
        (await _worker.RunAsync("restore", Backup)).ExitCode.ShouldBe(ExitCodes.Usage);
        (await _worker.RunAsync("backup", Backup, "--force")).ExitCode.ShouldBe(ExitCodes.Usage);

        var restored = await _worker.RunAsync("restore", Backup, "--force");

        restored.ExitCode.ShouldBe(ExitCodes.Done, restored.Error);
        (await StandingAsync()).ShouldBe(["before"]);
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("restore")]
    public async Task On_MongoDB_both_name_its_own_tools(string command)
    {
        var (exitCode, _, error) = await _worker.RunAsync(
            command, _worker.File("some", ""), "--ConnectionStrings:MongoDb=mongodb://nowhere.invalid/w");

        exitCode.ShouldBe(ExitCodes.Usage);
        error.ShouldContain("mongodump");
        error.ShouldContain("mongorestore");
    }

    private async Task<string> MakeAsync(string kind)
    {
        if (kind is "damaged" or "later")
            (await _worker.RunAsync("backup", Backup)).ExitCode.ShouldBe(ExitCodes.Done);
        switch (kind)
        {
            case "text":
                return _worker.File("text", new string('x', 10_000));
            case "empty":
                return _worker.File("empty", "");
            case "foreign":
                Change(_worker.File("foreign", ""), "CREATE TABLE other (id); PRAGMA user_version = 3");
                return Path.Combine(_worker.Storage, "..", "foreign");
            case "later":
                Change(Backup, "UPDATE worker_schema SET needs = 98; PRAGMA user_version = 99");
                return Backup;
            case "damaged":
                await using (var file = File.OpenWrite(Backup))
                {
                    file.Position = 8192;
                    await file.WriteAsync(Enumerable.Repeat((byte)0xA5, (int)file.Length - 8192).ToArray(), Cancellation);
                }

                return Backup;
            default:
                return "nothing";
        }
    }

    private static void Change(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private async Task WriteAsync(string id)
    {
        using var host = _worker.Host();
        await host.Services.GetRequiredService<ILogStore>().WriteAsync([Some.Log(id)], Cancellation);
    }

    private async Task<List<string>> StandingAsync()
    {
        using var host = _worker.Host();
        return await host.Services.GetRequiredService<IAgeListing>().OldestAsync(Cancellation)
            .SelectMany(page => page).Select(log => log.Id).ToListAsync(Cancellation);
    }
}
