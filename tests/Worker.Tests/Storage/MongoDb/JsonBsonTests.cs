using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MongoDB.Bson;
using Worker.Storage.MongoDb;
using Worker.Traces;

namespace Worker.Tests.Storage.MongoDb;

public sealed class JsonBsonTests
{
    [Fact]
    public void Any_json_comes_back_equal()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Json(3).ToArbitrary(), json =>
            CanonicalJson.AreEqual(JsonBson.ToJson(Convert(json)), Some.Json(json))));
    }

    [Theory]
    [InlineData("0", BsonType.Int32)]
    [InlineData("-2147483648", BsonType.Int32)]
    [InlineData("2147483648", BsonType.Int64)]
    [InlineData("9223372036854775807", BsonType.Int64)]
    [InlineData("9223372036854775808", BsonType.Decimal128)]
    [InlineData("123456789012345678901234567890", BsonType.Decimal128)]
    [InlineData("0.1", BsonType.Double)]
    [InlineData("1.0", BsonType.Double)]
    [InlineData("1.5e-7", BsonType.Double)]
    [InlineData("1e+21", BsonType.Double)]
    [InlineData("5e-324", BsonType.Double)]
    [InlineData("0.30000000000000004", BsonType.Double)]
    [InlineData("-0", BsonType.Decimal128)]
    [InlineData("1.50", BsonType.Decimal128)]
    [InlineData("1E+2", BsonType.Decimal128)]
    [InlineData("3.141592653589793238462643383279", BsonType.Decimal128)]
    [InlineData("1e400", BsonType.Binary)]
    [InlineData("12345678901234567890123456789012345678901", BsonType.Binary)]
    [InlineData("1e99999999999", BsonType.Binary)]
    public void A_number_keeps_its_spelling_as_the_type_that_spells_it(string number, object type)
    {
        Convert(number).BsonType.ShouldBe((BsonType)type);
        JsonBson.ToJson(Convert(number)).ToString().ShouldBe(number);
    }

    [Theory]
    [InlineData("1.5e-07", "1.5e-7")]
    [InlineData("1e5", "100000.0")]
    [InlineData("2.50e1", "25.0")]
    [InlineData("1E2", "100.0")]
    public void A_number_in_another_spelling_is_a_double_of_the_same_value(string number, string spelled)
    {
        Convert(number).BsonType.ShouldBe(BsonType.Double);
        JsonBson.ToJson(Convert(number)).ToString().ShouldBe(spelled);
    }

    [Theory]
    [InlineData("""{"$set":{"$ne":1},"a.b":{"":{"":1}},"":"","__proto__":1}""")]
    [InlineData("""{"b":1,"a":[true,false,null,{},[]]}""")]
    public void Any_name_is_a_name(string json)
    {
        Convert(json).BsonType.ShouldBe(BsonType.Document);
        JsonBson.ToJson(Convert(json)).ToString().ShouldBe(json);
    }

    [Theory]
    [InlineData("""{"a\u0000b":1}""")]
    [InlineData("""{"same":1,"same":2}""")]
    [InlineData("""{"s\u0061me":{"x":[1]}, "same":2}""")]
    public void An_object_whose_names_are_none_for_bson_is_kept_as_text_and_its_neighbours_are_not(string json)
    {
        var around = Convert($$$"""{"before":1,"list":[0,{{{json}}},2],"after":{"x":3}}""");

        var text = around["list"][1].AsBsonBinaryData;
        text.Bytes.ShouldBe(Encoding.UTF8.GetBytes(json));
        text.SubType.ShouldBe(JsonBson.TextSubtype);
        around["list"][2].AsInt32.ShouldBe(2);
        around["after"]["x"].AsInt32.ShouldBe(3);
    }

    [Fact]
    public void Many_names_are_told_apart()
    {
        var names = Enumerable.Range(0, 500).Select(number => $"\"name {number}\":{number}").ToList();

        Convert($"{{{string.Join(',', names)}}}").BsonType.ShouldBe(BsonType.Document);
        Convert($"{{{string.Join(',', names)},\"name 7\":1}}").BsonType.ShouldBe(BsonType.Binary);
    }

    [Theory]
    [InlineData(JsonBson.MaxDepth, BsonType.Int32)]
    [InlineData(JsonBson.MaxDepth + 1, BsonType.Binary)]
    [InlineData(1_000, BsonType.Binary)]
    public void What_nests_too_deep_for_a_server_is_kept_as_text(int depth, object innermost)
    {
        var json = string.Concat(Enumerable.Repeat("[", depth)) + "1" + string.Concat(Enumerable.Repeat("]", depth));
        var element = Convert(json);

        JsonBson.ToJson(element).ToString().ShouldBe(json);
        while (element.BsonType == BsonType.Array)
            element = element[0];
        element.BsonType.ShouldBe((BsonType)innermost);
    }

    private static BsonValue Convert(string json) => JsonBson.ToBson(Some.Json(json));

    private static Gen<string> Json(int depth)
    {
        var number =
            from sign in Gen.Elements("", "-")
            from whole in Gen.Elements(
                "0", "1", "42", "9007199254740993", "18446744073709551616", "1234567890123456789012345678901234567890")
            from fraction in Gen.Elements("", "", ".0", ".5", ".100", ".123456789012345678901")
            from exponent in Gen.Elements("", "", "", "e0", "E+2", "e-7", "e308", "e-400", "e6200")
            select sign + whole + fraction + exponent;
        var scalar = Gen.OneOf(number, Gen.Elements("null", "true", "false", "\"\"", "\"a\\u0000b\"", "\"\\ud83c\\udf88é\\/\"", "\"2026-01-02T03:04:05Z\""));
        if (depth == 0)
            return scalar;

        var items = Gen.Choose(0, 4).SelectMany(count => Gen.ListOf(Json(depth - 1), count));
        var names = Gen.Elements(
            "\"\"", "\"a\"", "\"$a\"", "\"a.b\"", "\"\\u0000\"", "\"\\u0061\"", "\"_id\"", "\"0\"");
        var members = Gen.Choose(0, 4).SelectMany(
            count => Gen.ListOf(names.SelectMany(name => Json(depth - 1).Select(value => $"{name}: {value}")), count));
        return Gen.OneOf(
            scalar,
            items.Select(list => $"[{string.Join(" , ", list)}]"),
            members.Select(list => $"{{{string.Join(",", list)}}}"));
    }
}
