using System.Globalization;
using Spectre.Console;
using Worker.Assessment;

namespace Worker.Commands;

/// <summary>Two judgments each on many Logs, for people.</summary>
internal static class ComparisonWords
{
    /// <summary>More columns fit on no terminal.</summary>
    private const int MostColumns = 10;

    /// <param name="one">What the first of each pair is called.</param>
    /// <param name="other">What the second is called.</param>
    public static void Write(Terminal terminal, Comparison comparison, string one, string other)
    {
        if (comparison.Pairs > 0 && comparison.IsOfNumbers)
            Numbers(terminal, comparison.Numbers, one, other);
        else if (comparison.Pairs > 0)
            Categories(terminal, comparison.Categories, one, other);
        if (comparison.Differences.Count == 0)
            return;

        var table = new Table().Border(TableBorder.Simple).AddColumns("log", one, other);
        foreach (var difference in comparison.Differences)
            table.AddRow(Cell(difference.LogId), Cell(difference.One), Cell(difference.Other));
        terminal.Write(table);
        if (comparison.Differing > comparison.Differences.Count)
            terminal.Error.WriteLine(
                $"{comparison.Differences.Count:N0} of the {Counted.Phrase(comparison.Differing, "Log")} " +
                "on which they differ are shown; --limit shows more.");
    }

    private static void Categories(Terminal terminal, CategoryPairs pairs, string one, string other)
    {
        if (pairs.Categories.Count <= MostColumns)
            Matrix(terminal, pairs, one, other);
        if (pairs.WhyNoKappa() is { } reason)
            terminal.Output.WriteLine(PlainText.Line(reason));
        if (!pairs.AreFew)
            terminal.Output.WriteLine(
                $"Agreement: {Percent(pairs.Observed)}; by chance it would be {Percent(pairs.Chance)}.");
        if (pairs.Kappa() is { } kappa)
            terminal.Output.WriteLine(Text(
                $"Cohen's kappa: {kappa.Value:0.00}, ") + Text(
                $"with 95 % confidence between {kappa.Low:0.00} and {kappa.High:0.00}."));
    }

    private static void Matrix(Terminal terminal, CategoryPairs pairs, string one, string other)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns($"{one} \\ {other}");
        table.AddColumns([.. pairs.Categories.Select(category => PlainText.ForTerminal(category))]);
        table.AddColumns("all", pairs.AreFew ? "" : "share");
        foreach (var row in pairs.Categories)
        {
            table.AddRow(
            [
                Cell(row),
                .. pairs.Categories.Select(column => Cell($"{pairs[row, column]:N0}")),
                Cell($"{pairs.Row(row):N0}"),
                Cell(pairs.AreFew ? "" : Percent(pairs.RowShare(row))),
            ]);
        }

        table.AddRow(
        [
            Cell("all"),
            .. pairs.Categories.Select(column => Cell($"{pairs.Column(column):N0}")),
            Cell($"{pairs.Count:N0}"),
            Cell(""),
        ]);
        if (!pairs.AreFew)
        {
            table.AddRow(
            [
                Cell("share"),
                .. pairs.Categories.Select(column => Cell(Percent(pairs.ColumnShare(column)))),
                Cell(""),
                Cell(""),
            ]);
        }

        terminal.Write(table);
    }

    private static void Numbers(Terminal terminal, NumberPairs pairs, string one, string other)
    {
        if (pairs.WhyNoKappa() is { } reason)
            terminal.Output.WriteLine(reason);
        if (pairs.AreFew)
            return;
        terminal.Output.WriteLine(Text($"Mean absolute difference: {pairs.MeanAbsoluteDifference:0.###}."));
        terminal.Output.WriteLine(Text(
            $"Means: {one} {pairs.MeanOfOne:0.###} (deviation {pairs.DeviationOfOne:0.###}), ") + Text(
            $"{other} {pairs.MeanOfOther:0.###} (deviation {pairs.DeviationOfOther:0.###})."));
        if (pairs.QuadraticKappa() is { } kappa)
            terminal.Output.WriteLine(Text(
                $"Kappa with quadratic weights: {kappa:0.00}. Correlation: {pairs.Correlation():0.00}."));
    }

    private static Markup Cell(string text) => new(PlainText.ForTerminal(text));

    public static string Percent(double share) => Text($"{share * 100:0.0} %");

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
