using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Worker.Storage.Bson;
using Worker.Storage.MongoDb;

namespace Worker.Tests.Storage.Bson;

/// <summary>What is written here says the same to MongoDB's own library.</summary>
public sealed class LibbsonTests
{
    [LibbsonFact]
    public void Random_documents_say_the_same_to_libbson()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll(BsonModel.Documents().ToArbitrary(), members =>
        {
            var bytes = BsonModel.Write(Comparable(members));
            return AreSame(new BsonView(bytes), JsonNode.Parse(Libbson.ToJson(bytes).ShouldNotBeNull())!.AsObject());
        }));
    }

    [LibbsonFact]
    public void Json_as_documents_says_the_same_to_libbson()
    {
        var bson = new BsonWriter();
        bson.Start();
        JsonBson.Write(bson, "v"u8, """[0,-1,2147483648,0.5,1e+22,"a\u0000é🎈",true,null,{"$x":{"a.b":{"":[]}}},1.50,1E+2,18446744073709551616]"""u8);
        bson.End();

        var theirs = JsonNode.Parse(Libbson.ToJson(bson.Written.ToArray()).ShouldNotBeNull())!["v"]!.ToJsonString();

        theirs.ShouldBe(JsonNode.Parse(
            """
            [0,-1,2147483648,0.5,1e+22,"a\u0000é🎈",true,null,{"$x":{"a.b":{"":[]}}},
             {"$numberDecimal":"1.50"},{"$numberDecimal":"1E+2"},{"$numberDecimal":"18446744073709551616"}]
            """)!.ToJsonString());
    }

    // Dates before 1970 or after 9999, and numbers that JSON has not, have forms of their own in libbson; names that occur twice have
    // none in JSON; and libbson reads some of the decimals that nobody writes in another way than the specification.
    private static IEnumerable<BsonModel> Comparable(IEnumerable<BsonModel> members) =>
        from member in members.DistinctBy(member => member.Name)
        where member.Type switch
        {
            BsonType.Double => double.IsFinite(BitConverter.ToDouble(member.Value)),
            BsonType.Date => BitConverter.ToInt64(member.Value) is >= 0 and < 253402300799999,
            BsonType.Decimal128 => IsProper(Decimal128.Read(member.Value)),
            _ => member.Type != BsonType.Undefined,
        }
        select member with { Members = [.. Comparable(member.Members)] };

    private static bool IsProper(Decimal128 value) => value.IsFinite && Decimal128.Parse(Encoding.ASCII.GetBytes(value.ToString())) == value;

    private static bool AreSame(BsonView document, JsonObject json)
    {
        var names = 0;
        foreach (var element in document)
        {
            names++;
            if (!json.TryGetPropertyValue(Encoding.UTF8.GetString(element.Name), out var value) || !AreSame(element, value))
                return false;
        }

        return names == json.Count;
    }

    private static bool AreSame(BsonElement element, JsonNode? json) => element.Type switch
    {
        BsonType.Document => AreSame(element.AsView(), json!.AsObject()),
        BsonType.Array => element.AsView().Items().Zip(json!.AsArray()).All(pair => AreSame(pair.First, pair.Second)),
        BsonType.Double => json!.GetValue<double>() == element.AsDouble(),
        _ => JsonNode.DeepEquals(Scalar(element), json),
    };

    private static JsonNode? Scalar(BsonElement element) => element.Type switch
    {
        BsonType.String => element.AsString(),
        BsonType.Boolean => element.AsBool(),
        BsonType.Int32 or BsonType.Int64 => element.AsInt64(),
        BsonType.Decimal128 => new JsonObject { ["$numberDecimal"] = element.AsDecimal128().ToString() },
        BsonType.Date => new JsonObject { ["$date"] = Date(element.AsDate()) },
        BsonType.Timestamp => new JsonObject { ["$timestamp"] = new JsonObject { ["t"] = (uint)(element.AsTimestamp() >> 32), ["i"] = (uint)element.AsTimestamp() } },
        BsonType.Binary => Binary(element),
        BsonType.ObjectId => new JsonObject { ["$oid"] = Convert.ToHexStringLower(element.Value.Span) },
        BsonType.MinKey => new JsonObject { ["$minKey"] = 1 },
        BsonType.MaxKey => new JsonObject { ["$maxKey"] = 1 },
        _ => null,
    };

    private static JsonObject Binary(BsonElement element)
    {
        var bytes = element.AsBinary(out var subtype);
        return new() { ["$binary"] = new JsonObject { ["base64"] = Convert.ToBase64String(bytes.Span), ["subType"] = subtype.ToString("x2", CultureInfo.InvariantCulture) } };
    }

    private static string Date(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString(milliseconds % 1000 == 0 ? "yyyy-MM-ddTHH:mm:ss'Z'" : "yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
