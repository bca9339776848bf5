using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// A model was called with a Prompt. Source: <c>POST /prompts/log</c>; no field is required, and what is null is not
/// written. Published as AMQP type and routing key <c>prompt.logged</c>.
/// </summary>
public sealed record PromptLogged
{
    /// <inheritdoc cref="ToolLogged.LogId" />
    [JsonPropertyName("log_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LogId { get; init; }

    /// <summary>
    /// Path of the Prompt, name included, which locates it: <c>folder/name</c> or <c>name</c>. Default: none; an
    /// unknown path makes the Prompt.
    /// </summary>
    [JsonPropertyName("path")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Path { get; init; }

    /// <summary>Id of an existing Prompt; not of the Log. Default: none.</summary>
    [JsonPropertyName("id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    /// <summary>
    /// A Version of the Prompt to log to, by id. Default: none. The page's query parameter of this name.
    /// </summary>
    [JsonPropertyName("version_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? VersionId { get; init; }

    /// <inheritdoc cref="ToolLogged.VersionEnvironment" />
    [JsonPropertyName("version_environment")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? VersionEnvironment { get; init; }

    /// <inheritdoc cref="ToolLogged.TraceParentId" />
    [JsonPropertyName("trace_parent_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceParentId { get; init; }

    /// <inheritdoc cref="ToolLogged.StartTime" />
    [JsonPropertyName("start_time")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? StartTime { get; init; }

    /// <inheritdoc cref="ToolLogged.EndTime" />
    [JsonPropertyName("end_time")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? EndTime { get; init; }

    /// <inheritdoc cref="ToolLogged.Output" />
    [JsonPropertyName("output")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Output { get; init; }

    /// <inheritdoc cref="ToolLogged.CreatedAt" />
    [JsonPropertyName("created_at")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <inheritdoc cref="ToolLogged.Error" />
    [JsonPropertyName("error")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <inheritdoc cref="ToolLogged.ProviderLatency" />
    [JsonPropertyName("provider_latency")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ProviderLatency { get; init; }

    /// <inheritdoc cref="ToolLogged.Stdout" />
    [JsonPropertyName("stdout")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Stdout { get; init; }

    /// <inheritdoc cref="ToolLogged.ProviderRequest" />
    [JsonPropertyName("provider_request")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? ProviderRequest { get; init; }

    /// <inheritdoc cref="ToolLogged.ProviderResponse" />
    [JsonPropertyName("provider_response")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? ProviderResponse { get; init; }

    /// <inheritdoc cref="ToolLogged.Inputs" />
    [JsonPropertyName("inputs")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? Inputs { get; init; }

    /// <inheritdoc cref="ToolLogged.Source" />
    [JsonPropertyName("source")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <inheritdoc cref="ToolLogged.Metadata" />
    [JsonPropertyName("metadata")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? Metadata { get; init; }

    /// <inheritdoc cref="ToolLogged.SourceDatapointId" />
    [JsonPropertyName("source_datapoint_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SourceDatapointId { get; init; }

    /// <inheritdoc cref="ToolLogged.BatchId" />
    [JsonPropertyName("batch_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BatchId { get; init; }

    /// <inheritdoc cref="ToolLogged.User" />
    [JsonPropertyName("user")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }

    /// <inheritdoc cref="ToolLogged.Environment" />
    [JsonPropertyName("environment")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Environment { get; init; }

    /// <inheritdoc cref="ToolLogged.Save" />
    [JsonPropertyName("save")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Save { get; init; }

    /// <inheritdoc cref="ToolLogged.LogStatus" />
    [JsonPropertyName("log_status")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TraceStatus? LogStatus { get; init; }

    /// <summary>
    /// Details of the Prompt: the Version they describe is logged to, and made when it is new. Default: none.
    /// </summary>
    [JsonPropertyName("prompt")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PromptDetails? Prompt { get; init; }

    /// <summary>The chat's messages that were sent to the model, each as its own JSON object. Default: none.</summary>
    [JsonPropertyName("messages")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<List<Dictionary<string, object?>>>))]
    public List<Dictionary<string, object?>>? Messages { get; init; }

    /// <summary>The chat message that the model produced. Default: none.</summary>
    [JsonPropertyName("output_message")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? OutputMessage { get; init; }

    /// <summary>Tokens of the prompt, as the provider counts them. Default: none.</summary>
    [JsonPropertyName("prompt_tokens")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PromptTokens { get; init; }

    /// <summary>Tokens of the output, as the provider counts them. Default: none.</summary>
    [JsonPropertyName("output_tokens")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? OutputTokens { get; init; }

    /// <summary>Tokens that the model spent on reasoning. Default: none. Of the API's later dialect.</summary>
    [JsonPropertyName("reasoning_tokens")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ReasoningTokens { get; init; }

    /// <summary>Cost of the prompt, in US dollars. Default: none.</summary>
    [JsonPropertyName("prompt_cost")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PromptCost { get; init; }

    /// <summary>Cost of the output, in US dollars. Default: none.</summary>
    [JsonPropertyName("output_cost")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? OutputCost { get; init; }

    /// <summary>Why the model stopped, in the provider's word. Default: none.</summary>
    [JsonPropertyName("finish_reason")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FinishReason { get; init; }

    /// <summary>
    /// How the model was to choose among tools: <c>"none"</c>, <c>"auto"</c>, <c>"required"</c>, or a map that names
    /// the function. Default: none.
    /// </summary>
    [JsonPropertyName("tool_choice")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<object>))]
    public object? ToolChoice { get; init; }

    /// <inheritdoc cref="FlowLogged.EvaluationId" />
    [JsonPropertyName("evaluation_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EvaluationId { get; init; }

    /// <inheritdoc cref="FlowLogged.RunId" />
    [JsonPropertyName("run_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RunId { get; init; }

    /// <inheritdoc cref="ToolLogged.SentAt" />
    [JsonPropertyName("sent_at")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SentAt { get; init; }
}
