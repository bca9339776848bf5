namespace Worker.Traces;

/// <summary>The File of that id.</summary>
internal sealed record FileKey(string FileId) : CatalogKey
{
    public override string ToString() => $"file {FileId}";
}
