using Worker.Files;
using Worker.Storage;

namespace Worker.Reading;

/// <summary>A File as people see it: with one of its Versions, and what is known beside it.</summary>
internal sealed record FileView
{
    public required StoredFile File { get; init; }

    /// <summary>The one that is shown; null where it has none, or not the one that was asked for.</summary>
    public required StoredVersion? Version { get; init; }

    /// <summary>All of the File, by Environment.</summary>
    public required IReadOnlyList<Deployment> Deployments { get; init; }

    /// <summary>Who was attached to it by message, and taken from it.</summary>
    public IReadOnlyList<MonitoringView> Monitorings { get; init; } = [];

    /// <summary>How many Logs the File has, of whichever Version.</summary>
    public required long Logs { get; init; }

    /// <summary>When its newest Log was created, in microseconds since the Unix epoch; null without any.</summary>
    public required long? LastUsedAt { get; init; }
}
