namespace Worker.Storage;

/// <summary>A Log as one JSON document.</summary>
internal static class LogDocument
{
    /// <summary>A longer document is refused as too large, in every store: the limit of the strictest one.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;
}
