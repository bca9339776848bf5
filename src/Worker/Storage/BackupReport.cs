namespace Worker.Storage;

/// <summary>What was copied.</summary>
/// <param name="Schema">The number of its schema.</param>
internal sealed record BackupReport(long Bytes, int Schema, long Logs);
