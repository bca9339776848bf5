using System.Buffers.Binary;

namespace Worker.Front.Otlp;

/// <summary>
/// Goes over the fields of one protobuf message, in place: what lies in it is a slice, and what nobody asks for is
/// passed over. Throws <see cref="UnreadableExportException"/> where the bytes are no such message.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The number of the field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>Of a field that is a number, whatever its width: its bits.</summary>
    public ulong Number { get; private set; }

    /// <summary>Of a field that is a text, bytes, or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>False at the end.</summary>
    public bool Read()
    {
        if (_rest.IsEmpty)
            return false;
        var tag = Varint();
        Field = (int)(tag >> 3);
        Number = 0;
        Bytes = default;
        switch (tag & 7)
        {
            case 0: Number = Varint(); break;
            case 1: Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8)); break;
            case 2: Bytes = Take(Varint()); break;
            case 5: Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4)); break;
            default: throw Unreadable();
        }

        return Field > 0 ? true : throw Unreadable();
    }

    private static UnreadableExportException Unreadable() =>
        new("The body is no protobuf message of OTLP, or is cut off; send an ExportTraceServiceRequest whole");

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
            throw Unreadable();
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private ulong Varint()
    {
        var value = 0ul;
        for (var i = 0; i < 10 && i < _rest.Length; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if ((_rest[i] & 0x80) != 0)
                continue;
            _rest = _rest[(i + 1)..];
            return value;
        }

        throw Unreadable();
    }
}
