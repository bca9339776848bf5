namespace Worker.Storage;

/// <summary>What an inbox holds.</summary>
/// <param name="Bytes">Of the bodies.</param>
/// <param name="Oldest">When the first of it was received; null where there is nothing.</param>
internal sealed record InboxSize(long Messages, long Bytes, DateTimeOffset? Oldest)
{
    public static readonly InboxSize Empty = new(0, 0, null);
}
