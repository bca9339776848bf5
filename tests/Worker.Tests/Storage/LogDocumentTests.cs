using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Storage;

public sealed class LogDocumentTests
{
    private static readonly string[] Texts = ["", "a", "m-1", "\0", "q\"\\/'", "ä漢🎈", new('x', 300)];

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1.50", "12345678901234567890123", "\"\"", "\"a\\u0000\\ud83c\\udf88\"", "{}", "[]",
        """{"$a":{"":[1, 2 ,{"x.y":null}]},"id":1,"merge":{"stamps":[]}}""",
    ];

    [Fact]
    public void Any_log_is_read_as_it_was_written() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1000),
        Prop.ForAll(Logs().ToArbitrary(), log => LogDocument.Read(Write(log), log.Version).ShouldBeLog(log)));

    [Fact]
    public void A_log_with_something_in_every_property_is_read_as_it_was_written()
    {
        var log = Some.FullLog("full") with { Version = 3 };

        LogDocument.Read(Write(log), 3).ShouldBeLog(log);
    }

    [Fact]
    public void What_messages_fold_into_is_read_as_it_was_written() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Generate.MessagesForOneLog().ToArbitrary(), messages =>
        {
            var log = messages.Aggregate((Log?)null, (folded, message) => LogMerge.Apply(folded, message).Log)!;
            LogDocument.Read(Write(log), log.Version).ShouldBeLog(log);
        }));

    [Fact]
    public void What_was_read_again_takes_a_redelivery_as_one() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Generate.MessagesForOneLog().ToArbitrary(), messages =>
        {
            var log = messages.Aggregate((Log?)null, (folded, message) => LogMerge.Apply(folded, message).Log)!;
            var read = LogDocument.Read(Write(log), log.Version);
            foreach (var message in messages)
                LogMerge.Apply(read, message with { ReceivedAt = message.ReceivedAt + 1_000_000 }).Log.ShouldBeSameAs(read);
        }));

    [Fact]
    public void A_receipt_of_before_bodies_were_told_apart_is_read()
    {
        var log = Encoding.UTF8.GetBytes(
            """{"id":"a","kind":"tool","first_received_at":"2026-01-02T03:04:05Z","merge":{"stamps":[[0,7,"m"]],"receipts":[0]}}""");

        LogDocument.Read(log, 1).Receipts.ShouldBe([new Receipt(new Stamp(false, 7, "m"), null)]);
    }

    [Fact]
    public void People_find_the_values_under_their_wire_names()
    {
        var log = Some.FlowLog("flow", parent: "above", complete: true, (LogFields.FileId, "\"fl_1\""), (LogFields.Inputs, """{"q":1.0}"""), (LogFields.Output, "\"42\""))
            with { Batches = ["b"], Resolution = new Resolution("fl_1", "flv_1", VersionSource.Inline, null) };

        Encoding.UTF8.GetString(Write(log)).ShouldBe(
            """
            {"format":1,"id":"flow","kind":"flow","file_id":"fl_1","trace_parent_id":"above","inputs":{"q":1.0},"output":"42","batches":["b"],
            "had_output":true,"outcome_at":"2026-01-02T03:04:05Z","completion_requested_at":"2026-01-02T03:04:05Z",
            "first_received_at":"2026-01-02T03:04:05Z","resolution":{"file_id":"fl_1","version_id":"flv_1","source":"inline"},
            "merge":{"stamps":[[0,1767323045000000,"message-1"]],"outcome_sent_at":1767323045000000,"completion_sent_at":1767323045000000}}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public void A_withheld_log_says_save_false() =>
        Encoding.UTF8.GetString(Write(Some.Log() with { Withheld = true })).ShouldContain("\"save\":false");

    [Fact]
    public void No_field_has_the_name_of_another_part()
    {
        using var document = JsonDocument.Parse(Write(Some.FullLog("full") with { DeletedAt = 1 }));

        var names = document.RootElement.EnumerateObject().Select(property => property.Name).ToList();

        names.ShouldBeUnique();
        names.Intersect(LogFields.All.Select(field => field.Name)).Except(["id"]).Count()
            .ShouldBe(
                Some.FullLog("full").Fields.Count(entry => entry.Value is not null && entry.Field != LogFields.FileId));
    }

    [Fact]
    public void Values_share_the_documents_memory()
    {
        var document = Write(Some.Log("a", fields: [(LogFields.Output, "\"42\"")]));

        LogDocument.Read(document, 1)[LogFields.Output]!.Value.Utf8.Span.Overlaps(document).ShouldBeTrue();
    }

    private static byte[] Write(Log log)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, LogDocument.WriterOptions))
            LogDocument.Write(log, json);
        return buffer.WrittenSpan.ToArray();
    }

    private static Gen<Log> Logs() =>
        from id in Gen.Elements(Texts)
        from kind in Gen.Elements(Enum.GetValues<LogKind>())
        from bits in Gen.ArrayOf(Gen.Elements(true, false), 4)
        from instants in Gen.ArrayOf(Instant(), 5)
        from received in Gen.Choose(-1_000_000, int.MaxValue)
        from stamps in Gen.NonEmptyListOf(Stamps())
        from fields in Entries([.. stamps])
        from receipts in Gen.SubListOf([.. stamps])
        from bodies in Gen.ArrayOf(Gen.Elements<string?>(null, "0123456789abcdef", "h"), receipts.Count)
        from sets in Gen.ArrayOf(Gen.SubListOf(Texts), 3)
        from hash in Gen.Elements<string?>([null, .. Texts])
        from resolution in Resolutions()
        from version in Gen.Choose(0, 5)
        select new Log
        {
            Id = id,
            Kind = kind,
            KindIsProvisional = bits[0],
            Withheld = bits[1],
            HadOutput = bits[2],
            HadError = bits[3],
            OutcomeAt = instants[0],
            CompletionRequestedAt = instants[1],
            DeletedAt = instants[2],
            FirstReceivedAt = received,
            Fields = fields,
            OutcomeSentAt = instants[3],
            CompletionSentAt = instants[4],
            Receipts = [.. receipts.Zip(bodies, (stamp, body) => new Receipt(stamp, body))],
            Batches = [.. sets[0]],
            Parents = [.. sets[1]],
            Problems = [.. sets[2]],
            BodyHash = hash,
            Resolution = resolution,
            Version = version,
        };

    private static Gen<ImmutableArray<FieldEntry>> Entries(Stamp[] stamps) =>
        from fields in Gen.SubListOf<Field>([.. LogFields.All])
        from values in Gen.ArrayOf(Gen.Elements<string?>([null, .. Values]), fields.Count)
        from of in Gen.ArrayOf(Gen.Elements(stamps), fields.Count)
        select fields
            .Select((field, place) => new FieldEntry(field, values[place] is { } json ? Some.Json(json) : null, of[place]))
            .OrderBy(entry => entry.Field.Index)
            .ToImmutableArray();

    private static Gen<Stamp> Stamps() =>
        from updated in Gen.Elements(true, false)
        from at in Gen.Elements(long.MinValue, -1, 0, 1_767_323_045_000_001, long.MaxValue)
        from messageId in Gen.Elements(Texts)
        select new Stamp(updated, at, messageId);

    private static Gen<long?> Instant() =>
        Gen.Elements<long?>(null, -62_135_596_800_000_000, -1, 0, 1_767_323_045_000_001, 253_402_300_799_999_999);

    private static Gen<Resolution?> Resolutions() =>
        from parts in Gen.ArrayOf(Gen.Elements<string?>([null, .. Texts]), 2)
        from names in Gen.ArrayOf(Gen.Elements(Texts), 2)
        from missing in Gen.Elements<CatalogKey?>(
            null, new FileKey(names[0]), new VersionKey(names[0]), new DeploymentKey(names[0], names[1]))
        from source in Gen.Elements(Enum.GetValues<VersionSource>())
        from isNull in Gen.Frequency((1, Gen.Constant(true)), (4, Gen.Constant(false)))
        select isNull ? null : new Resolution(parts[0], parts[1], source, missing);
}
