namespace Worker.Storage;

/// <summary>
/// A process that shares the store, as it wrote itself down: who stopped in good order took itself out again, so one
/// that was not seen for a while was killed, or does not reach the store.
/// </summary>
internal sealed record SeenWorker
{
    /// <summary>Of the process, and of no other.</summary>
    public required string Id { get; init; }

    public required string Host { get; init; }

    public required int ProcessId { get; init; }

    /// <summary>The program's, e.g. <c>1.2.3</c>.</summary>
    public required string Version { get; init; }

    /// <summary>
    /// The command that it runs, <c>run</c> or <c>serve</c>; a text, because a later version may have another.
    /// </summary>
    public required string Role { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>By its own clock.</summary>
    public required DateTimeOffset SeenAt { get; init; }
}
