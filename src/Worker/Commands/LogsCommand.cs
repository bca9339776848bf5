using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Worker.Reading;
using Worker.Traces;

namespace Worker.Commands;

/// <summary><c>worker logs query</c>: the traces that fit a search, as the viewer's list has them.</summary>
internal static class LogsCommand
{
    /// <summary>As many are read at once.</summary>
    private const int PageSize = 200;

    public static Command Create(CommandContext context) =>
        new("logs", "Look for traces.") { Query(context) };

    private static Command Query(CommandContext context)
    {
        var search = new Argument<string[]>("SEARCH")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Words that inputs, output or error have, and FIELD:VALUE, each with - before it where it "
                + "must not hold (where the first one begins so, all in quotes, with a space before it). Fields: "
                + string.Join("; ", TraceQuery.Fields.Select(field => $"{field.Key}: {field.Value}")) + ".",
        };
        var limit = CommandContext.LimitOption();
        var after = new Option<string?>("--after")
        {
            Description = "Go on where another query ended, which has said how.", HelpName = "PLACE",
        };
        var json = CommandContext.JsonOption("Print one JSON object a line.");
        var command = new Command("query", "List the traces that fit a search, newest first.")
        {
            search, limit, after, json,
        };
        command.SetAction((result, token) => context.WithStoreAsync(
            services => ListAsync(
                context,
                services,
                string.Join(' ', result.GetValue(search) ?? []),
                result.GetValue(after),
                result.GetValue(limit),
                result.GetValue(json),
                token),
            token));
        return command;
    }

    private static async Task<int> ListAsync(
        CommandContext context,
        IServiceProvider services,
        string search,
        string? after,
        int limit,
        bool json,
        CancellationToken cancellationToken)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (TraceQuery.Parse(search, now, out var problem) is not { } query)
            return context.Fail(ExitCodes.Usage, problem!);
        var place = TraceCursor.Parse(after);
        if (after is not null && place is null)
            return context.Fail(
                ExitCodes.Usage, $"--after is \"{after}\"; it accepts what a query has said at its end.");

        var lister = services.GetRequiredService<TraceLister>();
        TracePage page;
        var shown = 0;
        do
        {
            page = await lister.ListAsync(
                query, place, Math.Min(PageSize, limit - shown), isSeen: _ => true, cancellationToken);
            Write(context.Terminal, page.Rows, json);
            shown += page.Rows.Count;
            place = page.Next;
        }
        while (shown < limit && place is not null);

        context.Terminal.Error.WriteLine(place is null
            ? $"{Counted.Phrase(shown, "trace")}."
            : $"{Counted.Phrase(shown, "trace")}, and there may be more: --after {place}");
        return ExitCodes.Done;
    }

    private static void Write(Terminal terminal, IReadOnlyList<TraceRow> rows, bool json)
    {
        if (json)
        {
            foreach (var row in rows)
                terminal.Output.WriteLine(CommandJson.Of(Shown.Of(row)));
            return;
        }

        if (rows.Count == 0)
            return;
        var table = new Table().Border(TableBorder.Simple).AddColumns(
            "created", "path", "took", "status", "verdicts", "id");
        foreach (var row in rows)
        {
            table.AddRow(
                $"{Timestamps.ToInstant(row.Log.CreatedAt).UtcDateTime:yyyy-MM-dd HH:mm:ss}Z",
                PlainText.ForTerminal(row.Path ?? ""),
                row.Span.Duration is { } took ? Durations.Words(took) : "",
                Status(row),
                PlainText.ForTerminal(string.Join(", ", row.Verdicts.Select(Words))),
                PlainText.ForTerminal(row.Log.Id));
        }

        terminal.Write(table);
    }

    private static string Status(TraceRow row) =>
        (row.Log.IsComplete ? "complete" : "incomplete") + (row.Log.HadError ? ", failed" : "") + ", " + row.State;

    private static string Words(RowVerdict verdict) =>
        $"{verdict.Path}: {(verdict.Error is not null ? "failed" : verdict.Text ?? "no judgment")}";

    /// <summary>As JSON has it.</summary>
    /// <param name="DurationSeconds">As the Log itself says; null where it does not.</param>
    private sealed record Shown(
        string Id,
        string? Path,
        string CreatedAt,
        double? DurationSeconds,
        string TraceStatus,
        string State,
        string? User,
        string? Environment,
        decimal? Cost,
        decimal? Tokens,
        string? Error,
        IReadOnlyList<ShownVerdict> Verdicts)
    {
        public static Shown Of(TraceRow row) => new(
            row.Log.Id,
            row.Path,
            Timestamps.Format(row.Log.CreatedAt),
            row.Span.Duration?.TotalSeconds,
            row.Log.IsComplete ? "complete" : "incomplete",
            row.State,
            row.Log.Text(LogFields.User),
            row.Environment,
            row.Cost,
            row.Tokens,
            row.Log.Text(LogFields.Error),
            [
                .. row.Verdicts.Select(verdict => new ShownVerdict(
                    verdict.Path,
                    verdict.Judgment is { } judgment ? JsonElement.Parse(judgment.Utf8.Span) : null,
                    verdict.Error)),
            ]);
    }

    private sealed record ShownVerdict(string Evaluator, JsonElement? Judgment, string? Error);
}
