using System.Globalization;
using Worker.Assessment;
using Worker.Evaluation;

namespace Worker.Commands;

/// <summary><c>worker evaluate --shadow</c>: what an Evaluator would say of what is stored.</summary>
internal static class ShadowEvaluation
{
    public static Task<int> RunAsync(
        CommandContext context,
        IServiceProvider services,
        BackfillFilter filter,
        double share,
        int limit,
        bool json,
        CancellationToken cancellationToken)
    {
        if (share is not (> 0 and <= 1))
            return Task.FromResult(context.Fail(ExitCodes.Usage, "--shadow accepts a share above 0 and up to 1."));
        if (filter.Evaluator is not { } name)
            return Task.FromResult(context.Fail(
                ExitCodes.Usage, "--shadow needs --evaluator: its path, or a file of an Evaluator."));
        return EvaluatorsCommand.Find(context, services, name, evaluator => RunAsync(
            context,
            services.GetRequiredService<Shadow>(),
            new ShadowQuery(
                evaluator,
                share,
                filter.Path,
                filter.Since,
                filter.Until,
                filter.Rate,
                filter.DryRun,
                limit),
            json,
            cancellationToken));
    }

    private static async Task<int> RunAsync(
        CommandContext context, Shadow shadow, ShadowQuery query, bool json, CancellationToken cancellationToken)
    {
        if (query.Evaluator.IsFromOutside)
            return context.Fail(
                ExitCodes.Usage,
                $"{query.Evaluator.Path} waits for {query.Evaluator.Judging.WaitsFor}; nobody is asked.");

        var result = shadow.Begin(query);
        await TransferProgress.ShowAsync<ShadowResult>(context.Terminal, "Judging", InFew, show => shadow.RunAsync(
            query, result, show, cancellationToken));
        if (json)
            context.Terminal.Output.WriteLine(ShadowJson.Of(result, query.DryRun));
        else if (query.DryRun)
            ShadowWords.WritePrice(context.Terminal, result);
        else
            ShadowWords.Write(context.Terminal, result);
        if (result.IsInterrupted)
            context.Terminal.Error.WriteLine("Interrupted before it was done; that is what is known so far.");
        if (result.Stopped is { } reason)
            context.Terminal.Error.WriteLine($"Ended before it was done: {PlainText.Line(reason, 1_000)}");
        return result is { IsInterrupted: false, Stopped: null, Failed: 0, Unanswered: 0 }
            ? ExitCodes.Done
            : ExitCodes.SomeFailed;
    }

    private static string InFew(ShadowResult result) =>
        string.Create(CultureInfo.InvariantCulture, $"{result.Logs:N0} Logs");
}
