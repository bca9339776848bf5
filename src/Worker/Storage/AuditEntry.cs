using System.Collections.Immutable;

namespace Worker.Storage;

/// <summary>
/// One act: who did what to what, when and from where. Holds no payload, no secret, and nobody's <c>user</c>.
/// </summary>
internal sealed record AuditEntry
{
    /// <summary>Grows with time: an entry that was begun in a later millisecond has a greater one.</summary>
    public required string Id { get; init; }

    /// <summary>When it was begun, in whole milliseconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>A key's name, a user of the operating system at a host, or <c>worker</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>Of the key, where the actor is one.</summary>
    public string? KeyId { get; init; }

    /// <summary>The command line, the address of a request, or the worker.</summary>
    public required string Origin { get; init; }

    public required AuditAct Act { get; init; }

    public AuditOutcome Outcome { get; init; }

    /// <summary>Ids of what it was done to, as many as are kept.</summary>
    public ImmutableArray<string> Subjects { get; init; } = [];

    /// <summary>How many ids it were.</summary>
    public long SubjectCount { get; init; }

    /// <summary>What it came to, by name.</summary>
    public ImmutableSortedDictionary<string, long> Counts { get; init; } =
        ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>What there is to say besides, in few words.</summary>
    public string? Note { get; init; }
}
