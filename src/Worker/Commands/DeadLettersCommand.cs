using System.CommandLine;
using Spectre.Console;
using Worker.Audit;
using Worker.DeadLetters;
using Worker.Storage;

namespace Worker.Commands;

/// <summary>
/// <c>worker dead-letters</c>: see, put back or throw away what was refused, on the broker or in the store.
/// </summary>
internal static class DeadLettersCommand
{
    public static Command Create(CommandContext context) =>
        new(
            "dead-letters",
            "See, put back or throw away refused messages: on RabbitMQ when ConnectionStrings:RabbitMq is set, " +
            "else in the store.")
        {
            List(context), Show(context), Redrive(context), Discard(context),
        };

    private static Command List(CommandContext context)
    {
        var json = CommandContext.JsonOption("Print one JSON object a line.");
        var command = new Command("list", "List them, oldest first.") { json };
        command.SetAction((result, token) => context.WithDeadLettersAsync(
            (letters, time) => ListAsync(context.Terminal, letters, time, result.GetValue(json), token), token));
        return command;
    }

    private static Command Show(CommandContext context)
    {
        var id = new Argument<string>("ID") { Description = "The id that list shows." };
        var json = CommandContext.JsonOption("Print the letter as one JSON object.");
        var command = new Command("show", "Show one whole, with its body.") { id, json };
        command.SetAction((result, token) => context.WithDeadLettersAsync(
            (letters, _) => ShowAsync(context, letters, result.GetRequiredValue(id), result.GetValue(json), token),
            token));
        return command;
    }

    private static Command Redrive(CommandContext context)
    {
        var choice = new DeadLetterChoice();
        var noCanary = new Option<bool>("--no-canary")
        {
            Description = "Do not put one back first to see whether it is refused again.",
        };
        var command = new Command(
            "redrive", "Put letters back to where messages come in. Of several, one goes first as a canary.")
        {
            noCanary,
        };
        choice.AddTo(command);
        command.SetAction((result, token) => ChangeAsync(
            context,
            choice,
            result,
            (letters, chosen) => RedriveAsync(context, letters, chosen, !result.GetValue(noCanary), token),
            token));
        return command;
    }

    private static Command Discard(CommandContext context)
    {
        var choice = new DeadLetterChoice();
        var command = new Command(
            "discard", "Throw letters away for good. Their ids and reasons are remembered in worker audit.");
        choice.AddTo(command);
        command.SetAction((result, token) => ChangeAsync(
            context, choice, result, (letters, chosen) => DiscardAsync(context, letters, chosen, token), token));
        return command;
    }

    private static async Task<int> ChangeAsync(
        CommandContext context,
        DeadLetterChoice choice,
        ParseResult result,
        Func<LetterAudit, ChosenLetters, Task<int>> change,
        CancellationToken cancellationToken)
    {
        var (chosen, fault) = await choice.ReadAsync(result, context.Terminal, cancellationToken);
        return chosen is null
            ? context.Fail(ExitCodes.Usage, fault!)
            : await context.ChangingDeadLettersAsync(letters => change(letters, chosen), cancellationToken);
    }

    public static async Task<int> ListAsync(
        Terminal terminal, IDeadLetters letters, TimeProvider time, bool json, CancellationToken cancellationToken)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(
            "id", "kind", "reason", "tries", "log id", "age", "detail");
        var count = 0;
        await foreach (var letter in letters.ListAsync(cancellationToken))
        {
            count++;
            if (json)
                terminal.Output.WriteLine(DeadLetterJson.Serialize(letter, withBody: false, indented: false));
            else
                AddRow(table, letter, time.GetUtcNow());
        }

        if (!json && count > 0)
            terminal.Write(table);
        terminal.Error.WriteLine(
            count == 0 ? "There are no dead letters." : Counted.Phrase(count, "dead letter") + ".");
        return ExitCodes.Done;
    }

    private static void AddRow(Table table, DeadLetter letter, DateTimeOffset now)
    {
        var texts = new[]
        {
            letter.DeadLetterId,
            letter.Kind ?? "",
            letter.Reason,
            $"{letter.History[^1].Number}",
            letter.LogId ?? "",
            Durations.Words(now - letter.FirstReceived),
            letter.Withheld ? letter.Detail + " (withheld)" : letter.Detail,
        };
        table.AddRow([.. texts.Select(text => new Markup(PlainText.ForTerminal(text)))]);
    }

    private static async Task<int> ShowAsync(
        CommandContext context, IDeadLetters letters, string id, bool json, CancellationToken cancellationToken)
    {
        await foreach (var letter in letters.ListAsync(cancellationToken))
        {
            if (letter.DeadLetterId != id)
                continue;
            context.Terminal.Output.WriteLine(DeadLetterJson.Serialize(letter, withBody: true, indented: true));
            if (!json && letter.Withheld)
                context.Terminal.Error.WriteLine(
                    "Its Log asked not to be saved: only the body's length and hash are kept, " +
                    "and it cannot be put back.");
            return ExitCodes.Done;
        }

        return NotFound(context, id);
    }

    private static async Task<int> RedriveAsync(
        CommandContext context,
        LetterAudit letters,
        ChosenLetters chosen,
        bool canary,
        CancellationToken cancellationToken)
    {
        var report = await letters.RedriveAsync(
            AuditActor.OfCommandLine, chosen.Filter, chosen.Asked, canary, cancellationToken);
        context.Terminal.Error.WriteLine($"{Counted.Phrase(report.Redriven, "dead letter")} put back.");
        if (report.Withheld > 0)
            context.Terminal.Error.WriteLine(
                $"{Counted.Phrase(report.Withheld, "withheld letter")} left alone: " +
                "their Logs asked not to be saved, so there is no body to put back.");
        if (report.Stopped is { } why)
        {
            context.Terminal.Error.WriteLine(why);
            return ExitCodes.SomeFailed;
        }

        return Told(context, chosen, report.Withheld == 0 ? ExitCodes.Done : ExitCodes.SomeFailed);
    }

    private static async Task<int> DiscardAsync(
        CommandContext context, LetterAudit letters, ChosenLetters chosen, CancellationToken cancellationToken)
    {
        var count = await letters.DiscardAsync(
            AuditActor.OfCommandLine, chosen.Filter, chosen.Asked, cancellationToken);
        context.Terminal.Error.WriteLine($"{Counted.Phrase(count, "dead letter")} thrown away.");
        return Told(context, chosen, ExitCodes.Done);
    }

    /// <summary>Those that were named and not there.</summary>
    private static int Told(CommandContext context, ChosenLetters chosen, int exitCode)
    {
        var missing = chosen.NotFound;
        foreach (var id in missing)
            NotFound(context, id);
        return missing.Count == 0 ? exitCode
            : missing.Count == chosen.Ids.Count ? ExitCodes.NotFound
            : ExitCodes.SomeFailed;
    }

    private static int NotFound(CommandContext context, string id) => context.Fail(
        ExitCodes.NotFound,
        $"There is no dead letter {PlainText.Line(id)}; worker dead-letters list shows them.");
}
