using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Worker.Ingestion;
using Worker.Masking;

namespace Worker.Tests.Masking;

public sealed class MaskingLaws
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(2000);

    /// <summary>What secrets, and what is nearly one, is made of.</summary>
    private static readonly string[] Parts =
    [
        .. Secrets.ByShape.Keys.Select(Secrets.InText), Secrets.PrivateKey, Secrets.PrivateKey[..60], "-----BEGIN ",
        "-----", "sk-", "eyJ", "4111 1111", "4111", "1111", " ", "-", ".", ":", "/", "@", "://a:", "\n", "\\n", "\"", "\\", "{", "}",
        "[masked: card]", "[masked: ", "]", "Bearer ", "E123456", "log_id", "é", "😀", "\u0001", "0.", "\\u0041", ",",
    ];

    private static readonly Masker[] Maskers =
    [
        new(MaskRules.Default),
        new(MaskingSettings.Read(Configured.With(
            ("Masking:Patterns:employee", "E[0-9]+"),
            ("Masking:Patterns:edge", @"^\W|\d$|\bm"),
            ("Masking:Fields", "inputs.password, metadata"),
            ("Masking:Except", "metadata.kept"))).Rules),
    ];

    private static Gen<string> Texts =>
        from count in Gen.Choose(0, 8)
        from parts in Gen.Elements(Parts).ArrayOf(count)
        select string.Concat(parts);

    private static Gen<byte[]> Messages =>
        from texts in Texts.ArrayOf(5)
        select JsonSerializer.SerializeToUtf8Bytes(new
        {
            log_id = texts[0], output = texts[1], inputs = new { password = texts[2], a = texts[3] },
            metadata = new { kept = texts[0], b = new[] { texts[4] } },
        });

    [Fact]
    public void A_masked_message_masked_again_is_the_same() => Check.One(Config, Prop.ForAll(
        Messages.ToArbitrary(),
        message =>
        {
            foreach (var masker in Maskers)
            {
                var once = masker.Mask(message);
                JsonDocument.Parse(once.Body).Dispose();
                masker.Mask(once.Body).Body.ShouldBe(once.Body);
            }
        }));

    [Fact]
    public void A_masked_text_masked_again_is_the_same() => Check.One(Config, Prop.ForAll(
        Texts.ToArbitrary(),
        text =>
        {
            foreach (var masker in Maskers)
            {
                var once = masker.Mask(Encoding.UTF8.GetBytes(text));
                masker.Mask(once.Body).Body.ToArray().ShouldBe(once.Body.ToArray());
            }
        }));

    /// <summary>The quick look at the whole must find whatever is found value by value.</summary>
    [Fact]
    public void What_is_passed_over_at_once_has_nothing_to_be_masked() => Check.One(Config, Prop.ForAll(
        Messages.ToArbitrary(),
        message =>
        {
            // A pattern that finds nothing: every value is looked at.
            var thorough = new Masker(MaskingSettings.Read(Configured.With(("Masking:Patterns:none", "\u0002\u0003"))).Rules);
            Maskers[0].Mask(message).Body.ToArray().ShouldBe(thorough.Mask(message).Body.ToArray());
        }));

    [Fact]
    public void Two_workers_make_the_same_of_a_message_and_so_does_one_that_finds_it_masked() => Check.One(Config, Prop.ForAll(
        Messages.ToArbitrary(),
        message =>
        {
            var delivery = Some.Delivery(Encoding.UTF8.GetString(message), "tool.logged") with { MessageId = null };
            var one = new MessageDecoder(1024 * 1024, new(MaskRules.Default)).Decode(delivery).Message;
            var again = new MessageDecoder(1024 * 1024, new(MaskRules.Default)).Decode(
                delivery with { Body = Maskers[0].Mask(message).Body }).Message;
            (one?.LogId, one?.BodyHash).ShouldBe((again?.LogId, again?.BodyHash));
            one?.Changes.Select(change => change.ToString()).ShouldBe(again!.Changes.Select(change => change.ToString()));
        }));
}
