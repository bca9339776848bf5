namespace Worker.Reading;

/// <summary>How Logs are written as JSON.</summary>
internal sealed record LogJsonStyle
{
    /// <summary>Also the verdicts that later content superseded; each then says so.</summary>
    public bool AllRevisions { get; init; }

    public bool Indented { get; init; }

    /// <summary>What is furthest down is left out: the head then says <c>truncated: true</c>.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>
    /// For the clients of the service, which take for no Log at all what lacks a name, a date or a count of its File:
    /// see <see cref="FileJson"/>.
    /// </summary>
    public bool ForClients { get; init; }
}
