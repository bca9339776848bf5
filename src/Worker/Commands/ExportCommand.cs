using System.CommandLine;
using System.Globalization;
using Worker.Transfer;

namespace Worker.Commands;

/// <summary><c>worker export DIR</c>: all that is stored, in the layout of the service's own export script.</summary>
internal static class ExportCommand
{
    private const string About =
        "Write Files, Versions, deployments, Logs and verdicts into a folder, as Humanloop's own export script does; " +
        "worker import reads it. " +
        "Ended early, it goes on with the Files that are not whole yet. It works beside a running worker.";

    public static Command Create(CommandContext context)
    {
        var folder = new Argument<string>("DIR")
        {
            Description = "Where it is written: a new folder, or one that an export was begun in.",
        };
        var json = CommandContext.JsonOption("Print the counts as one JSON object.");
        var command = new Command("export", About) { folder, json };
        command.SetAction((result, token) => context.WithStoreAsync(
            services => RunAsync(
                context.Terminal,
                services.GetRequiredService<Exporter>(),
                result.GetRequiredValue(folder),
                result.GetValue(json),
                token),
            token));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal, Exporter exporter, string folder, bool json, CancellationToken cancellationToken)
    {
        var counts = new ExportCounts();
        await TransferProgress.ShowAsync<ExportCounts>(terminal, "Exporting", InFew, async show =>
            counts = await exporter.ExportAsync(folder, show, cancellationToken));
        var withoutFile = counts.WithoutFile > 0
            ? $", of which {counts.WithoutFile:N0} have no File and lie in {ExportLayout.Logs}"
            : "";
        terminal.Error.WriteLine(
            $"Exported {Counted.Phrase(counts.Files, "File")}, {Counted.Phrase(counts.Versions, "Version")} " +
            $"and {Counted.Phrase(counts.Logs, "Log")} to {folder}{withoutFile}.");
        if (counts.Passed > 0)
        {
            terminal.Error.WriteLine(
                $"{Counted.Phrase(counts.Passed, "File")} had been written whole before; " +
                "a new folder takes them as they are now.");
        }

        if (json)
            terminal.Output.WriteLine(CommandJson.Of(
                new { counts.Files, counts.Passed, counts.Versions, counts.Logs, counts.WithoutFile }));
        return ExitCodes.Done;
    }

    private static string InFew(ExportCounts counts) =>
        string.Create(CultureInfo.InvariantCulture, $"{counts.Files:N0} Files, {counts.Logs:N0} Logs");
}
