using Worker.Traces;

namespace Worker.Files;

/// <summary>
/// What a message says about a File: that it and a Version of it are there, what is deployed, or who judges its Logs.
/// </summary>
internal sealed record FileChange(LoggedFile? File, FileVersion? Version, Deployment? Deployment)
{
    public IReadOnlyList<Monitoring> Monitorings { get; init; } = [];

    /// <summary>What Logs may wait for and is there once this is stored.</summary>
    public IEnumerable<CatalogKey> Appears
    {
        get
        {
            if (File is not null)
                yield return new FileKey(File.Id);
            if (Version is not null)
                yield return new VersionKey(Version.Id);
            if (Deployment is { VersionId: not null })
                yield return Deployment.Key;
        }
    }
}
