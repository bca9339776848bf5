using System.Buffers.Binary;

namespace Worker.Storage.Bson;

/// <summary>How many bytes a value takes.</summary>
internal static class BsonSize
{
    /// <param name="rest">The value, and whatever follows it.</param>
    public static int Of(BsonType type, ReadOnlySpan<byte> rest)
    {
        var size = type switch
        {
            BsonType.Null or BsonType.Undefined or BsonType.MinKey or BsonType.MaxKey => 0,
            BsonType.Boolean => 1,
            BsonType.Int32 => 4,
            BsonType.Double or BsonType.Date or BsonType.Int64 or BsonType.Timestamp => 8,
            BsonType.ObjectId => 12,
            BsonType.Decimal128 => 16,
            BsonType.String or BsonType.JavaScript or BsonType.Symbol => String(rest),
            BsonType.DbPointer => String(rest) + 12,
            BsonType.Document or BsonType.Array or BsonType.JavaScriptWithScope => Length(rest),
            BsonType.Binary => 5L + Length(rest),
            BsonType.RegularExpression => RegularExpression(rest),
            _ => throw new BsonException($"0x{(byte)type:X2} is no type of BSON."),
        };
        if (size > rest.Length)
            throw new BsonException($"A {type} of {size} bytes does not fit into the {rest.Length} that are left.");
        return (int)size;
    }

    private static long String(ReadOnlySpan<byte> rest)
    {
        var length = Length(rest);
        if (length < 1 || length > rest.Length - 4 || rest[3 + length] != 0)
            throw new BsonException("A string does not end where its length says.");
        return 4L + length;
    }

    private static int Length(ReadOnlySpan<byte> rest) =>
        BinaryPrimitives.TryReadInt32LittleEndian(rest, out var length) && length >= 0
            ? length
            : throw new BsonException("A value has no length, or one below zero.");

    private static long RegularExpression(ReadOnlySpan<byte> rest)
    {
        var pattern = rest.IndexOf((byte)0);
        var options = rest[(pattern + 1)..].IndexOf((byte)0);
        return pattern < 0 || options < 0 ? throw new BsonException("A regular expression has no end.") : pattern + options + 2L;
    }
}
