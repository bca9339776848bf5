using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Worker.Storage.Bson;

/// <summary>One element of a document, where it lies. What gives its value throws <see cref="BsonException"/> when it is of another type.</summary>
internal readonly struct BsonElement
{
    private readonly ReadOnlyMemory<byte> _name;

    private BsonElement(BsonType type, ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> value) => (Type, _name, Value) = (type, name, value);

    public BsonType Type { get; }

    /// <summary>UTF-8, unless somebody wrote something else.</summary>
    public ReadOnlySpan<byte> Name => _name.Span;

    /// <summary>The value as it is encoded, with its own length where the type has one.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    public bool IsNull => Type is BsonType.Null or BsonType.Undefined;

    /// <summary>Cuts the first element off <paramref name="elements"/>.</summary>
    public static BsonElement First(ReadOnlyMemory<byte> elements, out int length)
    {
        var span = elements.Span;
        var name = span[1..].IndexOf((byte)0);
        if (name < 0)
            throw new BsonException("An element's name has no end.");

        var start = name + 2;
        var size = BsonSize.Of((BsonType)span[0], span[start..]);
        length = start + size;
        return new((BsonType)span[0], elements.Slice(1, name), elements.Slice(start, size));
    }

    public string AsString() => Encoding.UTF8.GetString(AsUtf8());

    /// <summary>A string's bytes, which are UTF-8.</summary>
    public ReadOnlySpan<byte> AsUtf8()
    {
        var text = Expect(BsonType.String)[4..^1];
        return Utf8.IsValid(text) ? text : throw new BsonException($"The string \"{NameText}\" is not UTF-8.");
    }

    public string? AsStringOrNull() => IsNull ? null : AsString();

    public bool AsBool() => Expect(BsonType.Boolean)[0] != 0;

    public int AsInt32() => AsInt64() is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw Other("an int32");

    /// <summary>Any number that is a whole one: servers answer 1, 1.0 and 1 in 64 bits alike.</summary>
    public long AsInt64() => Type switch
    {
        BsonType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(Value.Span),
        BsonType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(Value.Span),
        BsonType.Double when Math.Truncate(AsDouble()) is > -1e15 and < 1e15 and var whole => (long)whole,
        _ => throw Other("a whole number"),
    };

    public double AsDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Expect(BsonType.Double));

    public Decimal128 AsDecimal128() => Decimal128.Read(Expect(BsonType.Decimal128));

    /// <summary>Milliseconds since the Unix epoch.</summary>
    public long AsDate() => BinaryPrimitives.ReadInt64LittleEndian(Expect(BsonType.Date));

    /// <summary>Of MongoDB's own clock: seconds in the upper half, a counter in the lower.</summary>
    public ulong AsTimestamp() => BinaryPrimitives.ReadUInt64LittleEndian(Expect(BsonType.Timestamp));

    public ReadOnlyMemory<byte> AsBinary(out byte subtype)
    {
        subtype = Expect(BsonType.Binary)[4];
        return Value[5..];
    }

    /// <summary>A document or an array.</summary>
    public BsonView AsView() => Type is BsonType.Document or BsonType.Array ? new(Value) : throw Other("a document");

    private string NameText => Encoding.UTF8.GetString(Name);

    private ReadOnlySpan<byte> Expect(BsonType type) => Type == type ? Value.Span : throw Other($"a {type}");

    private BsonException Other(string expected) => new($"The element \"{NameText}\" is a {Type}, not {expected}.");
}
