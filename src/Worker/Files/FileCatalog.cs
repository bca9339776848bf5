namespace Worker.Files;

/// <summary>By id, what a store knows of the Files, Versions and deployments that were asked for.</summary>
internal sealed record FileCatalog(
    IReadOnlyDictionary<string, LoggedFile> Files,
    IReadOnlyDictionary<string, FileVersion> Versions,
    IReadOnlyCollection<Deployment> Deployments)
{
    public static readonly FileCatalog Empty = new(
        new Dictionary<string, LoggedFile>(), new Dictionary<string, FileVersion>(), []);
}
