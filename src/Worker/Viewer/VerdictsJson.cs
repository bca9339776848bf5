using Worker.Assessment;
using Worker.Evaluation;
using Worker.Reading;
using Worker.Traces;

namespace Worker.Viewer;

/// <summary>Sums of verdicts as the page reads them. Instants are microseconds since the Unix epoch.</summary>
internal static class VerdictsJson
{
    /// <param name="isCut">Not all Evaluators were looked at.</param>
    /// <param name="catalog">Tells which Versions judge now.</param>
    public static object Of(
        VerdictTime time, IReadOnlyList<EvaluatorSums> evaluators, bool isCut, EvaluatorCatalog catalog) => new
        {
            From = Timestamps.ToMicroseconds(time.From),
            Until = Timestamps.ToMicroseconds(time.Until),
            IsCut = isCut,
            MostVerdicts = VerdictReport.MostVerdicts,
            Evaluators = evaluators.Select(evaluator => new
            {
                evaluator.Path,
                evaluator.Id,
                evaluator.Superseded,
                evaluator.IsCut,
                IsHuman = catalog.All.Any(each => each.Id == evaluator.Id && each.IsHuman),
                Versions = evaluator.Versions.Select(version => Of(version, catalog)),
            }),
        };

    public static object Of(IReadOnlyList<JudgedPart> parts, bool isCut, EvaluatorCatalog catalog) => new
    {
        IsCut = isCut,
        MostVerdicts = JudgedReport.MostVerdicts,
        Parts = parts.Select(part => new
        {
            part.Path,
            Kind = part.Kind?.WireName(),
            part.Environment,
            Sums = Of(part.Sums, catalog),
            Deployments = part.Deployments.Select(each => new
            {
                each.Environment, each.VersionId, At = each.OccurredAt,
            }),
        }),
    };

    /// <summary>As the command tells it, and of what it was read.</summary>
    public static object Of(TimedAgreement timed, int mostVerdicts, int mostLogs)
    {
        var json = AgreementJson.Of(timed.Agreement);
        json["looked_at"] = timed.LookedAt;
        json["is_cut"] = timed.IsCut;
        json["most_verdicts"] = mostVerdicts;
        json["most_logs"] = mostLogs;
        return json;
    }

    private static object Of(VerdictSums version, EvaluatorCatalog catalog) => new
    {
        version.VersionId,
        IsCurrent = version.VersionId is { } id && catalog.Version(id) is not null,
        version.Count,
        version.True,
        version.False,
        version.Numbers,
        version.Mean,
        version.Least,
        version.Most,
        version.Failed,
        version.Abstained,
        version.Cost,
        version.Tokens,
        First = Timestamps.ToMicroseconds(version.First),
        Last = Timestamps.ToMicroseconds(version.Last),
        Texts = version.Texts.Select(text => new { Text = text.Key, Count = text.Value }),
        Trend = version.Parts.Select(part => new double?[]
        {
            part.Count, part.Measured == 0 ? null : part.Sum / part.Measured, part.Failed,
        }),
        Against = version.Against.Select(verdict => new
        {
            verdict.LogId, Failed = verdict.IsFailed, At = Timestamps.ToMicroseconds(verdict.EndTime),
        }),
    };
}
