using Worker.Traces;

namespace Worker.Files;

/// <summary>
/// The Version in a named slot of a File, as the latest message says. The latest is the one with the later
/// <see cref="OccurredAt"/>, then the greater <see cref="MessageId"/>, whichever arrives first.
/// </summary>
/// <param name="Environment">The slot; <see cref="DefaultEnvironment"/> is the File's default deployment.</param>
/// <param name="VersionId">Null: it is empty again.</param>
internal sealed record Deployment(string FileId, string Environment, string? VersionId)
{
    public const string DefaultEnvironment = VersionRequest.DefaultEnvironment;

    /// <summary>In microseconds since the Unix epoch.</summary>
    public long OccurredAt { get; init; }

    /// <summary>Of the message that said so.</summary>
    public string MessageId { get; init; } = "";

    public DeploymentKey Key => new(FileId, Environment);

    public bool IsLaterThan(Deployment other) => OccurredAt != other.OccurredAt
        ? OccurredAt > other.OccurredAt
        : string.CompareOrdinal(MessageId, other.MessageId) > 0;
}
