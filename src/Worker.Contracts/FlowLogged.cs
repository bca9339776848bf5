using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// A Flow was entered: the head of a Trace. Source: <c>POST /flows/log</c>; no field is required, and what is null is
/// not written. Published as AMQP type and routing key <c>flow.logged</c>.
/// </summary>
public sealed record FlowLogged
{
    /// <summary>
    /// Names the Log; up to 255 UTF-8 bytes. Default: the AMQP <c>message_id</c>, else a hash of the message. Of the
    /// API's later dialect.
    /// </summary>
    [JsonPropertyName("log_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LogId { get; init; }

    /// <summary>
    /// Path of the Flow, name included, which locates it: <c>folder/name</c> or <c>name</c>. Default: none; an unknown
    /// path makes the Flow.
    /// </summary>
    [JsonPropertyName("path")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Path { get; init; }

    /// <summary>Id of an existing Flow; not of the Log. Default: none.</summary>
    [JsonPropertyName("id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    /// <summary>
    /// A Version of the Flow to log to, by id. Default: none. The page's query parameter of this name.
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

    /// <summary>
    /// Details of the Flow: the Version they describe is logged to, and made when it is new. Default: none.
    /// </summary>
    [JsonPropertyName("flow")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FlowDetails? Flow { get; init; }

    /// <summary>The chat's messages, each as its own JSON object. Default: none. Of the API's later dialect.</summary>
    [JsonPropertyName("messages")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<List<Dictionary<string, object?>>>))]
    public List<Dictionary<string, object?>>? Messages { get; init; }

    /// <summary>The chat message produced. Default: none. Of the API's later dialect.</summary>
    [JsonPropertyName("output_message")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? OutputMessage { get; init; }

    /// <summary>
    /// Complete makes the Trace ready to be judged, once there is output or error; never undone. Default: incomplete.
    /// </summary>
    [JsonPropertyName("trace_status")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TraceStatus? TraceStatus { get; init; }

    /// <summary>
    /// The later dialect's name of <see cref="TraceStatus"/>; complete in either is complete. Default: none.
    /// </summary>
    [JsonPropertyName("log_status")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TraceStatus? LogStatus { get; init; }

    /// <summary>The Evaluation the Log belongs to. Default: none.</summary>
    [JsonPropertyName("evaluation_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EvaluationId { get; init; }

    /// <summary>The later dialect's name for what <c>evaluation_id</c> was. Default: none.</summary>
    [JsonPropertyName("run_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RunId { get; init; }

    /// <inheritdoc cref="ToolLogged.SentAt" />
    [JsonPropertyName("sent_at")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SentAt { get; init; }
}
