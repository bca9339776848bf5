using System.CommandLine;
using System.Globalization;
using Worker.Assessment;
using Worker.Evaluation;
using Worker.Traces;

namespace Worker.Commands;

/// <summary><c>worker evaluators agreement</c>: whether an Evaluator judges as people do.</summary>
internal static class AgreementCommand
{
    private const int MostDifferences = 10_000;

    private const string About =
        "Compare an Evaluator's verdicts with people's on the same Logs. Ends with 1 where there are no pairs.";

    public static Command Create(CommandContext context)
    {
        var path = new Argument<string>("EVALUATOR") { Description = "Its path or id." };
        var with = new Option<string[]>("--with")
        {
            Description =
                "The path of an Evaluator by which people judge; may be given again. " +
                "All of kind human when left out.",
            HelpName = "PATH",
        };
        var map = new Option<string[]>("--map")
        {
            Description =
                "What a judgment of people's means among the Evaluator's, e.g. good=true; may be given again.",
            HelpName = "PEOPLE=EVALUATOR",
        };
        var since = TimeOption.Create("--since", "Only verdicts that the Evaluator gave then or later.");
        var until = TimeOption.Create("--until", "Only verdicts that the Evaluator gave before.");
        var limit = DifferenceLimit("How many Logs to name on which they differ, the greatest differences first.");
        var json = CommandContext.JsonOption("Print one JSON object.");
        var command = new Command("agreement", About) { path, with, map, since, until, limit, json };
        command.SetAction((result, token) => context.WithStoreAsync(
            services => MapOf(result.GetValue(map) ?? [], out var fault) is not { } meant
                ? Task.FromResult(context.Fail(ExitCodes.Usage, fault))
                : RunAsync(
                    context,
                    services.GetRequiredService<AgreementReader>(),
                    new(
                        DerivedIds.NormalPath(result.GetRequiredValue(path)),
                        (result.GetValue(with) ?? []).Select(DerivedIds.NormalPath).ToHashSet(StringComparer.Ordinal),
                        result.GetValue(since),
                        result.GetValue(until),
                        meant,
                        result.GetValue(limit)),
                    result.GetValue(json),
                    token),
            token));
        return command;
    }

    public static Option<int> DifferenceLimit(string description)
    {
        var limit = new Option<int>("--limit")
        {
            Description = description, HelpName = "COUNT", DefaultValueFactory = _ => 20,
        };
        limit.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<int>() is >= 0 and <= MostDifferences)
                return;
            result.AddError($"--limit accepts 0 to {MostDifferences}.");
        });
        return limit;
    }

    private static Dictionary<string, string>? MapOf(string[] pairs, out string fault)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            fault = $"--map is \"{pair}\"; it accepts e.g. good=true, each judgment of people's once.";
            if (at < 1 || !map.TryAdd(pair[..at], pair[(at + 1)..]))
                return null;
        }

        fault = "";
        return map;
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        AgreementReader reader,
        AgreementQuery query,
        bool json,
        CancellationToken cancellationToken)
    {
        Agreement? agreement = null;
        await TransferProgress.ShowAsync<Agreement>(
            context.Terminal,
            "Comparing",
            now => string.Create(CultureInfo.InvariantCulture, $"{now.JudgedByPeople:N0} Logs that people judged"),
            async show => agreement = await reader.ReadAsync(query, show, cancellationToken));
        if (agreement is null)
            return context.Fail(
                ExitCodes.NotFound,
                $"No Evaluator {query.Evaluator} is in the files or in the store; " +
                "worker evaluators list shows the files'.");
        if (agreement.Judged is { Returns: ReturnType.Text })
            return context.Fail(
                ExitCodes.Usage, $"{agreement.Path} returns free text, which can be compared with nothing.");

        if (json)
            context.Terminal.Output.WriteLine(CommandJson.Of(AgreementJson.Of(agreement)));
        else
            AgreementWords.Write(context.Terminal, agreement);
        return agreement.Judged is { Comparison.Pairs: > 0 } ? ExitCodes.Done : ExitCodes.SomeFailed;
    }
}
