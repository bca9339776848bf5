using System.Text.Json.Serialization;

namespace Worker.Contracts;

/// <summary>
/// A Log is to be dropped, with its verdicts; its children become roots. Source: <c>DELETE /logs</c>. Published as AMQP
/// type and routing key <c>log.deleted</c>. What still comes for that Log is absorbed for 30 days.
/// </summary>
public sealed record LogDeleted
{
    /// <summary>The Log; up to 255 UTF-8 bytes.</summary>
    [JsonPropertyName("log_id")]
    public required string LogId { get; init; }

    /// <inheritdoc cref="ToolLogged.SentAt" />
    [JsonPropertyName("sent_at")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? SentAt { get; init; }
}
