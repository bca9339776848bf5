using System.CommandLine;
using Worker.Hosting;
using Worker.Storage;

namespace Worker.Commands;

/// <summary><c>worker migrate</c>: the schemas of the stores, looked at or led on.</summary>
internal static class MigrateCommand
{
    private const string About =
        "Look at the schemas of the stores, or lead them on to what this version needs. " +
        "It works beside running workers.";

    public static Command Create(CommandContext context)
    {
        var check = new Option<bool>("--check")
        {
            Description = $"Say what would be done, and change nothing. Ends with {ExitCodes.StepsAreDue} where " +
                "something would.",
        };
        var apply = new Option<bool>("--apply")
        {
            Description = "Take the steps that are due. Ended early, it goes on when called again.",
        };
        var json = CommandContext.JsonOption("Print one JSON object a store.");
        var command = new Command("migrate", About) { check, apply, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(check) == result.GetValue(apply))
                result.AddError("worker migrate accepts --check or --apply, and needs one of them.");
        });
        command.SetAction((result, token) => RunAsync(context, result.GetValue(apply), result.GetValue(json), token));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, bool apply, bool json, CancellationToken cancellationToken)
    {
        using var host = WorkerHost.Build(context.Overrides);
        var (stores, areDue) = (0, false);
        foreach (var schema in host.Services.GetServices<ISchema>())
        {
            if (await schema.ReadAsync(cancellationToken) is not { } found)
                continue;
            found.MustBeUsable("name another store");
            stores++;
            areDue |= found.Due.Count > 0;
            if (apply && found.Due.Count > 0)
                await ApplyAsync(context.Terminal, schema, found, cancellationToken);
            Say(context.Terminal, found, apply, json);
        }

        if (stores == 0)
            return context.NothingYet(host.Services);
        return areDue && !apply ? ExitCodes.StepsAreDue : ExitCodes.Done;
    }

    private static Task ApplyAsync(
        Terminal terminal, ISchema schema, SchemaState found, CancellationToken cancellationToken)
    {
        var shown = 0;
        return TransferProgress.ShowAsync<SchemaProgress>(terminal, found.Store, InWords, show => schema.ApplyAsync(
            progress =>
            {
                show(progress);
                if (progress.Step.Number != shown && !terminal.ErrorIsTerminal)
                    terminal.Error.WriteLine($"{found.Store}: {InWords(progress)} …");
                shown = progress.Step.Number;
            },
            cancellationToken));
    }

    private static void Say(Terminal terminal, SchemaState found, bool apply, bool json)
    {
        if (json)
        {
            terminal.Output.WriteLine(CommandJson.Of(
                new { found.Store, found.Found, Wanted = found.Known, Applied = apply, Steps = found.Due }));
            return;
        }

        foreach (var step in found.Due)
            terminal.Output.WriteLine($"{found.Store}: step {step.Number}, {step.Title}{(apply ? ": done" : "")}");
        terminal.Error.WriteLine((found, apply) switch
        {
            ({ Due.Count: 0 } state, _) when state.Found > state.Known =>
                $"{state.Store} has the schema {state.Found} of a later version; " +
                $"this one, which knows {state.Known}, may use it.",
            ({ Due.Count: 0 } state, _) => $"{state.Store} has the schema {state.Found}: nothing is to be done.",
            (var state, true) => $"{state.Store} has the schema {state.Known} now; it had {state.Found}.",
            var (state, _) =>
                $"{state.Store} has the schema {state.Found} and {state.Known} is wanted: " +
                "make a backup, then worker migrate --apply.",
        });
    }

    private static string InWords(SchemaProgress progress) =>
        $"step {progress.Step.Number}, {progress.Step.Title}" +
        (progress.Documents is { } documents ? $", {Counted.Phrase(documents, "Log")}" : "");
}
