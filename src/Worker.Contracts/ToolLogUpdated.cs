using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// A Tool Log changed. Source: <c>PATCH /tools/{id}/log/{log_id}</c>. What is absent is kept (the default of every
/// field), null unsets. Published as AMQP type and routing key <c>tool.log.updated</c>.
/// </summary>
public sealed record ToolLogUpdated
{
    /// <summary>The Tool Log; up to 255 UTF-8 bytes.</summary>
    [JsonPropertyName("log_id")]
    public required string LogId { get; init; }

    /// <summary>What the Tool produced; null unsets.</summary>
    [JsonPropertyName("output")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Output { get; init; }

    /// <summary>The error's message; null unsets.</summary>
    [JsonPropertyName("error")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Error { get; init; }

    /// <summary>When the Log was created, by the producer's account.</summary>
    [JsonPropertyName("created_at")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> CreatedAt { get; init; }

    /// <summary>Duration of the event, in seconds.</summary>
    [JsonPropertyName("provider_latency")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<double?> ProviderLatency { get; init; }

    /// <summary>Captured log and debug statements.</summary>
    [JsonPropertyName("stdout")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Stdout { get; init; }

    /// <summary>The raw request sent to the provider.</summary>
    [JsonPropertyName("provider_request")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<Dictionary<string, object?>?> ProviderRequest { get; init; }

    /// <summary>The raw response of the provider.</summary>
    [JsonPropertyName("provider_response")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<Dictionary<string, object?>?> ProviderResponse { get; init; }

    /// <summary>The inputs of the event, by name.</summary>
    [JsonPropertyName("inputs")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<Dictionary<string, object?>?> Inputs { get; init; }

    /// <summary>Where it was called from.</summary>
    [JsonPropertyName("source")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Source { get; init; }

    /// <summary>Anything else worth recording.</summary>
    [JsonPropertyName("metadata")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<Dictionary<string, object?>?> Metadata { get; init; }

    /// <summary>When the logged event started.</summary>
    [JsonPropertyName("start_time")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> StartTime { get; init; }

    /// <summary>When the logged event ended.</summary>
    [JsonPropertyName("end_time")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> EndTime { get; init; }

    /// <summary>Complete lets attached Evaluators begin. Of the API's later dialect.</summary>
    [JsonPropertyName("log_status")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<TraceStatus?> LogStatus { get; init; }

    /// <inheritdoc cref="ToolLogged.SentAt" />
    [JsonPropertyName("sent_at")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SentAt { get; init; }
}
