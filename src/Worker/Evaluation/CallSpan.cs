using System.Diagnostics;
using Worker.Runs;
using Worker.Storage;
using Worker.Telemetry;

namespace Worker.Evaluation;

/// <summary>The span of asking one Evaluator for one verdict, with its further tries.</summary>
internal static class CallSpan
{
    public const string Name = "worker.evaluator.call";

    /// <summary>Null where nobody listens.</summary>
    /// <param name="judged">The span that is judged; null where nobody knows one.</param>
    public static Activity? Start(EvaluatorInput input, ActivityContext? judged) =>
        WorkerTelemetry.Activities.StartActivity(
            ActivityKind.Internal, links: RemoteSpan.Link(judged), name: Name)
            ?.SetTag("worker.evaluator", input.Path)
            .SetTag("worker.evaluator.version", input.VersionId)
            .SetTag("worker.log.id", input.LogId)
            .SetTag("worker.run.revision", input.Revision);

    /// <summary>Tells what it came to, and the verdict as a span of its own.</summary>
    public static void End(
        Activity? span, Evaluator evaluator, EvaluatorInput input, CallResult result, ActivityContext? judged)
    {
        if (span is null)
            return;
        if (result.Answer is not { } answer)
        {
            span.SetTag("error.type", EnumName<Outcome>.Of(result.Deferral!.Outcome))
                .SetStatus(ActivityStatusCode.Error);
            return;
        }

        var returns = evaluator.Judging.Returns;
        var isError = (answer.Error ?? returns.Problem(answer.Judgment)) is not null;
        if (!answer.IsLater)
            VerdictSpan.Emit(input.Path, input.LogId, returns, answer.Judgment, isError, judged);
    }
}
