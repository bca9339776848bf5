namespace Worker.Storage;

/// <summary>How many bytes are copied, of how many; all of them while the copy is looked through.</summary>
internal readonly record struct BackupProgress(long Copied, long Total)
{
    public bool IsCopied => Copied == Total;
}
