using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MongoGateway.Bson;

/// <summary>Writes the documents that the gateway answers itself.</summary>
internal sealed class BsonBuilder
{
    private readonly ArrayBufferWriter<byte> _elements = new();

    public BsonBuilder Add(string name, string value)
    {
        Header(BsonType.String, name);
        Int32(Encoding.UTF8.GetByteCount(value) + 1);
        Text(value);
        return this;
    }

    public BsonBuilder Add(string name, int value)
    {
        Header(BsonType.Int32, name);
        Int32(value);
        return this;
    }

    public BsonBuilder Add(string name, long value) => Int64(BsonType.Int64, name, value);

    public BsonBuilder Add(string name, double value) => Int64(BsonType.Double, name, BitConverter.DoubleToInt64Bits(value));

    public BsonBuilder Add(string name, DateTimeOffset value) => Int64(BsonType.DateTime, name, value.ToUnixTimeMilliseconds());

    public BsonBuilder AddTimestamp(string name, long value) => Int64(BsonType.Timestamp, name, value);

    public BsonBuilder Add(string name, bool value)
    {
        Header(BsonType.Boolean, name);
        _elements.Write([(byte)(value ? 1 : 0)]);
        return this;
    }

    public BsonBuilder Add(string name, byte[] value)
    {
        Header(BsonType.Binary, name);
        Int32(value.Length);
        _elements.Write([(byte)0]);
        _elements.Write(value);
        return this;
    }

    public BsonBuilder Add(string name, BsonBuilder value) => Add(new BsonElement(BsonType.Document, name, value.Build()));

    public BsonBuilder Add<T>(string name, IEnumerable<T> items, Action<BsonBuilder, string, T> add)
    {
        var array = new BsonBuilder();
        foreach (var (index, item) in items.Index())
        {
            add(array, index.ToString(CultureInfo.InvariantCulture), item);
        }

        return Add(new BsonElement(BsonType.Array, name, array.Build()));
    }

    public BsonBuilder Add(BsonElement element)
    {
        Header(element.Type, element.Name);
        _elements.Write(element.Value.Span);
        return this;
    }

    /// <summary>Adds what the document holds.</summary>
    public BsonBuilder AddAll(ReadOnlyMemory<byte> document)
    {
        _elements.Write(document.Span[4..^1]);
        return this;
    }

    public byte[] Build()
    {
        var document = new byte[_elements.WrittenCount + 5];
        BinaryPrimitives.WriteInt32LittleEndian(document, document.Length);
        _elements.WrittenSpan.CopyTo(document.AsSpan(4));
        return document;
    }

    private BsonBuilder Int64(BsonType type, string name, long value)
    {
        Header(type, name);
        BinaryPrimitives.WriteInt64LittleEndian(_elements.GetSpan(8), value);
        _elements.Advance(8);
        return this;
    }

    private void Header(BsonType type, string name)
    {
        _elements.Write([(byte)type]);
        Text(name);
    }

    private void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_elements.GetSpan(4), value);
        _elements.Advance(4);
    }

    private void Text(string value)
    {
        Encoding.UTF8.GetBytes(value, _elements);
        _elements.Write([(byte)0]);
    }
}
