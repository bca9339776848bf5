using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// A Prompt Log changed. Source: <c>PATCH /prompts/{id}/log/{log_id}</c>. What is absent is kept (the default of every
/// field), null unsets. Published as AMQP type and routing key <c>prompt.log.updated</c>.
/// </summary>
public sealed record PromptLogUpdated
{
    /// <summary>The Prompt Log; up to 255 UTF-8 bytes.</summary>
    [JsonPropertyName("log_id")]
    public required string LogId { get; init; }

    /// <summary>What the model produced, as text; null unsets.</summary>
    [JsonPropertyName("output")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Output { get; init; }

    /// <inheritdoc cref="ToolLogUpdated.Error" />
    [JsonPropertyName("error")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Error { get; init; }

    /// <inheritdoc cref="ToolLogUpdated.CreatedAt" />
    [JsonPropertyName("created_at")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> CreatedAt { get; init; }

    /// <inheritdoc cref="ToolLogUpdated.ProviderLatency" />
    [JsonPropertyName("provider_latency")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<double?> ProviderLatency { get; init; }

    /// <inheritdoc cref="ToolLogUpdated.Stdout" />
    [JsonPropertyName("stdout")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Stdout { get; init; }

    /// <inheritdoc cref="ToolLogUpdated.ProviderRequest" />
    [JsonPropertyName("provider_request")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<Dictionary<string, object?>?> ProviderRequest { get; init; }

    /// <inheritdoc cref="ToolLogUpdated.ProviderResponse" />
    [JsonPropertyName("provider_response")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<Dictionary<string, object?>?> ProviderResponse { get; init; }

    /// <inheritdoc cref="ToolLogUpdated.Inputs" />
    [JsonPropertyName("inputs")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<Dictionary<string, object?>?> Inputs { get; init; }

    /// <inheritdoc cref="ToolLogUpdated.Source" />
    [JsonPropertyName("source")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Source { get; init; }

    /// <inheritdoc cref="ToolLogUpdated.Metadata" />
    [JsonPropertyName("metadata")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<Dictionary<string, object?>?> Metadata { get; init; }

    /// <inheritdoc cref="ToolLogUpdated.StartTime" />
    [JsonPropertyName("start_time")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> StartTime { get; init; }

    /// <inheritdoc cref="ToolLogUpdated.EndTime" />
    [JsonPropertyName("end_time")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> EndTime { get; init; }

    /// <summary>The chat's messages that were sent to the model, each as its own JSON object.</summary>
    [JsonPropertyName("messages")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<List<Dictionary<string, object?>>?> Messages { get; init; }

    /// <summary>The chat message that the model produced; null unsets.</summary>
    [JsonPropertyName("output_message")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<Dictionary<string, object?>?> OutputMessage { get; init; }

    /// <summary>Tokens of the prompt, as the provider counts them.</summary>
    [JsonPropertyName("prompt_tokens")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<int?> PromptTokens { get; init; }

    /// <summary>Tokens of the output, as the provider counts them.</summary>
    [JsonPropertyName("output_tokens")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<int?> OutputTokens { get; init; }

    /// <summary>Tokens that the model spent on reasoning. Of the API's later dialect.</summary>
    [JsonPropertyName("reasoning_tokens")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<int?> ReasoningTokens { get; init; }

    /// <summary>Cost of the prompt, in US dollars.</summary>
    [JsonPropertyName("prompt_cost")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<double?> PromptCost { get; init; }

    /// <summary>Cost of the output, in US dollars.</summary>
    [JsonPropertyName("output_cost")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<double?> OutputCost { get; init; }

    /// <summary>Why the model stopped, in the provider's word.</summary>
    [JsonPropertyName("finish_reason")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> FinishReason { get; init; }

    /// <summary>
    /// How the model was to choose among tools: <c>"none"</c>, <c>"auto"</c>, <c>"required"</c>, or a map that names
    /// the function.
    /// </summary>
    [JsonPropertyName("tool_choice")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<object?> ToolChoice { get; init; }

    /// <inheritdoc cref="ToolLogUpdated.LogStatus" />
    [JsonPropertyName("log_status")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<TraceStatus?> LogStatus { get; init; }

    /// <inheritdoc cref="ToolLogged.SentAt" />
    [JsonPropertyName("sent_at")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SentAt { get; init; }
}
