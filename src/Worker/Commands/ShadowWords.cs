using Worker.Assessment;

namespace Worker.Commands;

/// <summary>What came of judging in the shadow, for people.</summary>
internal static class ShadowWords
{
    public static void WritePrice(Terminal terminal, ShadowResult result) => terminal.Output.WriteLine(
        $"{Counted.Phrase(result.Logs, "Log")} would be judged" +
        (result.Evaluator.Judging.Call is null
            ? "."
            : $": {Counted.Phrase(result.Logs, "call")} where none is tried again, {Price(result)} at most."));

    public static void Write(Terminal terminal, ShadowResult result)
    {
        terminal.Output.WriteLine(
            $"{PlainText.Line(result.Evaluator.Path)}, Version {result.Evaluator.VersionId}: " +
            $"{Counted.Phrase(result.Spread.Count, "judgment")} of {Counted.Phrase(result.Logs, "Log")}.");
        Judgments(terminal, result.Spread);
        Others(terminal, result);
        foreach (var (error, count) in result.Errors)
            terminal.Output.WriteLine($"  {Counted.Phrase(count, "time")}: {PlainText.Line(error)}");
        if (result.Latencies.Count > 0)
            terminal.Output.WriteLine(
                $"Latency: {Durations.Words(result.Latencies.Mean)} in the mean, " +
                $"{Durations.Words(result.Latencies.Quantile(0.5))} in the median, " +
                $"95 % within {Durations.Words(result.Latencies.Quantile(0.95))}, " +
                $"{Durations.Words(result.Latencies.Max)} at most.");
        if (result.Evaluator.Judging.Call is not null)
            terminal.Output.WriteLine($"Spent: {Price(result)}.");
        Current(terminal, result);
    }

    private static void Judgments(Terminal terminal, Spread spread)
    {
        if (spread is { IsOfNumbers: true, Count: > 0 })
            terminal.Output.WriteLine(ComparisonWords.Text(
                $"  mean {spread.Mean:0.###}, deviation {spread.Deviation:0.###}, ") + ComparisonWords.Text(
                $"from {spread.Min:0.###} to {spread.Max:0.###}"));
        foreach (var (judgment, count) in spread.Counts)
            terminal.Output.WriteLine(
                $"  {PlainText.Line(judgment)}: {count:N0}, {ComparisonWords.Percent((double)count / spread.Count)}");
    }

    private static void Others(Terminal terminal, ShadowResult result)
    {
        foreach (var (count, what) in new[]
        {
            (result.Abstained, "abstained"),
            (result.Filtered, "when does not hold"),
            (result.Later, "says its verdict later, by itself"),
            (result.Changed, "deleted or changed meanwhile"),
            (result.Failed, "an error"),
            (result.Unanswered, "no answer; a worker would ask again"),
        })
        {
            if (count > 0)
                terminal.Output.WriteLine($"No judgment: {Counted.Phrase(count, "Log")}, {what}.");
        }
    }

    private static void Current(Terminal terminal, ShadowResult result)
    {
        if (result.Comparison.Pairs + result.Comparison.Unfit == 0)
            return;
        terminal.Output.WriteLine(
            $"Version {result.CurrentVersionId}, that of the files, " +
            $"judged {result.Comparison.Pairs:N0} of them, too; {result.Comparison.Differing:N0} of those otherwise.");
        if (result.Comparison.Unfit > 0)
            terminal.Output.WriteLine(
                $"{Counted.Phrase(result.Comparison.Unfit, "Log")} could not be compared: " +
                "the Versions return different types.");
        ComparisonWords.Write(terminal, result.Comparison, "shadow", "current");
    }

    private static string Price(ShadowResult result) =>
        $"{Counted.Phrase(result.Tokens, "token")}, {ComparisonWords.Text($"{result.Cost:0.######}")} $";
}
