using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Worker.Storage.Bson;
using Worker.Storage.MongoDb;
using Xunit;

namespace Worker.Tests.Storage.Bson;

public sealed class BsonTests
{
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(1_000);

    [Fact]
    public void What_is_written_is_read_again()
    {
        Check.One(Often, Prop.ForAll(BsonModel.Documents().ToArbitrary(), members =>
            string.Join('\n', BsonModel.Read(new BsonView(BsonModel.Write(members)))) == string.Join('\n', members)));
    }

    [Fact]
    public void Garbage_is_told_and_nothing_worse()
    {
        var garbage = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();
        Check.One(Often, Prop.ForAll(garbage.ToArbitrary(), bytes => IsReadOrTold(bytes) && IsReadOrTold(Framed(bytes))));
    }

    [Fact]
    public void A_document_that_was_damaged_is_told_and_nothing_worse()
    {
        var damaged =
            from members in BsonModel.Documents()
            let bytes = BsonModel.Write(members)
            from places in Gen.ArrayOf(Gen.Choose(4, bytes.Length - 1), 3)
            from values in Gen.ArrayOf(Gen.Elements<byte>(0, 1, 2, 3, 4, 5, 0x7F, 0x80, 0xFF), 3)
            select Damage(bytes, places, values);
        Check.One(Often, Prop.ForAll(damaged.ToArbitrary(), IsReadOrTold));
    }

    [Fact]
    public void A_document_that_nests_without_end_is_told()
    {
        var bson = new BsonWriter();
        bson.Start();
        for (var level = 0; level < 100_000; level++)
            bson.StartDocument("a"u8);
        for (var level = 0; level <= 100_000; level++)
            bson.End();

        Should.Throw<BsonException>(() => JsonBson.Read(new BsonView(bson.Written)["a"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0500")]
    [InlineData("0600000000")]
    [InlineData("0500000001")]
    [InlineData("FFFFFFFF00")]
    public void What_does_not_say_its_length_is_no_document(string hex)
    {
        Should.Throw<BsonException>(() => new BsonView(Convert.FromHexString(hex)));
    }

    [Fact]
    public void A_value_of_another_type_is_told_by_its_name()
    {
        var document = new BsonView(new BsonDocument { { "text", "1" }, { "half", 1L } }.Bytes);

        Should.Throw<BsonException>(() => document["text"].AsInt64()).Message.ShouldContain("\"text\" is a String");
        Should.Throw<BsonException>(() => document["missing"]).Message.ShouldContain("missing");
    }

    [Fact]
    public void Forgetting_an_element_leaves_the_rest()
    {
        var bson = new BsonWriter();
        bson.Start();
        bson.StartArray("items"u8);
        bson.WriteInt32(default, 1);
        var length = bson.Length;
        bson.StartDocument(default);
        bson.StartArray("deep"u8);
        bson.WriteNull(default);
        bson.Rewind(length);
        bson.WriteInt32(default, 2);
        bson.End();
        bson.End();

        JsonBson.Read(new BsonView(bson.Written)["items"]).ShouldBe("[1,2]"u8.ToArray());
        new BsonView(bson.Written)["items"].AsView()["1"].AsInt32().ShouldBe(2);
    }

    private static bool IsReadOrTold(byte[] bytes)
    {
        try
        {
            var document = new BsonView(bytes);
            BsonModel.Read(document);
            foreach (var element in document)
                JsonBson.Read(element);
            MongoReplies.Check(bytes);
        }
        catch (Exception exception) when (exception is BsonException or MongoException)
        {
        }

        return true;
    }

    /// <summary>With the length and the end right, so that what is between them is looked at.</summary>
    private static byte[] Framed(byte[] bytes) => [.. BitConverter.GetBytes(bytes.Length + 5), .. bytes, 0];

    private static byte[] Damage(byte[] bytes, int[] places, byte[] values)
    {
        foreach (var (place, value) in places.Zip(values))
            bytes[place] = value;
        bytes[^1] = 0;
        return bytes;
    }
}
