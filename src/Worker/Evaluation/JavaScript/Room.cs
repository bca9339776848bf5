namespace Worker.Evaluation.JavaScript;

/// <summary>A fixed place for what comes from one descriptor.</summary>
internal sealed class Room
{
    private const int SetFlags = 4;
    private const int NonBlocking = 2048;

    private byte[] _bytes = [];
    private int _size;

    public int Descriptor { get; private set; } = -1;

    public int Count { get; private set; }

    public bool IsFull => Count == _size;

    public ReadOnlySpan<byte> Content => _bytes.AsSpan(0, Count);

    public void Prepare(int descriptor, int size)
    {
        if (_bytes.Length < size)
            _bytes = new byte[size];
        (Descriptor, Count, _size) = (descriptor, 0, size);
        Libc.Check(Libc.Control(descriptor, SetFlags, NonBlocking), "fcntl");
    }

    /// <summary>False when nothing more came: for now, for good, or because it is full.</summary>
    public bool Take()
    {
        if (IsFull)
            return false;
        var came = (int)Libc.Read(Descriptor, ref _bytes[Count], _size - Count);
        Count += Math.Max(came, 0);
        return came > 0;
    }

    public void Wipe() => Array.Clear(_bytes, 0, Count);
}
