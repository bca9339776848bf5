using System.Buffers.Binary;
using System.Text;

namespace MongoGateway.Bson;

/// <summary>A document as bytes. Only its own level is read; what lies below is the engine's to judge.</summary>
internal readonly record struct BsonDocument(Memory<byte> Bytes)
{
    public BsonElement? Find(string name)
    {
        foreach (var element in Elements())
        {
            if (element.Name == name)
            {
                return element;
            }
        }

        return null;
    }

    /// <exception cref="CommandException">The bytes are no BSON document.</exception>
    public IEnumerable<BsonElement> Elements()
    {
        var at = 4;
        if (Bytes.Length < 5 || BinaryPrimitives.ReadInt32LittleEndian(Bytes.Span) != Bytes.Length)
        {
            throw Broken();
        }

        while (Bytes.Span[at] != 0)
        {
            var element = Read(ref at);
            yield return element;
        }

        if (at != Bytes.Length - 1)
        {
            throw Broken();
        }
    }

    private BsonElement Read(ref int at)
    {
        var type = (BsonType)Bytes.Span[at];
        var nameLength = TextLength(at + 1);
        var name = Encoding.UTF8.GetString(Bytes.Span.Slice(at + 1, nameLength));
        var start = at + nameLength + 2;
        var length = Length(type, start);
        // The document's own closing zero must still follow.
        if (length < 0 || length >= Bytes.Length - start)
        {
            throw Broken();
        }

        at = start + length;
        return new BsonElement(type, name, Bytes.Slice(start, length));
    }

    private int Length(BsonType type, int at) => type switch
    {
        BsonType.Undefined or BsonType.Null or BsonType.MinKey or BsonType.MaxKey => 0,
        BsonType.Boolean => 1,
        BsonType.Int32 => 4,
        BsonType.Double or BsonType.DateTime or BsonType.Timestamp or BsonType.Int64 => 8,
        BsonType.ObjectId => 12,
        BsonType.Decimal128 => 16,
        BsonType.Document or BsonType.Array => Counted(at, least: 5, extra: 0),
        BsonType.ScopedJavaScript => Counted(at, least: 14, extra: 0),
        BsonType.String or BsonType.JavaScript or BsonType.Symbol => Counted(at, least: 1, extra: 4),
        BsonType.Binary => Counted(at, least: 0, extra: 5),
        BsonType.DbPointer => Counted(at, least: 1, extra: 16),
        BsonType.Regex => TwoTexts(at),
        _ => throw Broken(),
    };

    private int Counted(int at, int least, int extra)
    {
        if (at + 4 > Bytes.Length)
        {
            throw Broken();
        }

        var count = BinaryPrimitives.ReadInt32LittleEndian(Bytes.Span[at..]);
        return count >= least && count < Bytes.Length ? count + extra : throw Broken();
    }

    private int TwoTexts(int at)
    {
        var first = TextLength(at) + 1;
        return first + TextLength(at + first) + 1;
    }

    private int TextLength(int at)
    {
        var length = at < Bytes.Length ? Bytes.Span[at..].IndexOf((byte)0) : -1;
        return length >= 0 ? length : throw Broken();
    }

    private static CommandException Broken() => new(ErrorCode.InvalidBson, "The message holds a document that is not BSON.");
}
