using FsCheck;
using FsCheck.Fluent;
using Worker.Storage.Bson;

namespace Worker.Tests.Storage.Bson;

/// <summary>Random documents: a type, a name, and the value as it is encoded; or, for documents and arrays, what they hold.</summary>
internal sealed record BsonModel(BsonType Type, string Name, byte[] Value, IReadOnlyList<BsonModel> Members)
{
    private static readonly BsonType[] Fixed8 = [BsonType.Double, BsonType.Date, BsonType.Int64, BsonType.Timestamp];

    /// <summary>The members of a random document.</summary>
    public static Gen<IReadOnlyList<BsonModel>> Documents() => Gen.Sized(size => Several(Math.Min(size, 4)));

    public static byte[] Write(IEnumerable<BsonModel> members)
    {
        var bson = new BsonWriter(16);
        bson.Start();
        foreach (var member in members)
            member.WriteTo(bson);
        bson.End();
        return bson.Written.ToArray();
    }

    /// <summary>What the bytes say; throws <see cref="BsonException"/> when they are no BSON, or nest without end.</summary>
    public static IReadOnlyList<BsonModel> Read(BsonView document, int depth = 0)
    {
        if (depth > 300)
            throw new BsonException("Too deep for this test.");
        var members = new List<BsonModel>();
        foreach (var element in document)
        {
            var isNested = element.Type is BsonType.Document or BsonType.Array;
            members.Add(new(
                element.Type,
                System.Text.Encoding.UTF8.GetString(element.Name),
                isNested ? [] : element.Value.ToArray(),
                isNested ? Read(element.AsView(), depth + 1) : []));
        }

        return members;
    }

    /// <summary>As one line, for comparing.</summary>
    public override string ToString() => $"{Type} {Name} {Convert.ToHexString(Value)} [{string.Join("; ", Members)}]";

    private void WriteTo(BsonWriter bson)
    {
        var name = System.Text.Encoding.UTF8.GetBytes(Name);
        if (Type is not (BsonType.Document or BsonType.Array))
        {
            bson.WriteEncoded(Type, name, Value);
            return;
        }

        if (Type == BsonType.Document)
            bson.StartDocument(name);
        else
            bson.StartArray(name);
        foreach (var member in Members)
            member.WriteTo(bson);
        bson.End();
    }

    private static Gen<IReadOnlyList<BsonModel>> Several(int size) =>
        from count in Gen.Choose(0, 5)
        from members in Gen.ListOf(Member(size), count)
        select (IReadOnlyList<BsonModel>)[.. members];

    private static Gen<BsonModel> Member(int size) =>
        from name in Gen.Elements("", "a", "a.b", "$set", "漢", "_id", "x y")
        from member in size == 0 ? Scalar(name) : Gen.Frequency((3, Scalar(name)), (1, Nested(name, size / 2)))
        select member;

    private static Gen<BsonModel> Nested(string name, int size) =>
        from isArray in Gen.Elements(false, true)
        from members in Several(size)
        let named = isArray ? members.Select((member, place) => member with { Name = $"{place}" }).ToList() : members
        select new BsonModel(isArray ? BsonType.Array : BsonType.Document, name, [], named);

    private static Gen<BsonModel> Scalar(string name) =>
        Gen.OneOf(
            Gen.Elements(Fixed8).SelectMany(type => Bytes(8).Select(value => new BsonModel(type, name, value, []))),
            Bytes(4).Select(value => new BsonModel(BsonType.Int32, name, value, [])),
            Bytes(12).Select(value => new BsonModel(BsonType.ObjectId, name, value, [])),
            Bytes(16).Select(value => new BsonModel(BsonType.Decimal128, name, value, [])),
            Gen.Elements<byte>(0, 1).Select(value => new BsonModel(BsonType.Boolean, name, [value], [])),
            Gen.Elements(BsonType.Null, BsonType.Undefined, BsonType.MinKey, BsonType.MaxKey).Select(type => new BsonModel(type, name, [], [])),
            Gen.Elements("", "text", "with\0nul", "🎈").Select(text => new BsonModel(BsonType.String, name, Text(text), [])),
            Gen.Choose(0, 9).SelectMany(Bytes).Select(value => new BsonModel(BsonType.Binary, name, [(byte)value.Length, 0, 0, 0, 0x80, .. value], [])));

    private static Gen<byte[]> Bytes(int count) => Gen.ArrayOf(Gen.Choose(0, 255).Select(value => (byte)value), count);

    private static byte[] Text(string text)
    {
        var utf8 = System.Text.Encoding.UTF8.GetBytes(text);
        return [(byte)(utf8.Length + 1), 0, 0, 0, .. utf8, 0];
    }
}
