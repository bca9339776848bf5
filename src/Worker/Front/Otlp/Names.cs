namespace Worker.Front.Otlp;

/// <summary>Attributes that are named in more than one place.</summary>
internal static class Names
{
    public const string FileType = "humanloop.file.type";
    public const string File = "humanloop.file.";
    public const string Log = "humanloop.log.";
    public const string Metadata = "ai.telemetry.metadata.";
}
