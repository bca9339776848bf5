using System.Collections.Immutable;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>
/// Reads what <see cref="LogBson"/> wrote, from a reply and without a document in between. Used by name, and never
/// registered.
/// </summary>
internal sealed class LogSerializer : SerializerBase<Log>
{
    public static readonly LogSerializer Instance = new();

    private LogSerializer()
    {
    }

    public override Log Deserialize(BsonDeserializationContext context, BsonDeserializationArgs args) =>
        new Reading(context.Reader).Log();

    /// <summary>One document, element by element.</summary>
    private sealed class Reading(IBsonReader bson)
    {
        private readonly LogBuilder _log = new();
        private readonly List<(Field Field, string Name, long Milliseconds)> _dates = [];
        private readonly Dictionary<string, long> _facts = new(4, StringComparer.Ordinal);
        private Dictionary<string, int>? _microseconds;
        private int _version;

        public Log Log()
        {
            Each(Read);

            // What a date has beside its milliseconds comes at the end of the document.
            _log.OutcomeAt = Fact("outcome_at");
            _log.CompletionRequestedAt = Fact("completion_requested_at");
            _log.FirstReceivedAt = Fact("first_received_at");
            _log.DeletedAt = Fact("deleted_at");
            foreach (var (field, name, milliseconds) in _dates)
                _log.Set(field, JsonValue.FromText(Timestamps.Format(Instant(name, milliseconds))));
            return _log.Build(_version);
        }

        private void Read(string name)
        {
            switch (name)
            {
                case "_id":
                    _log.Id = bson.ReadString();
                    break;
                case "version":
                    _version = Whole();
                    break;
                case StoredFormat.Name:
                    StoredFormat.MustBeKnown(Whole());
                    break;
                case "kind":
                    _log.Kind = EnumName<LogKind>.Parse(bson.ReadString());
                    break;
                case "kind_is_provisional":
                    _log.KindIsProvisional = bson.ReadBoolean();
                    break;
                case "batches":
                    _log.Batches = Texts();
                    break;
                case "save":
                    _log.Withheld = !bson.ReadBoolean();
                    break;
                case "had_output":
                    _log.HadOutput = bson.ReadBoolean();
                    break;
                case "had_error":
                    _log.HadError = bson.ReadBoolean();
                    break;
                case "outcome_at" or "completion_requested_at" or "first_received_at" or "deleted_at":
                    _facts[name] = bson.ReadDateTime();
                    break;
                case "problems":
                    _log.Problems = Texts();
                    break;
                case "resolution":
                    ReadResolution();
                    break;
                case "merge":
                    Each(ReadMerge);
                    break;
                case "microseconds":
                    _microseconds = new(StringComparer.Ordinal);
                    Each(date => _microseconds[date] = Whole());
                    break;
                default:
                    ReadValue(name);
                    break;
            }
        }

        private void ReadValue(string name)
        {
            var field = name == LogDocument.FileIdName ? LogFields.FileId : LogFields.Find(name);
            if (field is null)
            {
                bson.SkipValue();
            }
            else if (bson.GetCurrentBsonType() == BsonType.DateTime)
            {
                _dates.Add((field, name, bson.ReadDateTime()));
                _log.Add(field, default);
            }
            else
            {
                _log.Add(field, JsonBson.Read(bson));
            }
        }

        private void ReadResolution()
        {
            string? fileId = null, versionId = null, missing = null;
            var source = VersionSource.None;
            Each(name =>
            {
                if (name == "file_id")
                    fileId = bson.ReadString();
                else if (name == "version_id")
                    versionId = bson.ReadString();
                else if (name == "source")
                    source = EnumName<VersionSource>.Parse(bson.ReadString());
                else if (name == "missing")
                    missing = bson.ReadString();
                else
                    bson.SkipValue();
            });
            _log.Resolution = new(fileId, versionId, source, missing is null ? null : CatalogKeyText.Parse(missing));
        }

        private void ReadMerge(string name)
        {
            switch (name)
            {
                case "stamps":
                    Items(ReadStamp);
                    break;
                case "of":
                    _log.StampOf = Places();
                    break;
                case "receipts":
                    _log.Receipts = Places();
                    break;
                case "bodies":
                    _log.Bodies = TextsOrNulls();
                    break;
                case "unset":
                    _log.AddUnset(Texts());
                    break;
                case "parents":
                    _log.Parents = Texts();
                    break;
                case "body_hash":
                    _log.BodyHash = bson.ReadString();
                    break;
                case "outcome_sent_at":
                    _log.OutcomeSentAt = Long();
                    break;
                case "completion_sent_at":
                    _log.CompletionSentAt = Long();
                    break;
                default:
                    bson.SkipValue();
                    break;
            }
        }

        private void ReadStamp()
        {
            bson.ReadStartArray();
            bson.ReadBsonType();
            var updated = Whole() == 1;
            bson.ReadBsonType();
            var at = Long();
            bson.ReadBsonType();
            _log.Stamps.Add(new(updated, at, bson.ReadString()));
            bson.ReadBsonType();
            bson.ReadEndArray();
        }

        private void Each(Action<string> read)
        {
            bson.ReadStartDocument();
            while (bson.ReadBsonType() != BsonType.EndOfDocument)
                read(bson.ReadName());
            bson.ReadEndDocument();
        }

        private void Items(Action read)
        {
            bson.ReadStartArray();
            while (bson.ReadBsonType() != BsonType.EndOfDocument)
                read();
            bson.ReadEndArray();
        }

        private ImmutableArray<string> Texts() => [.. TextsOrNulls().Select(text => text!)];

        private List<string?> TextsOrNulls()
        {
            var texts = new List<string?>();
            Items(() =>
            {
                if (bson.CurrentBsonType == BsonType.Null)
                {
                    bson.ReadNull();
                    texts.Add(null);
                }
                else
                {
                    texts.Add(bson.ReadString());
                }
            });
            return texts;
        }

        private List<int> Places()
        {
            var places = new List<int>();
            Items(() => places.Add(Whole()));
            return places;
        }

        /// <summary>Whole numbers that other programs wrote again may have become longer, or a double.</summary>
        private int Whole() => (int)Long();

        private long Long() => bson.CurrentBsonType switch
        {
            BsonType.Int32 => bson.ReadInt32(),
            BsonType.Double => (long)bson.ReadDouble(),
            _ => bson.ReadInt64(),
        };

        private long? Fact(string name) => _facts.TryGetValue(name, out var milliseconds)
            ? Instant(name, milliseconds)
            : null;

        private long Instant(string name, long milliseconds) =>
            (milliseconds * 1000) + (_microseconds?.GetValueOrDefault(name) ?? 0);
    }
}
