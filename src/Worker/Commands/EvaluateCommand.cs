using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Worker.Evaluation;
using Worker.Traces;

namespace Worker.Commands;

/// <summary><c>worker evaluate</c>: what was judged before an Evaluator was attached.</summary>
internal static class EvaluateCommand
{
    private const string About =
        "Let Evaluators that were attached since judge what was judged without them. Their runs become due, and the " +
        "worker that runs does the rest. Made again, it passes over what has them.";

    private static readonly JsonSerializerOptions SnakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static Command Create(CommandContext context)
    {
        var evaluator = new Option<string?>("--evaluator")
        {
            Description = "Only the Evaluator with that path.", HelpName = "PATH",
        };
        var path = new Option<string?>("--path")
        {
            Description = "Only Logs whose File's path matches, e.g. support/**.", HelpName = "PATTERN",
        };
        var since = CommandContext.TimeOption("--since", "Only Logs that began to be judged then or later.");
        var until = CommandContext.TimeOption("--until", "Only Logs that began to be judged before.");
        var rate = new Option<double?>("--rate") { Description = "Logs a second at most." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Count, and change nothing." };
        var json = CommandContext.JsonOption("Print the counts as one JSON object.");
        var command = new Command("evaluate", About) { evaluator, path, since, until, rate, dryRun, json };
        command.SetAction((result, token) => context.WithStoreAsync(
            services => RunAsync(
                context,
                services,
                new(
                    result.GetValue(evaluator) is { } named ? DerivedIds.NormalPath(named) : null,
                    result.GetValue(path) is { } pattern ? new PathGlob(pattern) : null,
                    result.GetValue(since),
                    result.GetValue(until),
                    result.GetValue(rate),
                    result.GetValue(dryRun)),
                result.GetValue(json),
                token),
            token));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        IServiceProvider services,
        BackfillFilter filter,
        bool json,
        CancellationToken cancellationToken)
    {
        var catalog = services.GetRequiredService<EvaluatorCatalog>();
        if (filter.Rate <= 0)
            return context.Fail(ExitCodes.Usage, "--rate accepts a number above 0.");
        if (filter.Evaluator is { } path && catalog.All.All(evaluator => evaluator.Path != path))
            return context.Fail(
                ExitCodes.NotFound, $"No Evaluator {path} is in the files; worker evaluators list shows them.");

        var (counts, backfill) = (new BackfillCounts(), services.GetRequiredService<Backfill>());
        await TransferProgress.ShowAsync<BackfillCounts>(
            context.Terminal, "Evaluating", InFew, show => backfill.RunAsync(
                filter, counts, () => show(counts), cancellationToken));
        if (json)
            context.Terminal.Output.WriteLine(JsonSerializer.Serialize(counts, SnakeCase));
        Report(context.Terminal, filter, counts);
        return counts.Lost == 0 ? ExitCodes.Done : ExitCodes.SomeFailed;
    }

    private static string InFew(BackfillCounts counts) => string.Create(
        CultureInfo.InvariantCulture, $"{counts.Runs:N0} runs looked at, {counts.Logs:N0} Logs to judge");

    private static void Report(Terminal terminal, BackfillFilter filter, BackfillCounts counts)
    {
        var verb = filter.DryRun ? "would be judged" : "are due";
        terminal.Error.WriteLine(
            $"Looked at {Counted.Phrase(counts.Runs, "run")}: {Counted.Phrase(counts.Logs, "Log")} {verb}.");
        foreach (var (path, count) in counts.Evaluations)
            terminal.Error.WriteLine($"  {path}: {Counted.Phrase(count, "verdict")}");
        if (counts.Lost > 0)
            terminal.Error.WriteLine(
                $"{Counted.Phrase(counts.Lost, "Log")} changed at the same moment; run this again for them.");
    }
}
