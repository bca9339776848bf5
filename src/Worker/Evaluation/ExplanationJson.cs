using System.Text.Encodings.Web;
using System.Text.Json;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Evaluation;

/// <summary>An <see cref="Explanation"/> as one JSON object, for programs and for the viewer.</summary>
internal static class ExplanationJson
{
    private static readonly JsonSerializerOptions SnakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    public static string Write(Explanation explanation) => JsonSerializer.Serialize(Shape(explanation), SnakeCase);

    private static object Shape(Explanation explanation) => new
    {
        explanation.LogId,
        State = explanation.Run is { } run ? EnumName<RunState>.Of(run.State) : null,
        Revision = explanation.Run?.Revision ?? 0,
        FinishedBy = explanation.Run?.FinishedBy is { } finishedBy ? EnumName<FinishedBy>.Of(finishedBy) : null,
        Due = explanation.Run?.Due,
        WaitingFor = explanation.Run?.WaitingFor,
        NoRun = explanation.NotJudged is { } noRun ? EnumName<NotJudgedReason>.Of(noRun) : null,
        explanation.Detail,
        Decisions = explanation.InOrder.Select(decision => new
        {
            decision.Revision,
            decision.EvaluatorId,
            Path = explanation.PathOf(decision),
            decision.EvaluatorVersionId,
            Outcome = EnumName<Outcome>.Of(decision.Outcome),
            decision.Reason,
            decision.At,
        }),
        Posted = explanation.Posted.Select(verdict => new
        {
            verdict.Id,
            EvaluatorId = verdict.Resolution?.FileId,
            verdict.Path,
            EvaluatorVersionId = verdict.Resolution?.VersionId,
            Judgment = verdict.Judgment is { } judgment ? JsonElement.Parse(judgment.Utf8.Span) : (JsonElement?)null,
            Error = verdict.Text(LogFields.Error),
        }),
    };
}
