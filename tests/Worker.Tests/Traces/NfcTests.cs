using System.Text;
using Worker.Traces;

namespace Worker.Tests.Traces;

public sealed class NfcTests
{
    [Theory]
    [InlineData("plain/path", "plain/path")]
    [InlineData("cafe\u0301", "caf\u00e9")]
    [InlineData("odd/\ufffe", "odd/\ufffe")]
    [InlineData("e\u0301\ufffee\u0301", "\u00e9\ufffe\u00e9")]
    [InlineData("e\ufffe\u0301", "e\ufffe\u0301")]
    [InlineData("e\u0301\uffff\ufdd0", "\u00e9\uffff\ufdd0")]
    [InlineData("e\u0301\ud83d\ude00e\u0301", "\u00e9\ud83d\ude00\u00e9")]
    [InlineData("\ufffe\ufffe", "\ufffe\ufffe")]
    [InlineData("", "")]
    public void Text_is_composed_and_what_composes_with_nothing_stays(string text, string expected) =>
        Nfc.Of(text).ShouldBe(expected);

    [Fact]
    public void Half_a_surrogate_pair_stays_as_it_is()
    {
        Nfc.Of("e\u0301\ud800e\u0301").ShouldBe("\u00e9\ud800\u00e9");
        Nfc.Of("\udc00\ud800").ShouldBe("\udc00\ud800");
    }

    [Fact]
    public void Every_character_of_Unicode_has_a_form()
    {
        for (var code = 0; code <= 0x10FFFF; code++)
        {
            var text = code is >= 0xD800 and <= 0xDFFF ? ((char)code).ToString() : char.ConvertFromUtf32(code);
            Nfc.Of("a" + text).Length.ShouldBePositive();
            if (code != 0xFFFE && code is < 0xD800 or > 0xDFFF)
                Nfc.Of("a" + text).ShouldBe(("a" + text).Normalize(NormalizationForm.FormC));
        }
    }
}
