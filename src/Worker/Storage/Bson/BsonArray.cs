using System.Collections;

namespace Worker.Storage.Bson;

/// <summary>A small array, built where it is used. Complete once its bytes were asked for.</summary>
internal sealed class BsonArray : IEnumerable
{
    private readonly BsonWriter _bson = new();

    public BsonArray() => _bson.StartArray();

    public int Count { get; private set; }

    public static BsonArray Of(IEnumerable<string> values)
    {
        var array = new BsonArray();
        foreach (var value in values)
            array.Add(value);
        return array;
    }

    public ReadOnlyMemory<byte> Bytes => _bson.Complete();

    public void Add(string value)
    {
        _bson.WriteString(default, value);
        Count++;
    }

    public void Add(long value)
    {
        _bson.WriteInt64(default, value);
        Count++;
    }

    public void Add(bool value)
    {
        _bson.WriteBool(default, value);
        Count++;
    }

    public void Add(DateTimeOffset value)
    {
        _bson.WriteDate(default, value.ToUnixTimeMilliseconds());
        Count++;
    }

    public void Add(BsonDocument value)
    {
        _bson.WriteEncoded(BsonType.Document, default, value.Bytes.Span);
        Count++;
    }

    public void Add(BsonArray value)
    {
        _bson.WriteEncoded(BsonType.Array, default, value.Bytes.Span);
        Count++;
    }

    /// <summary>There for the collection initializer; it enumerates the items that a <see cref="BsonView"/> finds.</summary>
    public IEnumerator GetEnumerator()
    {
        foreach (var element in new BsonView(Bytes))
            yield return element;
    }
}
