using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// A Flow Log changed. Source: the page <i>Update Flow Log</i> (<c>PATCH /flows/logs/{log_id}</c>). What is absent is
/// kept, null unsets; an unknown Flow Log is created. Published as AMQP type and routing key <c>flow.log.updated</c>.
/// </summary>
public sealed record FlowLogUpdated
{
    /// <summary>The Flow Log; up to 255 UTF-8 bytes.</summary>
    [JsonPropertyName("log_id")]
    public required string LogId { get; init; }

    /// <summary>
    /// Complete makes the Trace ready to be judged, once there is output or error; never undone. Default: as it stands.
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

    /// <summary>The inputs of the Flow. Default: as they stand.</summary>
    [JsonPropertyName("inputs")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<Dictionary<string, object?>?> Inputs { get; init; }

    /// <summary>What the Flow produced; null unsets. Give this or <see cref="Error"/>. Default: as it stands.</summary>
    [JsonPropertyName("output")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Output { get; init; }

    /// <summary>The error's message; null unsets. Give this or <see cref="Output"/>. Default: as it stands.</summary>
    [JsonPropertyName("error")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Error { get; init; }

    /// <summary>
    /// The chat's messages, each as its own JSON object. Default: as they stand. Of the API's later dialect.
    /// </summary>
    [JsonPropertyName("messages")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<List<Dictionary<string, object?>>?> Messages { get; init; }

    /// <summary>The chat message produced. Default: as it stands. Of the API's later dialect.</summary>
    [JsonPropertyName("output_message")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<Dictionary<string, object?>?> OutputMessage { get; init; }

    /// <summary>Path of the Flow, name included. Default: as it stands.</summary>
    [JsonPropertyName("path")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Path { get; init; }

    /// <summary>Id of an existing Flow; not of the Log. Default: as it stands.</summary>
    [JsonPropertyName("id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Id { get; init; }

    /// <summary>Details of the Flow, which make its Version. Default: as they stand.</summary>
    [JsonPropertyName("flow")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<FlowDetails?> Flow { get; init; }

    /// <summary>A Version of the Flow, by id. Default: as it stands.</summary>
    [JsonPropertyName("version_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> VersionId { get; init; }

    /// <summary>The Environment whose deployed Version is meant. Default: as it stands.</summary>
    [JsonPropertyName("version_environment")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> VersionEnvironment { get; init; }

    /// <summary>The Log to nest this one under; null makes it a root. Default: as it stands.</summary>
    [JsonPropertyName("trace_parent_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> TraceParentId { get; init; }

    /// <summary>False: payloads are not stored, now or by any other message on this Log. Default: true.</summary>
    [JsonPropertyName("save")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Save { get; init; }

    /// <inheritdoc cref="ToolLogged.SentAt" />
    [JsonPropertyName("sent_at")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SentAt { get; init; }
}
