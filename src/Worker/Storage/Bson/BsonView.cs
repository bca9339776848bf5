using System.Buffers.Binary;
using System.Text;

namespace Worker.Storage.Bson;

/// <summary>
/// A BSON document or array, read where it lies: elements are found as they are asked for, and nothing is copied. Throws
/// <see cref="BsonException"/> when the bytes are no BSON; what is not looked at is not checked.
/// </summary>
internal readonly struct BsonView
{
    private const int Shortest = 5;

    /// <param name="bytes">Exactly one document.</param>
    public BsonView(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.Length < Shortest || BinaryPrimitives.ReadInt32LittleEndian(span) != span.Length || span[^1] != 0)
            throw new BsonException($"A BSON document says its length in its first four bytes and ends in a zero; these {span.Length} bytes do not.");
        Bytes = bytes;
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The first element of that name; null when there is none.</summary>
    public BsonElement? Find(ReadOnlySpan<byte> name)
    {
        foreach (var element in this)
        {
            if (element.Name.SequenceEqual(name))
                return element;
        }

        return null;
    }

    /// <inheritdoc cref="Find(ReadOnlySpan{byte})"/>
    public BsonElement? Find(string name) => Find(Encoding.UTF8.GetBytes(name));

    /// <summary>As <see cref="Find(string)"/>, of an element that has to be there.</summary>
    public BsonElement this[string name] => Find(name) ?? throw new BsonException($"The document has no element \"{name}\".");

    public Enumerator GetEnumerator() => new(Bytes);

    internal struct Enumerator(ReadOnlyMemory<byte> document)
    {
        // What is left, without the zero at the end.
        private ReadOnlyMemory<byte> _rest = document[4..^1];

        public BsonElement Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            Current = BsonElement.First(_rest, out var length);
            _rest = _rest[length..];
            return true;
        }
    }
}
