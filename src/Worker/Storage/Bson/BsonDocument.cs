using System.Collections;
using System.Text;

namespace Worker.Storage.Bson;

/// <summary>
/// A small document, built where it is used: <c>new BsonDocument { { "find", "logs" }, { "limit", 1 } }</c>. What is null is
/// left out. Complete once its bytes were asked for.
/// </summary>
internal sealed class BsonDocument : IEnumerable
{
    private readonly BsonWriter _bson;

    /// <param name="capacity">Bytes that it is known to take; it grows beyond.</param>
    public BsonDocument(int capacity = 256)
    {
        _bson = new(capacity);
        _bson.Start();
    }

    public ReadOnlyMemory<byte> Bytes => _bson.Complete();

    public void Add(string name, string? value)
    {
        if (value is not null)
            _bson.WriteString(Utf8(name), value);
    }

    public void Add(string name, int value) => _bson.WriteInt32(Utf8(name), value);

    public void Add(string name, int? value)
    {
        if (value is { } number)
            _bson.WriteInt32(Utf8(name), number);
    }

    public void Add(string name, long value) => _bson.WriteInt64(Utf8(name), value);

    public void Add(string name, double value) => _bson.WriteDouble(Utf8(name), value);

    public void Add(string name, bool value) => _bson.WriteBool(Utf8(name), value);

    /// <summary>As a date, which holds whole milliseconds; cut to them.</summary>
    public void Add(string name, DateTimeOffset? value)
    {
        if (value is { } instant)
            _bson.WriteDate(Utf8(name), instant.ToUnixTimeMilliseconds());
    }

    public void Add(string name, ReadOnlyMemory<byte>? bytes)
    {
        if (bytes is { } value)
            _bson.WriteBinary(Utf8(name), value.Span);
    }

    public void Add(string name, BsonDocument? value)
    {
        if (value is not null)
            _bson.WriteEncoded(BsonType.Document, Utf8(name), value.Bytes.Span);
    }

    public void Add(string name, BsonArray? value)
    {
        if (value is not null)
            _bson.WriteEncoded(BsonType.Array, Utf8(name), value.Bytes.Span);
    }

    /// <summary>As an array, which need not be built first.</summary>
    public void Add(string name, IEnumerable<BsonDocument> items)
    {
        _bson.StartArray(Utf8(name));
        foreach (var item in items)
            _bson.WriteEncoded(BsonType.Document, default, item.Bytes.Span);
        _bson.End();
    }

    public void Add(string name, BsonView value) => _bson.WriteEncoded(BsonType.Document, Utf8(name), value.Bytes.Span);

    public void Add(string name, BsonElement value) => _bson.WriteEncoded(value.Type, Utf8(name), value.Value.Span);

    public void AddNull(string name) => _bson.WriteNull(Utf8(name));

    public void AddTimestamp(string name, ulong value) => _bson.WriteTimestamp(Utf8(name), value);

    /// <summary>As <see cref="JsonBson"/> says.</summary>
    public void AddJson(string name, ReadOnlyMemory<byte>? json)
    {
        if (json is { } value)
            JsonBson.Write(_bson, Utf8(name), value.Span);
    }

    /// <summary>There for the collection initializer; it enumerates the elements that a <see cref="BsonView"/> finds.</summary>
    public IEnumerator GetEnumerator()
    {
        foreach (var element in new BsonView(Bytes))
            yield return element;
    }

    private static byte[] Utf8(string name) => Encoding.UTF8.GetBytes(name);
}
