using System.Text;
using Shouldly;
using Worker.Storage.Bson;
using Xunit;

namespace Worker.Tests.Storage.Bson;

// The encodings are those of the BSON specification's own corpus.
public sealed class Decimal128Tests
{
    [Theory]
    [InlineData("0", "00000000000000000000000000004030")]
    [InlineData("-0", "000000000000000000000000000040B0")]
    [InlineData("1", "01000000000000000000000000004030")]
    [InlineData("0.1", "01000000000000000000000000003E30")]
    [InlineData("0.1234567890123456789012345678901234", "F2AF967ED05C82DE3297FF6FDE3CFC2F")]
    [InlineData("1E+3", "01000000000000000000000000004630")]
    [InlineData("1E-6176", "01000000000000000000000000000000")]
    [InlineData("9.999999999999999999999999999999999E+6144", "FFFFFFFF638E8D37C087ADBE09EDFF5F")]
    public void A_number_is_encoded_as_the_specification_says(string text, string hex)
    {
        var value = Decimal128.Parse(Encoding.ASCII.GetBytes(text)).ShouldNotBeNull();
        var bytes = new byte[16];
        value.Write(bytes);

        Convert.ToHexString(bytes).ShouldBe(hex);
        Decimal128.Read(bytes).ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("000000000000000000000000000000F8", "-Infinity")]
    [InlineData("00000000000000000000000000000078", "Infinity")]
    [InlineData("0000000000000000000000000000007C", "NaN")]
    public void What_is_no_number_says_so(string hex, string text)
    {
        var value = Decimal128.Read(Convert.FromHexString(hex));

        value.IsFinite.ShouldBeFalse();
        value.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("12345678901234567890123456789012345")]
    [InlineData("1e6112")]
    [InlineData("1e-6177")]
    [InlineData("1e99999999999")]
    public void A_number_without_room_is_none(string text)
    {
        Decimal128.Parse(Encoding.ASCII.GetBytes(text)).ShouldBeNull();
    }
}
