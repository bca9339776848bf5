using Worker.Traces;

namespace Worker.Storage;

/// <summary>By id, what a store knows of the Files, Versions and deployments that were asked for.</summary>
internal sealed record FileCatalog(
    IReadOnlyDictionary<string, TraceFile> Files,
    IReadOnlyDictionary<string, FileVersion> Versions,
    IReadOnlyCollection<Deployment> Deployments)
{
    public static readonly FileCatalog Empty = new(new Dictionary<string, TraceFile>(), new Dictionary<string, FileVersion>(), []);
}
