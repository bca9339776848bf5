namespace Worker.Traces;

/// <summary>
/// A thing that Logs ask for and that may not be there yet: a <see cref="FileKey"/>, a <see cref="VersionKey"/> or a
/// <see cref="DeploymentKey"/>, and nothing else. Compared part by part, never as a text joined of them.
/// </summary>
internal abstract record CatalogKey
{
    private protected CatalogKey()
    {
    }
}

/// <summary>The File of that id.</summary>
internal sealed record FileKey(string FileId) : CatalogKey
{
    public override string ToString() => $"file {FileId}";
}

/// <summary>The Version of that id, of whichever File.</summary>
internal sealed record VersionKey(string VersionId) : CatalogKey
{
    public override string ToString() => $"version {VersionId}";
}

/// <summary>What is deployed to that Environment of that File.</summary>
internal sealed record DeploymentKey(string FileId, string Environment) : CatalogKey
{
    public override string ToString() => $"deployment to {Environment} of file {FileId}";
}
