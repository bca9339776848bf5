using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Worker.Ingestion;
using Worker.Reading;

namespace Worker.Commands;

/// <summary><c>worker verify</c>: whether anything is owed.</summary>
internal static class VerifyCommand
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create(CommandContext context)
    {
        var json = CommandContext.JsonOption("Print one JSON object a fault, and the counts as the last.");
        var command = new Command("verify", "Check that every finished trace is judged or says what it waits for, and that every refusal has a reason.") { json };
        command.SetAction((result, token) => context.WithStoreAsync(
            services => RunAsync(
                context.Terminal, services.GetRequiredService<StoreCheck>(), services.GetRequiredService<IDeadLetterBox>(), result.GetValue(json), token),
            token));
        return command;
    }

    public static async Task<int> RunAsync(Terminal terminal, StoreCheck check, IDeadLetterBox letters, bool json, CancellationToken cancellationToken)
    {
        var counts = await check.CheckAsync(Print, cancellationToken);
        await foreach (var letter in letters.ListAsync(cancellationToken))
        {
            counts.DeadLetters++;
            if (StoreCheck.FaultOf(letter) is not { } fault)
                continue;
            counts.Faults++;
            Print(fault);
        }

        terminal.Output.WriteLine(json ? JsonSerializer.Serialize(counts, SnakeCase) : InWords(counts));
        return counts.Faults == 0 ? ExitCodes.Done : ExitCodes.SomeFailed;

        void Print(string fault) => terminal.Output.WriteLine(json ? JsonSerializer.Serialize(new { fault }) : fault);
    }

    private static string InWords(StoreCounts counts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{counts.Flows:N0} complete Flow Logs: {counts.Judged:N0} judged, {counts.Waiting:N0} waiting, {counts.UnderWay:N0} under way. {counts.Decisions:N0} decisions, {counts.Verdicts:N0} Evaluator Logs, {counts.DeadLetters:N0} dead letters. {counts.Faults:N0} faults.");
}
