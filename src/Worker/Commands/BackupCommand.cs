using System.CommandLine;
using System.Globalization;
using Worker.Hosting;
using Worker.Storage;

namespace Worker.Commands;

/// <summary><c>worker backup</c> and <c>worker restore</c>: the SQLite file, into another one and back.</summary>
internal static class BackupCommand
{
    private const string About =
        "Copy the SQLite store into one file, as it is at one moment, beside a running worker: " +
        "Logs, verdicts, inbox, dead letters and keys. The copy is looked through before it gets its name.";

    private const string AboutRestore =
        "Make the SQLite store what a backup holds. No process may have it open. " +
        "The backup is looked through first, and the store changes in one step.";

    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "Where it is written." };
        var force = new Option<bool>("--force") { Description = "Overwrite the file where it is there already." };
        var json = CommandContext.JsonOption("Print one JSON object.");
        var command = new Command("backup", About) { file, force, json };
        command.SetAction((result, token) => context.WithBackupAsync(
            async (services, backup) =>
            {
                if (!services.GetRequiredService<IStore>().Exists)
                    return context.NothingYet(services);
                var name = result.GetRequiredValue(file);
                return await RunAsync(
                    context.Terminal,
                    "Copying",
                    $"are in {Path.GetFullPath(name)}",
                    result.GetValue(json),
                    show => backup.WriteAsync(name, result.GetValue(force), show, token));
            }));
        return command;
    }

    public static Command CreateRestore(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A backup." };
        var force = new Option<bool>("--force") { Description = "Overwrite a store that holds something." };
        var json = CommandContext.JsonOption("Print one JSON object.");
        var command = new Command("restore", AboutRestore) { file, force, json };
        command.SetAction((result, token) => context.WithBackupAsync(
            async (services, backup) =>
            {
                var name = result.GetRequiredValue(file);
                if (!File.Exists(name))
                    return context.Fail(ExitCodes.NotFound, $"There is no file {Path.GetFullPath(name)}.");
                return await RunAsync(
                    context.Terminal,
                    "Restoring",
                    $"stand in {services.GetRequiredService<IStore>().Description}; worker verify looks at them",
                    result.GetValue(json),
                    show => backup.RestoreAsync(name, result.GetValue(force), show, token));
            }));
        return command;
    }

    private static async Task<int> WithBackupAsync(
        this CommandContext context, Func<IServiceProvider, IBackup, Task<int>> work)
    {
        using var host = WorkerHost.Build(context.Overrides);
        if (host.Services.GetService<IBackup>() is { } backup)
            return await work(host.Services, backup);
        return context.Fail(
            ExitCodes.Usage,
            $"The store is {host.Services.GetRequiredService<IStore>().Description}, which is copied by mongodump " +
            "--oplog and brought back by mongorestore --oplogReplay, or by a snapshot: " +
            "see Backup and restore in docs/operations.md.");
    }

    private static async Task<int> RunAsync(
        Terminal terminal, string what, string where, bool json, Func<Action<BackupProgress>, Task<BackupReport>> work)
    {
        BackupReport? report = null;
        await TransferProgress.ShowAsync<BackupProgress>(
            terminal, what, InWords, async show => report = await work(show));
        terminal.Error.WriteLine(
            $"{Counted.Phrase(report!.Logs, "Log")} and all beside them ({Counted.Phrase(report.Bytes, "byte")}, " +
            $"schema {report.Schema}) {where}.");
        if (json)
            terminal.Output.WriteLine(CommandJson.Of(report));
        return ExitCodes.Done;
    }

    private static string InWords(BackupProgress progress) => progress.IsCopied
        ? "looking through the copy"
        : string.Create(
            CultureInfo.InvariantCulture, $"{progress.Copied / 1048576.0:N0} of {progress.Total / 1048576.0:N0} MiB");
}
