using System.CommandLine;
using System.Globalization;
using Worker.Evaluation;
using Worker.Files;
using Worker.Traces;

namespace Worker.Commands;

/// <summary><c>worker evaluate</c>: what was judged before an Evaluator was attached.</summary>
internal static class EvaluateCommand
{
    private const string About =
        "Let Evaluators that were attached since judge what was judged without them. Their runs become due, and the " +
        "worker that runs does the rest. Made again, it passes over what has them. With --shadow, one Evaluator " +
        "judges a sample here and now, and no verdict is written: to see what it would say.";

    public static Command Create(CommandContext context)
    {
        var evaluator = new Option<string?>("--evaluator")
        {
            Description = "Only the Evaluator with that path. With --shadow also a file of one.", HelpName = "PATH",
        };
        var path = new Option<string?>("--path")
        {
            Description = "Only Logs whose File's path matches, e.g. support/**.", HelpName = "PATTERN",
        };
        var since = TimeOption.Create("--since", "Only Logs that began to be judged then or later.");
        var until = TimeOption.Create("--until", "Only Logs that began to be judged before.");
        var rate = new Option<double?>("--rate") { Description = "Logs a second at most." };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Count, and change nothing. With --shadow: ask nobody, and say what it would cost at most.",
        };
        var shadow = new Option<double?>("--shadow")
        {
            Description =
                "Judge that share of the Logs, above 0 and up to 1, without writing verdicts; " +
                "the same Logs each time. Calls count for the budgets.",
            HelpName = "SHARE",
        };
        var limit = AgreementCommand.DifferenceLimit(
            "With --shadow: how many Logs to name on which it differs from the Version in the files.");
        var json = CommandContext.JsonOption("Print the counts as one JSON object.");
        var command = new Command("evaluate", About)
        {
            evaluator, path, since, until, rate, dryRun, shadow, limit, json,
        };
        command.SetAction((result, token) => context.WithStoreAsync(
            services =>
            {
                var filter = new BackfillFilter(
                    result.GetValue(evaluator),
                    result.GetValue(path) is { } pattern ? new PathGlob(pattern) : null,
                    result.GetValue(since),
                    result.GetValue(until),
                    result.GetValue(rate),
                    result.GetValue(dryRun));
                var isJson = result.GetValue(json);
                if (filter.Rate <= 0)
                    return Task.FromResult(context.Fail(ExitCodes.Usage, "--rate accepts a number above 0."));
                return result.GetValue(shadow) is { } share
                    ? ShadowEvaluation.RunAsync(context, services, filter, share, result.GetValue(limit), isJson, token)
                    : RunAsync(context, services, Normal(filter), isJson, token);
            },
            token));
        return command;
    }

    private static BackfillFilter Normal(BackfillFilter filter) =>
        filter with { Evaluator = filter.Evaluator is { } named ? DerivedIds.NormalPath(named) : null };

    private static async Task<int> RunAsync(
        CommandContext context,
        IServiceProvider services,
        BackfillFilter filter,
        bool json,
        CancellationToken cancellationToken)
    {
        var catalog = services.GetRequiredService<EvaluatorCatalog>();
        if (filter.Evaluator is { } path && catalog.All.All(evaluator => evaluator.Path != path))
            return context.Fail(
                ExitCodes.NotFound, $"No Evaluator {path} is in the files; worker evaluators list shows them.");

        var (counts, backfill) = (new BackfillCounts(), services.GetRequiredService<Backfill>());
        await TransferProgress.ShowAsync<BackfillCounts>(
            context.Terminal, "Evaluating", InFew, show => backfill.RunAsync(
                filter, counts, () => show(counts), cancellationToken));
        if (json)
            context.Terminal.Output.WriteLine(CommandJson.Of(counts));
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
