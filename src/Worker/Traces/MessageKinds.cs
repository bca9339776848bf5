namespace Worker.Traces;

/// <summary>What a <see cref="MessageKind"/> implies.</summary>
internal static class MessageKinds
{
    /// <summary>The AMQP type and routing key, e.g. <c>tool.logged</c>.</summary>
    public static string WireName(this MessageKind kind) => kind switch
    {
        MessageKind.ToolLogged => "tool.logged",
        MessageKind.ToolLogUpdated => "tool.log.updated",
        MessageKind.PromptLogged => "prompt.logged",
        MessageKind.PromptLogUpdated => "prompt.log.updated",
        MessageKind.FlowLogged => "flow.logged",
        MessageKind.FlowLogUpdated => "flow.log.updated",
        MessageKind.EvaluatorLogged => "evaluator.logged",
        MessageKind.LogDeleted => "log.deleted",
        MessageKind.FileSaved => "file.saved",
        MessageKind.FileDeployed => "file.deployed",
        MessageKind.FileUndeployed => "file.undeployed",
        MessageKind.FileMonitored => "file.monitored",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>True for messages in which null unsets, and which win over Logged ones.</summary>
    public static bool IsUpdate(this MessageKind kind) =>
        kind is MessageKind.ToolLogUpdated or MessageKind.PromptLogUpdated or MessageKind.FlowLogUpdated;

    /// <summary>True for messages that speak of a File, and of no Log.</summary>
    public static bool IsAboutFiles(this MessageKind kind) => kind
        is MessageKind.FileSaved or MessageKind.FileDeployed or MessageKind.FileUndeployed or MessageKind.FileMonitored;

    /// <summary>The kind of Log a message speaks of; null for a delete, which speaks of any, and for Files.</summary>
    public static LogKind? KindOfLog(this MessageKind kind) => kind switch
    {
        MessageKind.ToolLogged or MessageKind.ToolLogUpdated => LogKind.Tool,
        MessageKind.PromptLogged or MessageKind.PromptLogUpdated => LogKind.Prompt,
        MessageKind.FlowLogged or MessageKind.FlowLogUpdated => LogKind.Flow,
        MessageKind.EvaluatorLogged => LogKind.Evaluator,
        _ => null,
    };

    /// <summary>The kind's name on the wire and in documents, e.g. <c>tool</c>.</summary>
    public static string WireName(this LogKind kind) => kind switch
    {
        LogKind.Tool => "tool",
        LogKind.Prompt => "prompt",
        LogKind.Flow => "flow",
        LogKind.Evaluator => "evaluator",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
