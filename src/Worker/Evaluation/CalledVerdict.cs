using System.Text.Json.Nodes;
using Worker.Runs;
using JsonValue = Worker.Traces.JsonValue;

namespace Worker.Evaluation;

/// <summary>The verdict that an Evaluator's answer makes.</summary>
internal static class CalledVerdict
{
    public static EvaluatorLog Of(
        Run run,
        Pin pin,
        Evaluator evaluator,
        EvaluatorInput input,
        EvaluatorAnswer answer,
        DateTimeOffset start,
        DateTimeOffset end)
    {
        var error = answer.Error ?? evaluator.Judging.Returns.Problem(answer.Judgment);
        return new()
        {
            Id = input.Key,
            LogId = run.LogId,
            Revision = run.Revision,
            EvaluatorId = pin.EvaluatorId,
            EvaluatorVersionId = pin.EvaluatorVersionId,
            Path = evaluator.Path,
            Judgment = error is null ? answer.Judgment : null,
            Error = error,
            Reason = answer.IsLater ? "The verdict comes later, from outside." : answer.Reason,
            Stdout = answer.Stdout,
            Details = Details(input, answer),
            StartTime = start,
            EndTime = end,
            Spec = evaluator.Spec,
        };
    }

    private static JsonValue? Details(EvaluatorInput input, EvaluatorAnswer answer)
    {
        var details = answer.Details is { } said ? (JsonObject)JsonNode.Parse(said.Utf8.Span)! : [];
        if (input.IsTruncated)
            details["truncated"] = true;
        if (answer.IsLater)
            details["later"] = true;
        return details.Count == 0 ? null : JsonValue.Parse(details.ToJsonString());
    }
}
