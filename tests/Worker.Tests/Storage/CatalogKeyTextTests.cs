using FsCheck;
using FsCheck.Fluent;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Storage;

public sealed class CatalogKeyTextTests
{
    private static readonly Gen<string> Ids = Gen.ArrayOf(Gen.Elements(':', '%', 'a', 'b', '3', 'A', '2', '5', '\0', '\ud83d', 'f')).Select(units => new string(units));

    private static readonly Gen<CatalogKey> Keys = Gen.OneOf(
        Ids.Select(CatalogKey (id) => new FileKey(id)),
        Ids.Select(CatalogKey (id) => new VersionKey(id)),
        Ids.SelectMany(file => Ids, CatalogKey (file, environment) => new DeploymentKey(file, environment)));

    [Fact]
    public void Every_key_is_read_as_it_was_written() =>
        Prop.ForAll(Keys.ToArbitrary(), key => CatalogKeyText.Parse(CatalogKeyText.Of(key)) == key).Check(
            Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void No_two_keys_share_a_text() =>
        Prop.ForAll(
            Gen.Two(Keys).ToArbitrary(),
            pair => pair.Item1 == pair.Item2 || CatalogKeyText.Of(pair.Item1) != CatalogKeyText.Of(pair.Item2))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Keys_of_derived_ids_are_written_plainly()
    {
        CatalogKeyText.Of(new FileKey("tl_1")).ShouldBe("file:tl_1");
        CatalogKeyText.Of(new VersionKey("tlv_1")).ShouldBe("version:tlv_1");
        CatalogKeyText.Of(new DeploymentKey("tl_1", "eu: staging 100%")).ShouldBe("deployment:tl_1:eu: staging 100%");
    }

    [Theory]
    [InlineData("")]
    [InlineData("deployment:tl_1")]
    [InlineData("tl_1")]
    public void What_is_no_key_is_said_to_be_none(string text) =>
        Should.Throw<FormatException>(() => CatalogKeyText.Parse(text));

    [Fact]
    public void Text_is_sorted_as_its_bytes_are()
    {
        var units = Gen.Elements('a', 'z', '\u00e9', '\ud7ff', '\ue000', '\uffff').Select(unit => unit.ToString());
        var texts = Gen.ArrayOf(Gen.OneOf(units, Gen.Elements("\U00010000", "\U0010ffff", "\U0001f600"))).Select(
            string.Concat);
        Prop.ForAll(
            Gen.Two(texts).ToArbitrary(),
            pair => Math.Sign(Utf8Order.Instance.Compare(pair.Item1, pair.Item2)) == Math.Sign(
                Bytes(pair.Item1).AsSpan().SequenceCompareTo(Bytes(pair.Item2))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
