using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// A Tool was called. Source: the page <i>Log to a Tool</i> (<c>POST /tools/log</c>); no field is required, and what is
/// null is not written. Published as AMQP type and routing key <c>tool.logged</c>.
/// </summary>
public sealed record ToolLogged
{
    /// <summary>
    /// Names the Log; up to 255 UTF-8 bytes. Default: the AMQP <c>message_id</c>, else a hash of the message. Of the
    /// API's later dialect.
    /// </summary>
    [JsonPropertyName("log_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LogId { get; init; }

    /// <summary>
    /// Path of the Tool, name included, which locates it: <c>folder/name</c> or <c>name</c>. Default: none; an unknown
    /// path makes the Tool.
    /// </summary>
    [JsonPropertyName("path")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Path { get; init; }

    /// <summary>Id of an existing Tool; not of the Log. Default: none.</summary>
    [JsonPropertyName("id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    /// <summary>
    /// A Version of the Tool to log to, by id. Default: none. The page's query parameter of this name.
    /// </summary>
    [JsonPropertyName("version_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? VersionId { get; init; }

    /// <summary>
    /// The Environment whose deployed Version to log to. Default: the default deployment. The page's query parameter
    /// <c>environment</c>.
    /// </summary>
    [JsonPropertyName("version_environment")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? VersionEnvironment { get; init; }

    /// <summary>The Log to nest this one under, known already or not. Default: none; the Log is a root.</summary>
    [JsonPropertyName("trace_parent_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceParentId { get; init; }

    /// <summary>When the logged event started. Default: none.</summary>
    [JsonPropertyName("start_time")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When the logged event ended. Default: none.</summary>
    [JsonPropertyName("end_time")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>What the event produced. Default: none, as for an error or a parent that is filled in later.</summary>
    [JsonPropertyName("output")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Output { get; init; }

    /// <summary>When the Log was created, by the producer's account. Default: none.</summary>
    [JsonPropertyName("created_at")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The error's message, where the event failed. Default: none.</summary>
    [JsonPropertyName("error")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>Duration of the event, in seconds. Default: none.</summary>
    [JsonPropertyName("provider_latency")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ProviderLatency { get; init; }

    /// <summary>Captured log and debug statements. Default: none.</summary>
    [JsonPropertyName("stdout")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Stdout { get; init; }

    /// <summary>The raw request sent to the provider. Default: none.</summary>
    [JsonPropertyName("provider_request")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? ProviderRequest { get; init; }

    /// <summary>The raw response of the provider. Default: none.</summary>
    [JsonPropertyName("provider_response")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? ProviderResponse { get; init; }

    /// <summary>The inputs of the event, by name. Default: none.</summary>
    [JsonPropertyName("inputs")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? Inputs { get; init; }

    /// <summary>Where it was called from. Default: none.</summary>
    [JsonPropertyName("source")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <summary>Anything else worth recording. Default: none.</summary>
    [JsonPropertyName("metadata")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? Metadata { get; init; }

    /// <summary>The Datapoint that this Log is derived from. Default: none.</summary>
    [JsonPropertyName("source_datapoint_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SourceDatapointId { get; init; }

    /// <summary>A Batch to add the Log to; made when it does not exist. Default: none.</summary>
    [JsonPropertyName("batch_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BatchId { get; init; }

    /// <summary>The end user's id. Default: none.</summary>
    [JsonPropertyName("user")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }

    /// <summary>The Environment the Log is labelled with; selects no Version. Default: none.</summary>
    [JsonPropertyName("environment")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Environment { get; init; }

    /// <summary>False: payloads are not stored, now or by any other message on this Log. Default: true.</summary>
    [JsonPropertyName("save")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Save { get; init; }

    /// <summary>
    /// Incomplete makes attached Evaluators wait for an update to complete. Default: unspecified, they begin as soon as
    /// there is output or error. Of the API's later dialect.
    /// </summary>
    [JsonPropertyName("log_status")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TraceStatus? LogStatus { get; init; }

    /// <summary>
    /// Details of the Tool: the Version they describe is logged to, and made when it is new. Default: none.
    /// </summary>
    [JsonPropertyName("tool")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ToolDetails? Tool { get; init; }

    /// <summary>
    /// When the producer sent this message, by its clock: what decides between two values of one field. Default: when
    /// it is received.
    /// </summary>
    [JsonPropertyName("sent_at")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SentAt { get; init; }
}
