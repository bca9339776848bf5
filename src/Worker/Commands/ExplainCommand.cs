using System.CommandLine;
using Spectre.Console;
using Worker.Evaluation;
using Worker.Reading;
using Worker.Runs;
using Worker.Storage;

namespace Worker.Commands;

/// <summary><c>worker explain ID</c>: why a Log was judged as it was, or was not.</summary>
internal static class ExplainCommand
{
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string>("ID") { Description = "The id of any Log." };
        var json = CommandContext.JsonOption("Print the explanation as one JSON object.");
        var command = new Command(
            "explain", "Show every decision on a Log, by revision and Evaluator, and why there are none.") { id, json };
        command.SetAction((result, token) => context.WithStoreAsync(
            async services =>
            {
                var (reader, logId) = (services.GetRequiredService<ExplanationReader>(), result.GetRequiredValue(id));
                var exitCode = await ShowAsync(context, reader, logId, result.GetValue(json), token);
                var discards = services.GetRequiredService<DiscardCount>();
                if (await discards.LastAboutAsync(logId, token) is { } entry)
                    Tell(context.Terminal, logId, entry);
                return exitCode;
            },
            token));
        return command;
    }

    private static void Tell(Terminal terminal, string logId, AuditEntry entry) => terminal.Error.WriteLine(
        $"A refused message about it was thrown away at {entry.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z " +
        $"by {PlainText.Line(entry.Actor)}: worker audit --subject {PlainText.Line(logId)} shows it.");

    public static async Task<int> ShowAsync(
        CommandContext context,
        ExplanationReader explanations,
        string id,
        bool json,
        CancellationToken cancellationToken)
    {
        if (await explanations.OfAsync(id, cancellationToken) is not { } explanation)
            return context.Fail(ExitCodes.NotFound, $"No Log {id} is stored.");

        if (json)
            context.Terminal.Output.WriteLine(ExplanationJson.Write(explanation));
        else
            Write(context.Terminal, explanation);
        return ExitCodes.Done;
    }

    private static void Write(Terminal terminal, Explanation explanation)
    {
        terminal.Output.WriteLine(explanation.Sentence);
        foreach (var verdict in explanation.Posted)
            terminal.Output.WriteLine($"From outside: {Markup.Remove(VerdictWords.Line(verdict))}.");
        if (explanation.Decisions.Count == 0)
            return;

        var table = new Table().Border(TableBorder.Simple).AddColumns(
            "revision", "Evaluator", "outcome", "reason", "at");
        foreach (var decision in explanation.InOrder)
        {
            table.AddRow(
                $"{decision.Revision}",
                PlainText.ForTerminal(explanation.PathOf(decision) ?? decision.EvaluatorId),
                EnumName<Outcome>.Of(decision.Outcome),
                PlainText.ForTerminal(decision.Reason ?? ""),
                $"{decision.At.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}Z");
        }

        terminal.Write(table);
    }
}
