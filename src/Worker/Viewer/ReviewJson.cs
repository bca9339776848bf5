using System.Text.Json;
using Worker.Evaluation;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Viewer;

/// <summary>What a person judges, as the page reads it. Instants are microseconds since the Unix epoch.</summary>
internal static class ReviewJson
{
    /// <param name="who">Whose key it is; null where there are no keys.</param>
    /// <param name="chosen">Whose Logs are shown; null where there is no Evaluator.</param>
    public static object Of(string? who, IEnumerable<Evaluator> evaluators, Evaluator? chosen, ReviewPage page) => new
    {
        Who = who,
        Evaluators = evaluators.Select(Of),
        Evaluator = chosen?.Id,
        Items = page.Items.Select(Of),
        Next = page.Next?.ToString(),
        page.LookedAt,
        Cut = page.IsCut,
    };

    private static object Of(Evaluator evaluator) => new
    {
        evaluator.Id,
        evaluator.Path,
        evaluator.Description,
        Returns = EnumName<ReturnType>.Of(evaluator.Judging.Returns.Returns),
        Options = evaluator.Judging.Returns.Options,
        evaluator.Judging.Returns.Min,
        evaluator.Judging.Returns.Max,
    };

    private static object Of(ReviewItem item) => new
    {
        item.Log.Id,
        Kind = item.Log.Kind.WireName(),
        item.Path,
        Created = item.Log.CreatedAt,
        Preview = TraceListJson.Preview(item.Log[LogFields.Inputs] ?? item.Log[LogFields.Messages]),
        Verdicts = item.Verdicts.Select(Of),
    };

    private static object Of(Log verdict) => new
    {
        verdict.Id,
        User = verdict.Text(LogFields.User),
        At = verdict.CreatedAt,
        Judgment = verdict.Judgment is { } judgment ? JsonElement.Parse(judgment.Utf8.Span) : (JsonElement?)null,
        Error = verdict.Text(LogFields.Error),
    };
}
