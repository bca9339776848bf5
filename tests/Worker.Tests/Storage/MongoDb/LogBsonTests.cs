using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using Worker.Storage.MongoDb;
using Worker.Traces;

namespace Worker.Tests.Storage.MongoDb;

public sealed class LogBsonTests
{
    [Fact]
    public void Everything_a_log_holds_is_kept()
    {
        var log = Some.FullLog("full");

        Read(Document(log)).ShouldBeLog(log with { Version = 1 });
        Read(Document(Some.Tombstone("gone", "p1", "p2"))).ShouldBeLog(
            Some.Tombstone("gone", "p1", "p2") with { Version = 1 });
    }

    [Fact]
    public void Values_stand_under_their_own_names_and_types()
    {
        var document = Document(Some.FlowLog("flow", parent: "above", complete: true, (LogFields.Metadata, """{"team":"a","size":3}"""), (LogFields.PromptCost, "0.5")));

        document["_id"].AsString.ShouldBe("flow");
        document["version"].AsInt32.ShouldBe(1);
        document["kind"].AsString.ShouldBe("flow");
        document["trace_parent_id"].AsString.ShouldBe("above");
        document["complete"].AsBoolean.ShouldBeTrue();
        document["metadata"]["size"].AsInt32.ShouldBe(3);
        document["prompt_cost"].AsDouble.ShouldBe(0.5);
        document.Instant("first_received_at").ShouldBe(Some.Time);
        document.Contains("id").ShouldBeFalse();
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05Z", 1767323045000, null)]
    [InlineData("2026-01-02T03:04:05.678000Z", 1767323045678, null)]
    [InlineData("2026-01-02T03:04:05.678901Z", 1767323045678, 901)]
    [InlineData("1969-12-31T23:59:59.999999Z", -1, 999)]
    public void A_time_is_a_date_with_its_microseconds_beside_it(string text, long date, int? microseconds)
    {
        var log = Some.Log("a", fields: [(LogFields.StartTime, $"\"{text}\"")]);
        var document = Document(log);

        document["start_time"].AsBsonDateTime.MillisecondsSinceEpoch.ShouldBe(date);
        (document.GetValue("microseconds", null)?["start_time"].AsInt32).ShouldBe(microseconds);
        Read(document).ShouldBeLog(log with { Version = 1 });
    }

    [Theory]
    [InlineData("\"2026-01-02T03:04:05+01:00\"")]
    [InlineData("\"yesterday\"")]
    [InlineData("17")]
    public void What_is_no_time_as_the_worker_spells_it_stays_as_it_is(string json)
    {
        var log = Some.Log("a", fields: [(LogFields.EndTime, json)]);

        Read(Document(log)).ShouldBeLog(log with { Version = 1 });
    }

    [Fact]
    public void Labels_are_no_part_of_a_log()
    {
        var labelled = new BsonDocument { { "_id", "a" }, { "version", 7L }, { "kind", "tool" }, { "late", true }, { "trace_id", "t" }, { "trace_flow_id", "f" } };

        Read(labelled).ShouldBeLog(new Log { Id = "a", Kind = LogKind.Tool, Version = 7 });
    }

    private static BsonDocument Document(Log log) =>
        BsonSerializer.Deserialize<BsonDocument>(LogBson.Write(log)!.ToBson());

    private static Log Read(BsonDocument document)
    {
        using var reader = new BsonBinaryReader(new MemoryStream(document.ToBson()));
        return LogSerializer.Instance.Deserialize(BsonDeserializationContext.CreateRoot(reader), default);
    }
}
