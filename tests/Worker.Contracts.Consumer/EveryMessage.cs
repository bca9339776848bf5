namespace Worker.Contracts.Consumer;

/// <summary>Every message with every field that it has, each of another value than its default.</summary>
public static class EveryMessage
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly ToolFunction Function =
        new() { Name = "f", Description = "d", Strict = true, Parameters = new() { ["type"] = "object" } };

    private static readonly PromptDetails Prompt = new()
    {
        Model = "m", Endpoint = "chat", Template = new[] { new { role = "system", content = "{{a}}" } }, TemplateLanguage = "jinja", Provider = "p",
        MaxTokens = -1, Temperature = 0.5, TopP = 0.25, Stop = new[] { "a", "b" }, PresencePenalty = -2, FrequencyPenalty = 2,
        Other = new() { ["Top_k"] = 1.50m }, Seed = 7, ResponseFormat = new() { ["type"] = "json_object" }, ReasoningEffort = "low",
        Tools = [Function], LinkedTools = ["tl_1"], Attributes = new() { ["A_b"] = 1 },
    };

    public static ToolLogged ToolLogged { get; } = new()
    {
        LogId = "tool", Path = "a/tool", Id = "tl_1", VersionId = "tlv_1", VersionEnvironment = "production", TraceParentId = "flow",
        StartTime = Time, EndTime = Time, Output = "o", CreatedAt = Time, Error = "e", ProviderLatency = 1.5, Stdout = "s",
        ProviderRequest = new() { ["Model"] = "m" }, ProviderResponse = new() { ["ok"] = true }, Inputs = new() { ["Price"] = 1.50m, ["none"] = null },
        Source = "src", Metadata = new() { ["k"] = new[] { 1, 2 } }, SourceDatapointId = "dp", BatchId = "b", User = "u", Environment = "staging",
        Save = false, LogStatus = TraceStatus.Incomplete, SentAt = Time,
        Tool = new() { Function = Function, SourceCode = "c", SetupValues = new() { ["v"] = 1 }, Attributes = new() { ["A_b"] = 1 } },
    };

    public static ToolLogUpdated ToolLogUpdated { get; } = new()
    {
        LogId = "tool", Output = null, Error = "e", CreatedAt = Time, ProviderLatency = 2, Stdout = "s",
        ProviderRequest = new Dictionary<string, object?> { ["Model"] = "m" }, ProviderResponse = null,
        Inputs = new Dictionary<string, object?> { ["Q"] = 1.50m }, Source = "src", Metadata = new Dictionary<string, object?>(),
        StartTime = Time, EndTime = null, LogStatus = TraceStatus.Complete, SentAt = Time,
    };

    public static PromptLogged PromptLogged { get; } = new()
    {
        LogId = "prompt", Path = "a/prompt", Id = "pr_1", VersionId = "prv_1", VersionEnvironment = "production", TraceParentId = "flow",
        StartTime = Time, EndTime = Time, Output = "o", CreatedAt = Time, Error = "e", ProviderLatency = 1.5, Stdout = "s",
        ProviderRequest = new() { ["Model"] = "m" }, ProviderResponse = new() { ["ok"] = true }, Inputs = new() { ["Price"] = 1.50m },
        Source = "src", Metadata = new() { ["k"] = "v" }, SourceDatapointId = "dp", BatchId = "b", User = "u", Environment = "staging",
        Save = true, LogStatus = TraceStatus.Incomplete, Prompt = Prompt,
        Messages = [new() { ["role"] = "user", ["content"] = "?" }], OutputMessage = new() { ["role"] = "assistant", ["content"] = "!" },
        PromptTokens = 11, OutputTokens = 12, ReasoningTokens = 13, PromptCost = 0.25, OutputCost = 0.5, FinishReason = "stop",
        ToolChoice = new { type = "function", function = new { name = "f" } }, EvaluationId = "evr", RunId = "run", SentAt = Time,
    };

    public static PromptLogUpdated PromptLogUpdated { get; } = new()
    {
        LogId = "prompt", Output = "o", Error = null, CreatedAt = Time, ProviderLatency = 2, Stdout = "s", ProviderRequest = null,
        ProviderResponse = new Dictionary<string, object?> { ["Ok"] = 1.50m }, Inputs = new Dictionary<string, object?> { ["Q"] = 1 },
        Source = "src", Metadata = new Dictionary<string, object?> { ["k"] = null }, StartTime = Time, EndTime = Time,
        Messages = new List<Dictionary<string, object?>> { new() { ["role"] = "user" } }, OutputMessage = null,
        PromptTokens = 11, OutputTokens = 12, ReasoningTokens = null, PromptCost = 0.25, OutputCost = 0.5, FinishReason = "length",
        ToolChoice = "auto", LogStatus = TraceStatus.Complete, SentAt = Time,
    };

    public static FlowLogged FlowLogged { get; } = new()
    {
        LogId = "flow", Path = "a/flow", Id = "fl_1", VersionId = "flv_1", VersionEnvironment = "production", TraceParentId = "above",
        StartTime = Time, EndTime = Time, Output = "o", CreatedAt = Time, Error = "e", ProviderLatency = 1.5, Stdout = "s",
        ProviderRequest = new() { ["Model"] = "m" }, ProviderResponse = new(), Inputs = new(), Source = "src", Metadata = new() { ["k"] = "v" },
        SourceDatapointId = "dp", BatchId = "b", User = "u", Environment = "staging", Save = true, Flow = new() { Attributes = new() { ["v"] = "1" } },
        Messages = [new() { ["role"] = "user" }], OutputMessage = new() { ["role"] = "assistant" }, TraceStatus = TraceStatus.Complete,
        LogStatus = TraceStatus.Complete, EvaluationId = "evr", RunId = "run", SentAt = Time,
    };

    public static FlowLogUpdated FlowLogUpdated { get; } = new()
    {
        LogId = "flow", TraceStatus = TraceStatus.Complete, LogStatus = TraceStatus.Complete, Inputs = new Dictionary<string, object?> { ["Q"] = 1m },
        Output = "o", Error = null, Messages = new List<Dictionary<string, object?>> { new() { ["role"] = "user" } }, OutputMessage = null,
        Path = "p", Id = "fl", Flow = new FlowDetails(), VersionId = "flv", VersionEnvironment = "prod", TraceParentId = null, Save = true, SentAt = Time,
    };

    public static EvaluatorLogged EvaluatorLogged { get; } = new()
    {
        ParentId = "flow", Judgment = new Judgment("good", "short"), LogId = "verdict", Path = "a/evaluator", Id = "ev_1", VersionId = "evv_1",
        VersionEnvironment = "production", TraceParentId = "above", StartTime = Time, EndTime = Time, Output = "o", CreatedAt = Time, Error = "e",
        ProviderLatency = 1.5, Stdout = "s", ProviderRequest = new() { ["Model"] = "m" }, ProviderResponse = new() { ["ok"] = true },
        Inputs = new() { ["Price"] = 1.50m }, Source = "src", Metadata = new() { ["k"] = "v" }, SourceDatapointId = "dp", BatchId = "b", User = "u",
        Environment = "staging", Save = true, LogStatus = TraceStatus.Complete, OutputMessage = new() { ["role"] = "assistant" }, MarkedCompleted = true,
        SentAt = Time,
        Spec = new()
        {
            EvaluatorType = "human", ArgumentsType = "target_free", ReturnType = "multi_select", Code = "c", Prompt = new() { Model = "m" },
            Instructions = "i", Options = [new() { Name = "good", Valence = "positive" }, new() { Name = "short" }], NumberLimits = new() { Min = 0, Max = 1, Step = 0.5 },
            NumberValence = "neutral", Attributes = new() { ["A_b"] = 1 },
        },
    };

    public static LogDeleted LogDeleted { get; } = new() { LogId = "log", SentAt = Time };

    /// <summary>By AMQP type.</summary>
    public static IReadOnlyList<(string Type, object Message)> All { get; } =
    [
        ("tool.logged", ToolLogged), ("tool.log.updated", ToolLogUpdated), ("prompt.logged", PromptLogged), ("prompt.log.updated", PromptLogUpdated),
        ("flow.logged", FlowLogged), ("flow.log.updated", FlowLogUpdated), ("evaluator.logged", EvaluatorLogged), ("log.deleted", LogDeleted),
    ];
}
