namespace Worker.Files;

/// <summary>
/// Whether an Evaluator judges the Logs of a File, and in which Version, as the latest message says: see
/// <see cref="Deployment"/> for which is the latest.
/// </summary>
/// <param name="VersionId">Null: the one in the Environment.</param>
/// <param name="Environment">Of the Evaluator; null where the Version is named.</param>
internal sealed record Monitoring(
    string FileId, string EvaluatorId, string? VersionId, string? Environment, bool IsActive)
{
    /// <summary>In microseconds since the Unix epoch.</summary>
    public long OccurredAt { get; init; }

    /// <summary>Of the message that said so.</summary>
    public string MessageId { get; init; } = "";

    public bool IsLaterThan(Monitoring other) => OccurredAt != other.OccurredAt
        ? OccurredAt > other.OccurredAt
        : string.CompareOrdinal(MessageId, other.MessageId) > 0;
}
