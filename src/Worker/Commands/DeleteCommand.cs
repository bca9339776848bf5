using System.CommandLine;
using System.Text.Json;
using Worker.Audit;
using Worker.Retention;
using Worker.Storage;

namespace Worker.Commands;

/// <summary><c>worker delete</c>: the answer to a person's request.</summary>
internal static class DeleteCommand
{
    private const string About =
        "Remove everything about Logs, or of a user: what is beneath them, every revision's verdicts, dead letters. " +
        "Prints a receipt.";

    private static readonly JsonSerializerOptions SnakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static Command Create(CommandContext context)
    {
        var ids = new Argument<string[]>("ID")
        {
            Description = "Logs, each with everything beneath it.", Arity = ArgumentArity.ZeroOrMore,
        };
        var users = new Option<string[]>("--user")
        {
            Description = "The whole traces of that user. Reads every Log.", HelpName = "USER",
        };
        var yes = new Option<bool>("--yes") { Description = "Do it; it cannot be undone." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Count, and remove nothing." };
        var json = CommandContext.JsonOption("Print the receipt as one JSON object, with every id.");
        var command = new Command("delete", About) { ids, users, yes, dryRun, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(ids) is not { Length: > 0 } && result.GetValue(users) is not { Length: > 0 })
                result.AddError("Name Logs by their ids, or --user USER.");
            if (result.GetValue(yes) == result.GetValue(dryRun))
                result.AddError("Give --dry-run to see what would go, or --yes to remove it for good.");
        });
        command.SetAction((result, token) => context.WithStoreAsync(
            async services =>
            {
                var receipt = await EraseAsync(
                    services,
                    [.. (result.GetValue(ids) ?? []).Distinct(StringComparer.Ordinal)],
                    [.. (result.GetValue(users) ?? []).Distinct(StringComparer.Ordinal)],
                    result.GetValue(dryRun),
                    token);
                context.Terminal.Output.WriteLine(
                    result.GetValue(json) ? JsonSerializer.Serialize(receipt, SnakeCase) : InWords(receipt));
                foreach (var name in receipt.NotFound)
                    context.Terminal.Error.WriteLine($"Nothing is stored as {PlainText.ForTerminal(name)}.");
                return receipt.IsEmpty ? ExitCodes.NotFound : ExitCodes.Done;
            },
            token));
        return command;
    }

    /// <summary>
    /// The audit has neither the users nor the ids of their Logs, which may be made of them, but how many it were.
    /// </summary>
    private static Task<ErasureReceipt> EraseAsync(
        IServiceProvider services, string[] ids, string[] users, bool dryRun, CancellationToken cancellationToken)
    {
        var erasure = services.GetRequiredService<Erasure>();
        if (dryRun)
            return erasure.RunAsync(ids, users, dryRun, cancellationToken);
        var record = new ActRecord { Note = users.Length > 0 ? "by user" : "by id" };
        record.Count("users_asked", users.Length);
        record.Count("ids_asked", ids.Length);
        return services.GetRequiredService<AuditTrail>().RecordAsync(
            AuditActor.OfCommandLine,
            AuditAct.LogsDeleted,
            record,
            async () =>
            {
                var receipt = await erasure.RunAsync(ids, users, dryRun, cancellationToken);
                if (users.Length == 0)
                    record.AddRange(ids.Except(receipt.NotFound).Concat(receipt.LogIds.Except(ids)));
                record.Count("logs", receipt.LogIds.Count);
                record.Count("runs", receipt.Runs);
                record.Count("decisions", receipt.Decisions);
                record.Count("verdicts", receipt.Verdicts + receipt.VerdictsFromOutside);
                record.Count("pins", receipt.Pins);
                record.Count("dead_letters", receipt.DeadLetterIds.Count);
                record.IsNothing = receipt.IsEmpty;
                return receipt;
            },
            cancellationToken);
    }

    private static string InWords(ErasureReceipt receipt)
    {
        var logs = receipt.Logs.Select(kind => $"{Counted.Phrase(kind.Value, kind.Key + " Log")}");
        string[] parts =
        [
            .. logs,
            Counted.Phrase(receipt.Runs, "run"),
            Counted.Phrase(receipt.Decisions, "decision"),
            Counted.Phrase(receipt.Verdicts, "verdict"),
            Counted.Phrase(receipt.VerdictsFromOutside, "verdict") + " from outside",
            Counted.Phrase(receipt.DeadLetterIds.Count, "dead letter"),
        ];
        var verb = receipt.DryRun ? "Would be removed" : $"Removed at {receipt.At:yyyy-MM-dd HH:mm:ss}Z";
        return $"{verb}: {string.Join(", ", parts)}.";
    }
}
