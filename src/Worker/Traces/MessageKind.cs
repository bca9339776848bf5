namespace Worker.Traces;

/// <summary>What a message says happened. Its wire name is the AMQP type and the routing key.</summary>
internal enum MessageKind
{
    ToolLogged,
    ToolLogUpdated,
    PromptLogged,
    PromptLogUpdated,
    FlowLogged,
    FlowLogUpdated,
    EvaluatorLogged,
    LogDeleted,
    FileSaved,
    FileDeployed,
    FileUndeployed,
    FileMonitored,
}
