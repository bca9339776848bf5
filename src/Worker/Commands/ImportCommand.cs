using System.CommandLine;
using System.Globalization;
using Worker.Audit;
using Worker.Hosting;
using Worker.Storage;
using Worker.Transfer;

namespace Worker.Commands;

/// <summary><c>worker import DIR</c>: an export of the service, as messages.</summary>
internal static class ImportCommand
{
    private const string About =
        "Read an export of Humanloop, as its own export script or worker export has written it, and publish it: " +
        "Files, Versions, deployments, Logs and verdicts, all under their ids. " +
        "Ended early, it goes on where it was; made again, it changes nothing. " +
        "What cannot be read is told with its file and line, and passed over: then it ends with 1.";

    public static Command Create(CommandContext context)
    {
        var folder = new Argument<string>("DIR")
        {
            Description = "The export: the folder with the folder files in it.",
        };
        var judge = new Option<bool>("--judge")
        {
            Description =
                "Let Evaluators judge the Logs as if they had just come. " +
                "Without it they are history, kept and shown, and not judged.",
        };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Read everything, tell what would be passed over, and send nothing.",
        };
        var position = new Option<string?>("--position")
        {
            Description = "The file that says how far it is, where DIR is not to be written to.", HelpName = "FILE",
        };
        var json = CommandContext.JsonOption("Print the counts as one JSON object.");
        var command = new Command("import", About) { folder, judge, dryRun, position, json };
        command.SetAction((result, token) => RunAsync(
            context,
            new(result.GetRequiredValue(folder))
            {
                Judge = result.GetValue(judge),
                DryRun = result.GetValue(dryRun),
                Position = result.GetValue(position),
            },
            result.GetValue(json),
            token));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, ImportOptions asked, bool json, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Path.Combine(asked.Folder, ExportLayout.Files)))
        {
            return context.Fail(
                ExitCodes.Usage,
                $"{asked.Folder} has no folder {ExportLayout.Files} in it; " +
                "name the folder that the export script made, exports/YYYYMMDD-HHMMSS.");
        }

        using var host = WorkerHost.Build(context.Overrides);
        var services = host.Services;
        var (importer, time) = (services.GetRequiredService<Importer>(), services.GetRequiredService<TimeProvider>());
        var (terminal, start) = (context.Terminal, time.GetTimestamp());
        ImportCounts counts = new();
        var record = new ActRecord { Note = asked.Judge ? "to be judged" : "as history" };
        try
        {
            await (asked.DryRun ? ImportAsync() : RecordAsync(services, record, ImportAsync, cancellationToken));
        }
        catch when (counts.Messages > 0 && !asked.DryRun)
        {
            terminal.Error.WriteLine($"{InFew(counts)}; the same command goes on from there.");
            throw;
        }

        Report(terminal, asked, importer.Destination, counts, time.GetElapsedTime(start), json);
        return counts.Skipped == 0 ? ExitCodes.Done : ExitCodes.SomeFailed;

        async Task<ImportCounts> ImportAsync()
        {
            await TransferProgress.ShowAsync<ImportCounts>(terminal, "Importing", InFew, show => importer.ImportAsync(
                asked,
                terminal.Error.WriteLine,
                now =>
                {
                    counts = now;
                    show(now);
                },
                cancellationToken));
            return counts;
        }
    }

    private static async Task<ImportCounts> RecordAsync(
        IServiceProvider services,
        ActRecord record,
        Func<Task<ImportCounts>> import,
        CancellationToken cancellationToken)
    {
        await services.GetRequiredService<IStore>().PrepareAsync(cancellationToken);
        return await services.GetRequiredService<AuditTrail>().RecordAsync(
            AuditActor.OfCommandLine,
            AuditAct.LogsImported,
            record,
            async () =>
            {
                var counts = await import();
                record.Count("files", counts.Files);
                record.Count("versions", counts.Versions);
                record.Count("logs", counts.Logs);
                record.Count("verdicts", counts.Verdicts);
                record.Count("messages", counts.Messages);
                record.Count("skipped", counts.Skipped);
                return counts;
            },
            cancellationToken);
    }

    private static string InFew(ImportCounts counts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{counts.Files:N0} Files, {counts.Logs:N0} Logs, {counts.Messages:N0} messages sent");

    private static void Report(
        Terminal terminal, ImportOptions asked, string destination, ImportCounts counts, TimeSpan elapsed, bool json)
    {
        var of =
            $"{Counted.Phrase(counts.Files, "File")}, {Counted.Phrase(counts.Versions, "Version")}, " +
            $"{Counted.Phrase(counts.Deployments, "deployment")}, {Counted.Phrase(counts.Logs, "Log")} " +
            $"and {Counted.Phrase(counts.Verdicts, "verdict")}, as often as the export holds each";
        var messages = Counted.Phrase(counts.Messages, "message");
        terminal.Error.WriteLine(asked.DryRun
            ? $"Read {of}; {messages} would go to {destination}. Nothing was sent."
            : $"Imported {of}: {messages} to {destination} in {Durations.Words(elapsed)}.");
        if (!asked.DryRun)
        {
            terminal.Error.WriteLine(
                asked.Judge ? "Evaluators judge the Logs." : "The Logs are history: no Evaluator judges them.");
        }

        if (counts.WentOnAfter is { } line)
            terminal.Error.WriteLine($"It went on after {line}, where the one before was ended.");
        if (counts.Credentials > 0)
            terminal.Error.WriteLine($"{Counted.Phrase(counts.Credentials, "credential")} in Versions left out.");
        if (counts.Datasets + counts.Evaluations + counts.Agents + counts.AgentLogs > 0)
        {
            terminal.Error.WriteLine(
                $"No place here, and left out: {Counted.Phrase(counts.Datasets, "Dataset")}, " +
                $"{Counted.Phrase(counts.Evaluations, "evaluation")}, {Counted.Phrase(counts.Agents, "Agent")} " +
                $"and {Counted.Phrase(counts.AgentLogs, "Agent Log")}.");
        }

        if (counts.Skipped > 0)
            terminal.Error.WriteLine($"{Counted.Phrase(counts.Skipped, "item")} passed over, told above.");
        if (json)
            terminal.Output.WriteLine(CommandJson.Of(new
            {
                counts.Files,
                counts.Versions,
                counts.Deployments,
                counts.Logs,
                counts.Verdicts,
                counts.Messages,
                counts.Skipped,
                counts.WentOnAfter,
                counts.Credentials,
                left_out = new { counts.Datasets, counts.Evaluations, counts.Agents, counts.AgentLogs },
                seconds = elapsed.TotalSeconds,
                destination,
                counts_as = asked.Judge ? "judged" : "history",
                asked.DryRun,
            }));
    }
}
