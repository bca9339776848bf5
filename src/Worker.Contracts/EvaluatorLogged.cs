using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// One verdict on one Log, from outside the worker: a person's, or another program's. Source: <c>POST
/// /evaluators/log</c>. What is null is not written, but for <see cref="Judgment"/>. Published as AMQP type and routing
/// key <c>evaluator.logged</c>. It is listed in the judged Log's <c>evaluator_logs</c>, whichever of the two comes
/// first, and goes when that Log is deleted.
/// </summary>
public sealed record EvaluatorLogged
{
    /// <summary>The Log that was judged; up to 255 UTF-8 bytes.</summary>
    [JsonPropertyName("parent_id")]
    public required string ParentId { get; init; }

    /// <summary>
    /// True, false, a number, an option, several options or a text: <c>new(true)</c>, <c>new(0.5)</c>,
    /// <c>new("good")</c>; null is written, and takes back what the Log said before, or says that the judge abstains.
    /// Default: absent, which keeps what the Log said before, as for a verdict that failed with <see cref="Error"/>.
    /// What contradicts <see cref="Spec"/> is refused.
    /// </summary>
    [JsonPropertyName("judgment")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<Judgment?> Judgment { get; init; }

    /// <summary>
    /// Names the verdict's own Log; up to 255 UTF-8 bytes. Default: the AMQP <c>message_id</c>, else a hash of the
    /// message. Of the API's later dialect.
    /// </summary>
    [JsonPropertyName("log_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LogId { get; init; }

    /// <summary>
    /// Path of the Evaluator, name included, which locates it: <c>folder/name</c> or <c>name</c>. Default: none; an
    /// unknown path makes the Evaluator.
    /// </summary>
    [JsonPropertyName("path")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Path { get; init; }

    /// <summary>Id of an existing Evaluator; not of the Log. Default: none.</summary>
    [JsonPropertyName("id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    /// <summary>
    /// A Version of the Evaluator to log to, by id. Default: none. The page's query parameter of this name.
    /// </summary>
    [JsonPropertyName("version_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? VersionId { get; init; }

    /// <inheritdoc cref="ToolLogged.VersionEnvironment" />
    [JsonPropertyName("version_environment")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? VersionEnvironment { get; init; }

    /// <summary>
    /// The Log to nest this one under. Default: none. What was judged is <see cref="ParentId"/>, and a verdict is never
    /// a member of the Trace that it judges.
    /// </summary>
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

    /// <summary>Why there is no judgment, where judging failed. Default: none.</summary>
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
    /// Complete says that the verdict will not change. Default: unspecified. Of the API's later dialect.
    /// </summary>
    [JsonPropertyName("log_status")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TraceStatus? LogStatus { get; init; }

    /// <summary>
    /// Details of the Evaluator: the Version they describe is logged to, and made when it is new. Default: none.
    /// </summary>
    [JsonPropertyName("spec")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EvaluatorDetails? Spec { get; init; }

    /// <summary>The chat message of a judging model. Default: none. Of the API's later dialect.</summary>
    [JsonPropertyName("output_message")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(PlainJson.Converter<Dictionary<string, object?>>))]
    public Dictionary<string, object?>? OutputMessage { get; init; }

    /// <summary>True once a person has finished with the Log. Default: none. Of the API's later dialect.</summary>
    [JsonPropertyName("marked_completed")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? MarkedCompleted { get; init; }

    /// <inheritdoc cref="ToolLogged.SentAt" />
    [JsonPropertyName("sent_at")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SentAt { get; init; }
}
