using System.Buffers;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Worker.Traces;

namespace Worker.Tests.Traces;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("333333333.33333329", "333333333.3333333")]
    [InlineData("1E30", "1e+30")]
    [InlineData("4.50", "4.5")]
    [InlineData("2e-3", "0.002")]
    [InlineData("0.000000000000000000000000001", "1e-27")]
    [InlineData("-0", "0")]
    [InlineData("1e21", "1e+21")]
    [InlineData("1e20", "100000000000000000000")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("1e-7", "1e-7")]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("5e-324", "5e-324")]
    [InlineData("1.7976931348623157e308", "1.7976931348623157e+308")]
    [InlineData("-123.456e2", "-12345.6")]
    [InlineData("12345678901234567890123", "1.2345678901234568e+22")]
    public void Numbers_are_written_as_ecmascript_writes_them(string number, string expected) =>
        Form(number).ShouldBe(expected);

    [Fact]
    public void Names_are_sorted_by_their_utf_16_units() =>
        Form("""{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}""")
            .ShouldBe("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\",\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");

    [Fact]
    public void Only_what_has_to_be_is_escaped() =>
        Form("\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"").ShouldBe(
            "\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");

    [Fact]
    public void Of_a_name_that_occurs_twice_the_last_counts() => Form("""{"a":1,"b":2,"a":3}""").ShouldBe("""{"a":3,"b":2}""");

    [Fact]
    public void White_space_goes() => Form(" { \"a\" : [ 1 , true , null ] } ").ShouldBe("""{"a":[1,true,null]}""");

    [Theory]
    [InlineData("1.0", "1")]
    [InlineData("100", "1e2")]
    [InlineData("0.0", "-0e5")]
    [InlineData("1000e79228162514264337593543950335", "1e79228162514264337593543950338")]
    [InlineData("1.5e-79228162514264337593543950335", "15e-79228162514264337593543950336")]
    [InlineData("1.5e1000000000000000000", "15e999999999999999999")]
    [InlineData("10e99999999999999999999999999999999999999999", "1e100000000000000000000000000000000000000000")]
    [InlineData("1e+0000000000000000000000000000000000000000002", "100")]
    [InlineData("0e99999999999999999999999999999999999999999", "0")]
    [InlineData("{\"a\":1,\"b\":\"x\"}", "{ \"b\": \"\\u0078\", \"a\": 10e-1 }")]
    public void Values_are_equal_whatever_their_spelling(string left, string right) =>
        CanonicalJson.AreEqual(Some.Json(left), Some.Json(right)).ShouldBeTrue();

    [Theory]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("123456789012345678901234567890.1", "123456789012345678901234567890.2")]
    [InlineData("1e400", "1e401")]
    [InlineData("1e-400", "0")]
    [InlineData("1e99999999999999999", "1e99999999999999998")]
    [InlineData("1e99999999999999999999999999999999999999999", "-1e99999999999999999999999999999999999999999")]
    [InlineData("1e99999999999999999999999999999999999999999", "2e99999999999999999999999999999999999999999")]
    [InlineData("1e99999999999999999999999999999999999999999", "1e-99999999999999999999999999999999999999999")]
    [InlineData("\"1\"", "1")]
    public void Numbers_are_equal_only_as_decimals(string left, string right) =>
        CanonicalJson.AreEqual(Some.Json(left), Some.Json(right)).ShouldBeFalse();

    [Fact]
    public void Doubles_survive_their_canonical_form() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(
            ArbMap.Default.ArbFor<double>().Filter(double.IsFinite),
            number => double.Parse(Form(number.ToString("R", CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture).ShouldBe(number)));

    [Fact]
    public void Numbers_of_any_length_have_a_form()
    {
        var zeros = new string('0', 100_000);

        CanonicalJson.AreEqual(Some.Json("1" + zeros), Some.Json("1e100000")).ShouldBeTrue();
        CanonicalJson.AreEqual(Some.Json("0." + zeros + "1"), Some.Json("1e-100001")).ShouldBeTrue();
        CanonicalJson.AreEqual(Some.Json("1e1" + zeros), Some.Json("1e2" + zeros)).ShouldBeTrue(
            "what nobody tells apart");
        Form("1e" + zeros + "1").ShouldBe("10");
        Form("1e-1" + zeros).ShouldBe("0");
    }

    private static string Form(string json)
    {
        var output = new ArrayBufferWriter<byte>();
        CanonicalJson.Write(Encoding.UTF8.GetBytes(json), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
