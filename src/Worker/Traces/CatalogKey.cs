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
