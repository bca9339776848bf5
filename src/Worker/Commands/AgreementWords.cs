using Worker.Assessment;

namespace Worker.Commands;

/// <summary>How an Evaluator's verdicts compare with people's, for people.</summary>
internal static class AgreementWords
{
    public static void Write(Terminal terminal, Agreement agreement)
    {
        terminal.Error.WriteLine($"People judged {Counted.Phrase(agreement.JudgedByPeople, "Log")}.");
        if (agreement.WithoutVerdict > 0)
            terminal.Error.WriteLine(
                $"On {agreement.WithoutVerdict:N0} of them {PlainText.Line(agreement.Path)} has no verdict " +
                "(of that time, where one was asked for).");
        if (agreement.Judged is not { } judged)
            return;

        terminal.Output.WriteLine(
            $"{PlainText.Line(agreement.Path)}, Version {PlainText.Line(judged.VersionId ?? "(none named)")}: " +
            $"{Counted.Phrase(judged.Comparison.Pairs, "pair")} of {Counted.Phrase(judged.Verdicts, "verdict")}.");
        Currency(terminal, agreement);
        LeftOut(terminal, judged);
        if (judged.BySeveral > 0)
            terminal.Output.WriteLine(
                $"{Counted.Phrase(judged.BySeveral, "Log")} had several people's judgment, " +
                $"{judged.BySeveralAlike:N0} of them the same of all.");
        ComparisonWords.Write(terminal, judged.Comparison, "evaluator", "people");
    }

    private static void Currency(Terminal terminal, Agreement agreement)
    {
        if (agreement.IsStale && agreement.CurrentVersionId is { } current)
            terminal.Output.WriteLine(
                $"Stale: the files hold Version {current}, which has given no verdict on what people judged.");
        else if (agreement.IsStale)
            terminal.Output.WriteLine("Stale: the files hold no such Evaluator.");
        foreach (var version in agreement.Others)
            terminal.Output.WriteLine(
                $"Left out: {Counted.Phrase(version.Verdicts, "verdict")} of Version " +
                $"{PlainText.Line(version.VersionId ?? "(none named)")}, the last of {version.LastAt:u}.");
    }

    private static void LeftOut(Terminal terminal, VersionAgreement judged)
    {
        foreach (var (count, why) in new[]
        {
            (judged.Abstained, "the Evaluator abstained"),
            (judged.Failed, "the Evaluator's verdict is an error"),
            (judged.PeopleAbstained, "people gave no judgment"),
            (judged.PeopleSplit, "as many people said the one as the other"),
            (judged.Unfit, "the two cannot be compared; --map says what people's judgments mean"),
        })
        {
            if (count > 0)
                terminal.Output.WriteLine($"No pair: {Counted.Phrase(count, "Log")} where {why}.");
        }
    }
}
