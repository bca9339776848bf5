namespace Worker.Front.Otlp;

/// <summary>
/// Who made the spans of one list, as it is found on the way: what names it may come before the spans or after them.
/// </summary>
internal sealed class JsonScope(JsonResource resource)
{
    private SpanOrigin? _origin;

    /// <summary>The scope's JSON; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Json { get; set; }

    /// <summary>Once all has been found.</summary>
    public SpanOrigin Origin => _origin ??= new(resource.Attributes, Name());

    private string Name()
    {
        var name = "";
        foreach (var (member, part) in JsonParts.Members(Json))
        {
            if (member == "name")
                name = part.Text ?? name;
        }

        return name;
    }
}
