using System.CommandLine;
using Spectre.Console;
using Worker.Storage;

namespace Worker.Commands;

/// <summary><c>worker audit</c>: who did what, when and from where.</summary>
internal static class AuditCommand
{
    private const string About =
        "Show who redrove, discarded, deleted, imported or pinned, made or revoked a key, changed, attached or " +
        "paused an Evaluator, when and from where, newest first. Ends with 0, whether or not there is anything.";

    private const int Page = 200;

    public static Command Create(CommandContext context)
    {
        var since = TimeOption.Create("--since", "Only what was begun then or later.");
        var until = TimeOption.Create("--until", "Only what was begun before.");
        var act = new Option<AuditAct?>("--act")
        {
            Description = $"Only that: {string.Join(", ", Enum.GetValues<AuditAct>().Select(EnumName<AuditAct>.Of))}.",
            HelpName = "ACT",
            CustomParser = result =>
            {
                foreach (var each in Enum.GetValues<AuditAct>())
                {
                    if (EnumName<AuditAct>.Of(each) == result.Tokens.Single().Value)
                        return each;
                }

                result.AddError(
                    $"--act is \"{result.Tokens.Single().Value}\"; worker audit --help shows what it accepts.");
                return null;
            },
        };
        var actor = new Option<string?>("--actor")
        {
            Description = "Only what that key, by its name or id, that USER@HOST, or worker did.", HelpName = "ACTOR",
        };
        var subject = new Option<string?>("--subject")
        {
            Description = "Only what was done to that: the id of a Log, a letter, a key, a File.", HelpName = "ID",
        };
        var limit = CommandContext.LimitOption();
        var after = new Option<string?>("--after")
        {
            Description = "Go on where another look ended, which has said how.", HelpName = "PLACE",
        };
        var json = CommandContext.JsonOption("Print one JSON object a line, with every id that is kept.");
        var command = new Command("audit", About) { since, until, act, actor, subject, limit, after, json };
        command.SetAction((result, token) => context.WithStoreAsync(
            services => ListAsync(
                context.Terminal,
                services.GetRequiredService<IAuditStore>(),
                new(
                    result.GetValue(since),
                    result.GetValue(until),
                    result.GetValue(act),
                    result.GetValue(actor),
                    result.GetValue(subject)),
                result.GetValue(after),
                result.GetValue(limit),
                result.GetValue(json),
                token),
            token));
        return command;
    }

    private static async Task<int> ListAsync(
        Terminal terminal,
        IAuditStore audit,
        AuditQuery query,
        string? after,
        int limit,
        bool json,
        CancellationToken cancellationToken)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(
            "at", "who", "from", "act", "outcome", "what it came to", "of");
        var (shown, place, isMore) = (0, after, true);
        while (shown < limit && isMore)
        {
            var page = await audit.ListAsync(query, place, Math.Min(Page, limit - shown), cancellationToken);
            foreach (var entry in page)
            {
                if (json)
                    terminal.Output.WriteLine(AuditJson.Of(entry));
                else
                    AddRow(table, entry);
            }

            shown += page.Count;
            place = page.Count > 0 ? page[^1].Id : place;
            isMore = page.Count > 0;
        }

        if (!json && shown > 0)
            terminal.Write(table);
        isMore = isMore && (await audit.ListAsync(query, place, 1, cancellationToken)).Count > 0;
        terminal.Error.WriteLine(isMore
            ? $"{Counted.Phrase(shown, "act")}, and there are more: --after {place}"
            : $"{Counted.Phrase(shown, "act")}.");
        return ExitCodes.Done;
    }

    private static void AddRow(Table table, AuditEntry entry)
    {
        const int Named = 3;
        var counts = entry.Counts.Select(count => $"{count.Key}: {count.Value}");
        var ids = string.Join(", ", entry.Subjects.Take(Named));
        var texts = new[]
        {
            $"{entry.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z",
            entry.KeyId is { } key ? $"{entry.Actor} ({key})" : entry.Actor,
            entry.Origin,
            EnumName<AuditAct>.Of(entry.Act),
            EnumName<AuditOutcome>.Of(entry.Outcome),
            string.Join(", ", entry.Note is { } note ? counts.Prepend(note) : counts),
            entry.Subjects.Length > Named ? ids + ", …" : ids,
        };
        table.AddRow([.. texts.Select(text => new Markup(PlainText.ForTerminal(text)))]);
    }
}
