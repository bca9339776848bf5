using System.CommandLine;
using System.Text.Json;
using Worker.DeadLetters;
using Worker.Reading;

namespace Worker.Commands;

/// <summary><c>worker verify</c>: whether anything is owed.</summary>
internal static class VerifyCommand
{
    private const string Description =
        "Check that every finished trace is judged or says what it waits for, every refusal has a reason, " +
        "and nothing is left of what was deleted.";

    public static Command Create(CommandContext context)
    {
        var json = CommandContext.JsonOption("Print one JSON object a fault, and the counts as the last.");
        var command = new Command("verify", Description) { json };
        command.SetAction((result, token) => context.WithStoreAsync(
            services => RunAsync(
                context.Terminal,
                services.GetRequiredService<StoreCheck>(),
                services.GetRequiredService<IDeadLetters>(),
                result.GetValue(json),
                token),
            token));
        return command;
    }

    public static async Task<int> RunAsync(
        Terminal terminal, StoreCheck check, IDeadLetters letters, bool json, CancellationToken cancellationToken)
    {
        var counts = await check.CheckAsync(letters.ListAsync(cancellationToken), Print, cancellationToken);
        terminal.Output.WriteLine(json ? CommandJson.Of(counts) : InWords(counts));
        return counts.Faults == 0 ? ExitCodes.Done : ExitCodes.SomeFailed;

        void Print(string fault) => terminal.Output.WriteLine(json ? JsonSerializer.Serialize(new { fault }) : fault);
    }

    private static string InWords(StoreCounts counts) =>
        $"{Counted.Phrase(counts.Flows, "complete Flow Log")}: {counts.Judged} judged, {counts.Waiting} waiting, " +
        $"{counts.UnderWay} under way. " +
        $"{Counted.Phrase(counts.Runs, "run")}{OfVerdicts(counts)}, {Counted.Phrase(counts.Decisions, "decision")}, " +
        $"{Counted.Phrase(counts.Verdicts, "Evaluator Log")}, {FromOutside(counts)}" +
        $"{Counted.Phrase(counts.DeadLetters, "dead letter")}{Discarded(counts)}. " +
        $"{Counted.Phrase(counts.Faults, "fault")}.";

    /// <summary>What is gone of them is accounted for, too.</summary>
    private static string Discarded(StoreCounts counts)
    {
        var perhaps = counts.DiscardedPerhaps > 0 ? $", and {counts.DiscardedPerhaps:N0} perhaps" : "";
        return counts is { Discarded: 0, DiscardedPerhaps: 0 }
            ? ""
            : $" ({counts.Discarded:N0} were thrown away before{perhaps}: worker audit)";
    }

    private static string OfVerdicts(StoreCounts counts) =>
        counts.JudgedVerdicts == 0 ? "" : $" (of which {counts.JudgedVerdicts} of verdicts)";

    private static string FromOutside(StoreCounts counts) => counts.JudgedFromOutside == 0
        ? ""
        : $"{Counted.Phrase(counts.JudgedFromOutside, "Log")} judged from outside " +
          $"(of which {counts.JudgedFromOutsideWithoutLog} not stored yet), ";
}
