using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Worker.Ingestion;
using Worker.Traces;

namespace Worker.Tests.Ingestion;

public sealed class LenientDateTests
{
    [Theory]
    [InlineData("253402300799999", "9999-12-31T23:59:59.999000Z")]
    [InlineData("253402300799999.999", "9999-12-31T23:59:59.999999Z")]
    [InlineData("-62135596800", "0001-01-01T00:00:00Z")]
    [InlineData("-62135596800000", "0001-01-01T00:00:00Z")]
    [InlineData("99999999999", "5138-11-16T09:46:39Z")]
    [InlineData("1e11", "1973-03-03T09:46:40Z")]
    [InlineData("17.20478435e8", "2024-07-08T22:40:35Z")]
    [InlineData("0", "1970-01-01T00:00:00Z")]
    [InlineData("-0.0", "1970-01-01T00:00:00Z")]
    [InlineData("1e-400", "1970-01-01T00:00:00Z")]
    [InlineData("-0.5", "1969-12-31T23:59:59.500000Z")]
    [InlineData("\"0001-01-01T00:00:00Z\"", "0001-01-01T00:00:00Z")]
    [InlineData("\"0001-01-01\"", "0001-01-01T00:00:00Z")]
    [InlineData("\"9999-12-31T23:59:59.999999Z\"", "9999-12-31T23:59:59.999999Z")]
    [InlineData("\"9999-12-31T23:59:59.9999999999Z\"", "9999-12-31T23:59:59.999999Z")]
    [InlineData("\"0001-01-01T01:00:00+01:00\"", "0001-01-01T00:00:00Z")]
    [InlineData("\"2024-02-29T12:00:00,5Z\"", "2024-02-29T12:00:00.500000Z")]
    [InlineData("\"2024-07-08T22:40:35,123456+02:00\"", "2024-07-08T20:40:35.123456Z")]
    [InlineData("\"2024-07-08t22:40:35z\"", "2024-07-08T22:40:35Z")]
    [InlineData("\"2024-07-08 22:40\"", "2024-07-08T22:40:00Z")]
    [InlineData("\"2024-07-08 22:40:35 -0330\"", "2024-07-09T02:10:35Z")]
    [InlineData("\"2024-07-08T22:40:35-11\"", "2024-07-09T09:40:35Z")]
    [InlineData("\"2024\\u002d07-08T22:40:35Z\"", "2024-07-08T22:40:35Z")]
    [InlineData("\"1969-12-31T23:59:59.9999999Z\"", "1969-12-31T23:59:59.999999Z")]
    public void Dates_are_read_as_clients_send_them(string json, string expected) =>
        Timestamps.Format(Read(json).ShouldNotBeNull()).ShouldBe(expected);

    [Theory]
    [InlineData("253402300800000")]
    [InlineData("253402300800000.0")]
    [InlineData("253402300799999.9999")]
    [InlineData("-62135596800001")]
    [InlineData("-62135596801")]
    [InlineData("9223372036854775807")]
    [InlineData("-9223372036854775808")]
    [InlineData("1e15")]
    [InlineData("1e300")]
    [InlineData("-1e400")]
    [InlineData("1e99999999999999999999999999")]
    [InlineData("79228162514264337593543950336")]
    [InlineData("\"10000-01-01T00:00:00Z\"")]
    [InlineData("\"0000-01-01T00:00:00Z\"")]
    [InlineData("\"+010000-01-01T00:00:00Z\"")]
    [InlineData("\"0001-01-01T00:00:00+00:01\"")]
    [InlineData("\"9999-12-31T23:59:59-00:01\"")]
    [InlineData("\"2023-02-29\"")]
    [InlineData("\"2024-13-01\"")]
    [InlineData("\"2024-00-10\"")]
    [InlineData("\"2024-01-00\"")]
    [InlineData("\"2024-01-01T24:00:00Z\"")]
    [InlineData("\"2024-01-01T23:60:00Z\"")]
    [InlineData("\"2024-01-01T23:59:60Z\"")]
    [InlineData("\"2024-01-01T12\"")]
    [InlineData("\"2024-01-01T12:00:00.Z\"")]
    [InlineData("\"2024-01-01T12:00:00+25:00\"")]
    [InlineData("\"2024-01-01T12:00:00+01:60\"")]
    [InlineData("\"2024-01-01T12:00:00 \"")]
    [InlineData("\"2024-01-01T12:00:00Zulu\"")]
    [InlineData("\"2024-01-01\\n\"")]
    [InlineData("\"\u0662\u0660\u0662\u0664-01-01\"")]
    [InlineData("\"12:00\"")]
    [InlineData("\"Mon, 08 Jul 2024 22:40:35 GMT\"")]
    [InlineData("\"1720478435\"")]
    [InlineData("\"\"")]
    [InlineData("\"\\ufffe\"")]
    [InlineData("true")]
    [InlineData("{}")]
    public void What_no_calendar_has_is_no_date(string json) => Read(json).ShouldBeNull();

    [Fact]
    public void Every_instant_is_read_as_it_is_formatted() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(Instants().ToArbitrary(), instant =>
        {
            var text = JsonValue.FromText(Timestamps.Format(instant));
            Timestamps.Parse(text).ShouldBe(instant);
            LenientDate.IsNormal(text.Utf8.Span).ShouldBeTrue();
            // What is less than 1e11 is taken as seconds; before -62135596800 of them no calendar begins.
            var number = instant / 1000m;
            LenientDate.Read(JsonTokenType.Number, JsonValue.Parse(number.ToString(CultureInfo.InvariantCulture)))
                .ShouldBe(Math.Abs(number) >= 1e11m ? instant : number >= -62_135_596_800 ? instant * 1000 : null);
        }));

    [Theory]
    [InlineData("2024-07-08 22:40:35Z")]
    [InlineData("2024-07-08T22:40:35z")]
    [InlineData("2024-07-08T22:40:35.000000Z")]
    [InlineData("2024-07-08T22:40:35,123456Z")]
    [InlineData("2024-07-08T22:40:35.12345 Z")]
    [InlineData("2024-07-08T22:40+00:0Z")]
    public void Another_spelling_is_not_the_normal_one(string text) =>
        LenientDate.IsNormal(JsonValue.FromText(text).Utf8.Span).ShouldBeFalse();

    private static long? Read(string json)
    {
        var reader = new Utf8JsonReader(JsonValue.Parse(json).Utf8.Span);
        reader.Read();
        return LenientDate.Read(reader.TokenType, Some.Json(json));
    }

    private static Gen<long> Instants() => Gen.OneOf(
        Gen.Elements(Timestamps.First, Timestamps.First + 1, Timestamps.Last, Timestamps.Last - 1, -1, 0, 1, 999_999),
        from day in Gen.Choose(0, 3_652_058)
        from second in Gen.Choose(0, 86_399)
        from microsecond in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 999_999))
        select Timestamps.First + (((day * 86_400L) + second) * 1_000_000) + microsecond);
}
