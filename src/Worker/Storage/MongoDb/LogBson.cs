using System.Collections.Immutable;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>
/// A Log as a document of the collection <c>logs</c>, with the names of <see cref="LogDocument"/>; but the
/// <c>version</c>, <c>complete</c> where it is, when it was <c>created</c>, and times as dates. A date holds whole
/// milliseconds; what a time has beside them stands under <c>microseconds</c> by its name. The Log's <c>id</c> is the
/// <c>_id</c>; where a document replaces another, the statement's filter says it. Labels (<c>trace_id</c>,
/// <c>trace_flow_id</c>, <c>late</c>) are no part of it. <see cref="LogSerializer"/> reads it.
/// </summary>
internal static class LogBson
{
    /// <summary>Of the 16 MiB that a server takes, some are left for labels.</summary>
    public const int MaxBytes = LogDocument.MaxBytes - (8 * 1024);

    private static readonly BsonBinaryWriterSettings Settings = new() { MaxDocumentSize = int.MaxValue };

    /// <summary>The document that stands for the next version of the Log; null when it is too large.</summary>
    public static RawBsonDocument? Write(Log log)
    {
        using var bytes = new MemoryStream(1024);
        using (var bson = new BsonBinaryWriter(bytes, Settings))
            Write(bson, log);
        return bytes.Length > MaxBytes ? null : new RawBsonDocument(bytes.ToArray());
    }

    /// <summary>What documents of the first builds lack.</summary>
    public static BsonDocument Created(Log log) => new()
    {
        { "created", new BsonDateTime(Milliseconds(log.CreatedAt)) },
        { StoredFormat.Name, StoredFormat.Known },
    };

    private static void Write(BsonBinaryWriter bson, Log log)
    {
        var fractions = new List<(string Name, int Microseconds)>();
        bson.WriteStartDocument();
        if (log.Version == 0)
            bson.WriteString("_id", log.Id);
        bson.WriteInt32("version", log.Version + 1);
        bson.WriteInt32(StoredFormat.Name, StoredFormat.Known);
        bson.WriteString("kind", log.Kind.WireName());
        bson.WriteTrue("kind_is_provisional", log.KindIsProvisional);
        WriteValues(bson, log, fractions);
        WriteFacts(bson, log, fractions);
        bson.WriteDateTime("created", Milliseconds(log.CreatedAt));
        WriteMerge(bson, log);
        bson.WriteTrue("complete", log.IsComplete);
        if (fractions.Count > 0)
        {
            bson.WriteStartDocument("microseconds");
            foreach (var (name, microseconds) in fractions)
                bson.WriteInt32(name, microseconds);
            bson.WriteEndDocument();
        }

        bson.WriteEndDocument();
    }

    private static void WriteValues(BsonBinaryWriter bson, Log log, List<(string, int)> fractions)
    {
        foreach (var (field, value, _) in log.Fields)
        {
            if (value is not { } json)
                continue;
            var name = field == LogFields.FileId ? LogDocument.FileIdName : field.Name;

            // A time that is spelled in another way than it would be read again stays as it is.
            if (field.Type == FieldType.Date && json.AsText() is { } text && Timestamps.Parse(text) is { } time
                && Timestamps.Format(time) == text)
            {
                WriteInstant(bson, name, time, fractions);
                continue;
            }

            bson.WriteName(name);
            JsonBson.Write(bson, json.Utf8.Span);
        }
    }

    private static void WriteFacts(BsonBinaryWriter bson, Log log, List<(string, int)> fractions)
    {
        if (!log.Batches.IsEmpty)
            bson.WriteTexts("batches", log.Batches);
        if (log.Withheld)
            bson.WriteBoolean("save", false);
        bson.WriteTrue("had_output", log.HadOutput);
        bson.WriteTrue("had_error", log.HadError);
        WriteInstant(bson, "outcome_at", log.OutcomeAt, fractions);
        WriteInstant(bson, "completion_requested_at", log.CompletionRequestedAt, fractions);
        WriteInstant(bson, "first_received_at", log.FirstReceivedAt, fractions);
        WriteInstant(bson, "deleted_at", log.DeletedAt, fractions);
        if (!log.Problems.IsEmpty)
            bson.WriteTexts("problems", log.Problems);
        if (log.Resolution is not { } resolution)
            return;

        bson.WriteStartDocument("resolution");
        bson.WriteText("file_id", resolution.FileId);
        bson.WriteText("version_id", resolution.VersionId);
        bson.WriteString("source", EnumName<VersionSource>.Of(resolution.Source));
        bson.WriteText("missing", resolution.Missing is { } missing ? CatalogKeyText.Of(missing) : null);
        bson.WriteEndDocument();
    }

    private static void WriteMerge(BsonBinaryWriter bson, Log log)
    {
        bson.WriteStartDocument("merge");
        WriteStamps(bson, log, new StampTable(log));
        var unset = log.Fields.Where(entry => entry.Value is null).Select(entry => entry.Field.Name).ToImmutableArray();
        if (!unset.IsEmpty)
            bson.WriteTexts("unset", unset);
        if (!LogDocument.IsImplied(log.Parents, log.ParentId))
            bson.WriteTexts("parents", log.Parents);
        bson.WriteText("body_hash", log.BodyHash);
        bson.WriteWhole("outcome_sent_at", log.OutcomeSentAt);
        bson.WriteWhole("completion_sent_at", log.CompletionSentAt);
        bson.WriteEndDocument();
    }

    private static void WriteStamps(BsonBinaryWriter bson, Log log, StampTable stamps)
    {
        if (stamps.Count == 0)
            return;

        bson.WriteStartArray("stamps");
        for (var place = 0; place < stamps.Count; place++)
        {
            var stamp = stamps[place];
            bson.WriteStartArray();
            bson.WriteInt32(stamp.Updated ? 1 : 0);
            bson.WriteInt64(stamp.At);
            bson.WriteString(stamp.MessageId);
            bson.WriteEndArray();
        }

        bson.WriteEndArray();
        if (!stamps.IsShared)
            bson.WritePlaces("of", log.Fields.Select(entry => stamps.PlaceOf(entry.Stamp)));
        if (!log.Receipts.IsEmpty)
            bson.WritePlaces("receipts", log.Receipts.Select(receipt => stamps.PlaceOf(receipt.Stamp)));
        if (log.Receipts.Any(receipt => receipt.Body is not null))
            bson.WriteTexts("bodies", log.Receipts.Select(receipt => receipt.Body));
    }

    private static long Milliseconds(long time) => (long)Math.Floor(time / 1000m);

    private static void WriteInstant(IBsonWriter bson, string name, long? instant, List<(string, int)> fractions)
    {
        if (instant is not { } time)
            return;
        var milliseconds = Milliseconds(time);
        var microseconds = (int)(time - (milliseconds * 1000));
        bson.WriteDateTime(name, milliseconds);
        if (microseconds > 0)
            fractions.Add((name, microseconds));
    }
}
