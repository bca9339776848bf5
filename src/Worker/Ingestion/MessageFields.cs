using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>Which fields each kind of message carries; any other is ignored.</summary>
internal static class MessageFields
{
    private static readonly Field[] Logged =
    [
        Fields.Path, Fields.FileId, Fields.VersionId, Fields.VersionEnvironment, Fields.TraceParentId,
        Fields.StartTime, Fields.EndTime, Fields.CreatedAt, Fields.Inputs, Fields.Output, Fields.Error, Fields.Stdout,
        Fields.ProviderLatency, Fields.ProviderRequest, Fields.ProviderResponse, Fields.Metadata, Fields.Source,
        Fields.SourceDatapointId, Fields.User, Fields.Environment,
    ];

    private static readonly Field[] Updated =
    [
        Fields.StartTime, Fields.EndTime, Fields.CreatedAt, Fields.Inputs, Fields.Output, Fields.Error, Fields.Stdout,
        Fields.ProviderLatency, Fields.ProviderRequest, Fields.ProviderResponse, Fields.Metadata, Fields.Source, Fields.LogStatus,
    ];

    private static readonly Field[] OfPrompt =
    [
        Fields.Messages, Fields.OutputMessage, Fields.PromptTokens, Fields.OutputTokens, Fields.ReasoningTokens,
        Fields.PromptCost, Fields.OutputCost, Fields.FinishReason, Fields.ToolChoice,
    ];

    private static readonly bool[][] Carried = [.. Enum.GetValues<MessageKind>().Select(kind => Mask(FieldsOf(kind)))];

    public static bool Carries(this MessageKind kind, Field field) => Carried[(int)kind][field.Index];

    private static Field[] FieldsOf(MessageKind kind) => kind switch
    {
        MessageKind.ToolLogged => [.. Logged, Fields.Tool, Fields.LogStatus],
        MessageKind.ToolLogUpdated => Updated,
        MessageKind.PromptLogged => [.. Logged, .. OfPrompt, Fields.Prompt, Fields.LogStatus, Fields.EvaluationId, Fields.RunId],
        MessageKind.PromptLogUpdated => [.. Updated, .. OfPrompt],
        MessageKind.FlowLogged => [.. Logged, Fields.Flow, Fields.Messages, Fields.OutputMessage, Fields.EvaluationId, Fields.RunId],
        MessageKind.FlowLogUpdated =>
        [
            Fields.Inputs, Fields.Output, Fields.Error, Fields.Messages, Fields.OutputMessage, Fields.Path, Fields.FileId,
            Fields.Flow, Fields.VersionId, Fields.VersionEnvironment, Fields.TraceParentId,
        ],
        _ => [],
    };

    private static bool[] Mask(Field[] fields)
    {
        var mask = new bool[Fields.All.Count];
        foreach (var field in fields)
            mask[field.Index] = true;
        return mask;
    }
}
