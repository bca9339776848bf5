namespace Worker.Traces;

/// <summary>The Version of that id, of whichever File.</summary>
internal sealed record VersionKey(string VersionId) : CatalogKey
{
    public override string ToString() => $"version {VersionId}";
}
