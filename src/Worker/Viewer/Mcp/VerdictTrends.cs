using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Worker.Evaluation;
using Worker.Files;
using Worker.Front;
using Worker.Reading;
using Worker.Traces;

namespace Worker.Viewer.Mcp;

/// <summary>What Evaluators said in a time, summed as on the viewer's page of verdicts.</summary>
internal sealed class VerdictTrends(VerdictReport report, EvaluatorCatalog catalog, TimeProvider time)
{
    private const int MostEvaluators = 20;
    private const int MostVersions = 3;

    /// <summary>Of one Evaluator.</summary>
    private const int MostBytes = 12 * 1024;

    public McpTool Describe() => McpTool.Of(
        "verdict_trends",
        "Verdict trends",
        "Sums what Evaluators said in a time, by Evaluator and Version, the latest first: how many verdicts, true, "
        + "false, failed and abstained, the mean, least and most of numbers, how often each text was said, cost, Logs "
        + "that failed or are false; and as trend, for each of 48 equal parts of the time, the oldest first, how many "
        + "verdicts, their mean where true is 1 and false 0, and how many failed. "
        + "Needs a key that is not for some Files alone. " + McpTools.Untrusted,
        [
            ("path", "string", "A pattern over the Evaluator's path: * within a segment, ** over any. Left out, all."),
            ("since", "string", "A date, or as long ago as 15m, 2h, 7d; 24h where it is left out."),
            ("until", "string", "As since; now where it is left out."),
        ],
        required: [],
        RunAsync);

    private async Task<JsonElement> RunAsync(
        McpArguments arguments, Caller caller, CancellationToken cancellationToken)
    {
        if (caller.IsConfined)
            throw new RefusedRequestException(
                StatusCodes.Status403Forbidden,
                "Verdict trends tell of all Files, and this key is for some alone; take one without a path, or look at "
                + "the verdicts that list_traces shows");
        var within = VerdictTime.Parse(
            arguments.Text("since"), arguments.Text("until"), time.GetUtcNow(), out var problem)
            ?? throw McpArguments.Bad(problem!);
        var paths = arguments.Text("path") is { } path ? new PathGlob(path) : null;
        var (evaluators, isCut) = await report.ReadAsync(within, paths, cancellationToken);
        var list = new BoundedList(MostBytes);
        var shown = evaluators.Take(MostEvaluators).TakeWhile(each => list.TryAdd(Shape(each))).Count();
        return McpJson.Write(new
        {
            From = Instant(within.From),
            Until = Instant(within.Until),
            PartSeconds = within.Part.TotalSeconds,
            Evaluators = list.Items,
            Note = isCut || shown < evaluators.Count
                ? "There are Evaluators that are not shown; narrow the question by path."
                : null,
        });
    }

    private object Shape(EvaluatorSums evaluator) => new
    {
        evaluator.Path,
        evaluator.Id,
        evaluator.Superseded,
        Note = evaluator.IsCut
            ? $"Only the latest {VerdictReport.MostVerdicts} verdicts are in these sums; narrow the time."
            : null,
        Versions = evaluator.Versions.Take(MostVersions).Select(Shape),
        MoreVersions = evaluator.Versions.Count > MostVersions ? evaluator.Versions.Count - MostVersions : (int?)null,
    };

    private object Shape(VerdictSums version) => new
    {
        version.VersionId,
        IsCurrent = version.VersionId is { } id && catalog.Version(id) is not null,
        version.Count,
        version.True,
        version.False,
        version.Failed,
        version.Abstained,
        version.Numbers,
        version.Mean,
        version.Least,
        version.Most,
        version.Cost,
        version.Tokens,
        First = Instant(version.First),
        Last = Instant(version.Last),
        Texts = version.Texts.Select(text => new { Text = BoundedJson.Cut(text.Key, 100), Count = text.Value }),
        Against = version.Against.Select(verdict => new
        {
            verdict.LogId, Failed = verdict.IsFailed, At = Instant(verdict.EndTime),
        }),
        Trend = version.Parts.Select(part => new double?[]
        {
            part.Count, part.Measured == 0 ? null : part.Sum / part.Measured, part.Failed,
        }),
    };

    private static string Instant(DateTimeOffset instant) => Timestamps.Format(Timestamps.ToMicroseconds(instant));
}
