using System.Buffers.Binary;
using System.Text;

namespace MongoGateway.Bson;

/// <summary>One element, its value still as bytes of the document that holds it (writing to them changes the document).</summary>
internal readonly record struct BsonElement(BsonType Type, string Name, Memory<byte> Value)
{
    public bool IsDocument => Type is BsonType.Document or BsonType.Array;

    public string AsString() => Type == BsonType.String
        ? Encoding.UTF8.GetString(Value.Span[4..^1])
        : throw Mistyped("a string");

    public BsonDocument AsDocument() => IsDocument ? new BsonDocument(Value) : throw Mistyped("a document or an array");

    public ReadOnlySpan<byte> AsBinary() => Type == BsonType.Binary ? Value.Span[5..] : throw Mistyped("binary data");

    public long AsInt64() => Type switch
    {
        BsonType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(Value.Span),
        BsonType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(Value.Span),
        BsonType.Double => (long)BinaryPrimitives.ReadDoubleLittleEndian(Value.Span),
        _ => throw Mistyped("a number"),
    };

    public bool AsBoolean() => Type == BsonType.Boolean ? Value.Span[0] != 0 : AsInt64() != 0;

    private CommandException Mistyped(string wanted) =>
        new(ErrorCode.TypeMismatch, $"The field '{Name}' is {Type} and should be {wanted}.");
}
