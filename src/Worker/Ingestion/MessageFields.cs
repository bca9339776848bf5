using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>Which fields each kind of message carries; any other is ignored.</summary>
internal static class MessageFields
{
    private static readonly Field[] Logged =
    [
        LogFields.Path, LogFields.FileId, LogFields.VersionId, LogFields.VersionEnvironment, LogFields.TraceParentId,
        LogFields.StartTime, LogFields.EndTime, LogFields.CreatedAt, LogFields.Inputs, LogFields.Output,
        LogFields.Error, LogFields.Stdout, LogFields.ProviderLatency, LogFields.ProviderRequest,
        LogFields.ProviderResponse, LogFields.Metadata, LogFields.Source,
        LogFields.SourceDatapointId, LogFields.User, LogFields.Environment, LogFields.History,
    ];

    private static readonly Field[] Updated =
    [
        LogFields.StartTime, LogFields.EndTime, LogFields.CreatedAt, LogFields.Inputs, LogFields.Output,
        LogFields.Error, LogFields.Stdout, LogFields.ProviderLatency, LogFields.ProviderRequest,
        LogFields.ProviderResponse, LogFields.Metadata, LogFields.Source, LogFields.LogStatus,
    ];

    private static readonly Field[] OfPrompt =
    [
        LogFields.Messages, LogFields.OutputMessage, LogFields.PromptTokens, LogFields.OutputTokens,
        LogFields.ReasoningTokens, LogFields.PromptCost, LogFields.OutputCost, LogFields.FinishReason,
        LogFields.ToolChoice,
    ];

    private static readonly bool[][] Carried = [.. Enum.GetValues<MessageKind>().Select(kind => Mask(FieldsOf(kind)))];

    public static bool Carries(this MessageKind kind, Field field) => Carried[(int)kind][field.Index];

    private static Field[] FieldsOf(MessageKind kind) => kind switch
    {
        MessageKind.ToolLogged => [.. Logged, LogFields.Tool, LogFields.LogStatus],
        MessageKind.ToolLogUpdated => Updated,
        MessageKind.PromptLogged =>
        [
            .. Logged, .. OfPrompt, LogFields.Prompt, LogFields.LogStatus, LogFields.EvaluationId, LogFields.RunId,
        ],
        MessageKind.PromptLogUpdated => [.. Updated, .. OfPrompt],
        MessageKind.FlowLogged =>
        [
            .. Logged, LogFields.Flow, LogFields.Messages, LogFields.OutputMessage, LogFields.EvaluationId,
            LogFields.RunId,
        ],
        MessageKind.FlowLogUpdated =>
        [
            LogFields.Inputs, LogFields.Output, LogFields.Error, LogFields.Messages, LogFields.OutputMessage,
            LogFields.Path, LogFields.FileId, LogFields.Flow, LogFields.VersionId, LogFields.VersionEnvironment,
            LogFields.TraceParentId,
        ],
        MessageKind.EvaluatorLogged =>
        [
            .. Logged, LogFields.OutputMessage, LogFields.LogStatus, LogFields.JudgedId, LogFields.Judgment,
            LogFields.Spec, LogFields.MarkedCompleted,
        ],
        _ => [],
    };

    private static bool[] Mask(Field[] fields)
    {
        var mask = new bool[LogFields.All.Length];
        foreach (var field in fields)
            mask[field.Index] = true;
        return mask;
    }
}
