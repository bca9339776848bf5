namespace Worker.Client;

/// <summary>Reads one segment in order; what follows the first record that is not whole is left out.</summary>
internal sealed class SegmentReader
{
    private ReadOnlyMemory<byte> _rest;
    private ReadOnlyMemory<byte> _next;

    private SegmentReader(string path, byte[] segment)
    {
        Path = path;
        Length = segment.Length;
        if (segment.AsSpan().StartsWith(SpoolRecord.Magic))
            _rest = _next = segment.AsMemory(SpoolRecord.Magic.Length);
        else
            Unreadable = segment.Length;
    }

    public string Path { get; }

    public long Length { get; }

    /// <summary>Bytes at its end that are no records, as far as is known yet.</summary>
    public long Unreadable { get; private set; }

    public bool IsAtEnd => _rest.IsEmpty && Unreadable == 0;

    /// <summary>Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public static SegmentReader Open(string path) => new(path, File.ReadAllBytes(path));

    /// <summary>The next records, the same until <see cref="Advance"/>; empty at the end.</summary>
    public List<OutgoingMessage> Peek(int count, long bytes)
    {
        var messages = new List<OutgoingMessage>();
        _next = _rest;
        while (messages.Count < count && bytes > 0)
        {
            if (!SpoolRecord.TryRead(ref _next, out var message))
            {
                Unreadable = Math.Max(Unreadable, _next.Length);
                break;
            }

            messages.Add(message);
            bytes -= message.Body.Length;
        }

        return messages;
    }

    /// <summary>Behind what was peeked at.</summary>
    public void Advance() => _rest = _next;
}
