using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Worker.Storage.Bson;

/// <summary>Writes one BSON document, front to back. In an array the names are its own: those given are not looked at.</summary>
internal sealed class BsonWriter(int capacity = 256)
{
    private readonly Stack<Frame> _open = new();
    private byte[] _buffer = new byte[capacity];

    /// <summary>How many bytes are written: a place to <see cref="Rewind"/> to.</summary>
    public int Length { get; private set; }

    /// <summary>What is written. Valid until more is.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    /// <summary>Begins the document itself.</summary>
    public void Start() => Open(isArray: false);

    /// <summary>Begins what is an array itself.</summary>
    public void StartArray() => Open(isArray: true);

    public void StartDocument(ReadOnlySpan<byte> name)
    {
        Name(BsonType.Document, name);
        Open(isArray: false);
    }

    public void StartArray(ReadOnlySpan<byte> name)
    {
        Name(BsonType.Array, name);
        Open(isArray: true);
    }

    /// <summary>Ends what was started last.</summary>
    public void End()
    {
        Take(1)[0] = 0;
        var start = _open.Pop().Start;
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(start), Length - start);
    }

    /// <summary>What is written, its last document ended.</summary>
    public ReadOnlyMemory<byte> Complete()
    {
        if (_open.Count > 0)
            End();
        return Written;
    }

    /// <summary>Forgets an element of the innermost document and what it holds; <paramref name="length"/> is where it began.</summary>
    public void Rewind(int length)
    {
        while (_open.Peek().Start >= length)
            _open.Pop();
        if (_open.Peek().IsArray)
            Count(-1);
        Length = length;
    }

    /// <summary>Begins again with nothing written.</summary>
    public void Clear()
    {
        _open.Clear();
        Length = 0;
    }

    public void WriteString(ReadOnlySpan<byte> name, ReadOnlySpan<byte> utf8)
    {
        Name(BsonType.String, name);
        var value = Take(utf8.Length + 5);
        BinaryPrimitives.WriteInt32LittleEndian(value, utf8.Length + 1);
        utf8.CopyTo(value[4..]);
        value[^1] = 0;
    }

    public void WriteString(ReadOnlySpan<byte> name, string text) => WriteString(name, Encoding.UTF8.GetBytes(text));

    public void WriteInt32(ReadOnlySpan<byte> name, int value)
    {
        Name(BsonType.Int32, name);
        BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);
    }

    public void WriteInt64(ReadOnlySpan<byte> name, long value) => WriteEight(BsonType.Int64, name, value);

    /// <summary>In milliseconds since the Unix epoch.</summary>
    public void WriteDate(ReadOnlySpan<byte> name, long milliseconds) => WriteEight(BsonType.Date, name, milliseconds);

    public void WriteTimestamp(ReadOnlySpan<byte> name, ulong value) => WriteEight(BsonType.Timestamp, name, (long)value);

    public void WriteDouble(ReadOnlySpan<byte> name, double value) => WriteEight(BsonType.Double, name, BitConverter.DoubleToInt64Bits(value));

    public void WriteDecimal128(ReadOnlySpan<byte> name, Decimal128 value)
    {
        Name(BsonType.Decimal128, name);
        value.Write(Take(16));
    }

    public void WriteBool(ReadOnlySpan<byte> name, bool value)
    {
        Name(BsonType.Boolean, name);
        Take(1)[0] = value ? (byte)1 : (byte)0;
    }

    public void WriteNull(ReadOnlySpan<byte> name) => Name(BsonType.Null, name);

    public void WriteBinary(ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes, byte subtype = 0)
    {
        Name(BsonType.Binary, name);
        var value = Take(bytes.Length + 5);
        BinaryPrimitives.WriteInt32LittleEndian(value, bytes.Length);
        value[4] = subtype;
        bytes.CopyTo(value[5..]);
    }

    /// <summary>A value as it is encoded.</summary>
    public void WriteEncoded(BsonType type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name(type, name);
        value.CopyTo(Take(value.Length));
    }

    private void WriteEight(BsonType type, ReadOnlySpan<byte> name, long value)
    {
        Name(type, name);
        BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);
    }

    private void Open(bool isArray)
    {
        _open.Push(new Frame(Length, isArray, 0));
        Take(4);
    }

    private void Name(BsonType type, ReadOnlySpan<byte> name)
    {
        Take(1)[0] = (byte)type;
        if (_open.Peek().IsArray)
        {
            _open.Peek().Count.TryFormat(Room(10), out var digits, default, CultureInfo.InvariantCulture);
            Length += digits;
            Count(1);
        }
        else
        {
            if (name.Contains((byte)0))
                throw new ArgumentException("A name in BSON holds no NUL.", nameof(name));
            name.CopyTo(Take(name.Length));
        }

        Take(1)[0] = 0;
    }

    private void Count(int more)
    {
        var array = _open.Pop();
        _open.Push(array with { Count = array.Count + more });
    }

    private Span<byte> Take(int count)
    {
        var room = Room(count);
        Length += count;
        return room;
    }

    private Span<byte> Room(int count)
    {
        if (_buffer.Length - Length < count)
            Array.Resize(ref _buffer, (int)Math.Min(Math.Max(_buffer.Length * 2L, (long)Length + count), Array.MaxLength));
        return _buffer.AsSpan(Length, count);
    }

    private readonly record struct Frame(int Start, bool IsArray, int Count);
}
