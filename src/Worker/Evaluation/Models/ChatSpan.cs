using System.Diagnostics;
using Microsoft.Extensions.AI;
using Worker.Telemetry;

namespace Worker.Evaluation.Models;

/// <summary>
/// One request to a model, as OpenTelemetry's conventions for generative AI have a client's span. No message is in it.
/// </summary>
internal static class ChatSpan
{
    /// <summary>Null where nobody listens.</summary>
    public static Activity? Start(ModelTask task) =>
        WorkerTelemetry.Activities.StartActivity($"chat {task.Model}", ActivityKind.Client)
            ?.SetTag("gen_ai.operation.name", "chat")
            .SetTag("gen_ai.provider.name", task.Provider)
            .SetTag("gen_ai.request.model", task.Model)
            .SetTag("gen_ai.request.max_tokens", task.MaxTokens);

    public static void End(Activity? span, ChatResponse response)
    {
        if (span is null)
            return;
        span.SetTag("gen_ai.response.model", response.ModelId);
        if (response.FinishReason is { } reason)
            span.SetTag("gen_ai.response.finish_reasons", new[] { reason.Value });
        if (response.Usage is { } usage)
        {
            span.SetTag("gen_ai.usage.input_tokens", usage.InputTokenCount)
                .SetTag("gen_ai.usage.output_tokens", usage.OutputTokenCount);
        }
    }

    /// <param name="error">What kind of failure it was: a status, or a type.</param>
    public static void Fail(Activity? span, string error) =>
        span?.SetTag("error.type", error).SetStatus(ActivityStatusCode.Error);
}
