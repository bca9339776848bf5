using System.Collections.Immutable;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>
/// Reads one document of <see cref="LogDocument"/>, cutting values out of it without looking into them.
/// </summary>
internal ref struct LogDocumentReader(ReadOnlyMemory<byte> document)
{
    // What was taken in was checked for depth then; a document is never refused when it is read.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };

    private readonly List<(Field Field, JsonValue? Value)> _values = new(16);
    private readonly List<Stamp> _stamps = new(4);
    private Utf8JsonReader _json = new(document.Span, Options);
    private List<int>? _stampOf;
    private List<int>? _receipts;
    private ImmutableArray<string?>? _bodies;
    private ImmutableArray<string>? _parents;
    private string _id = "";
    private LogKind _kind;
    private bool _kindIsProvisional;
    private bool _withheld;
    private bool _hadOutput;
    private bool _hadError;
    private long? _outcomeAt;
    private long? _completionRequestedAt;
    private long? _outcomeSentAt;
    private long? _completionSentAt;
    private long? _firstReceivedAt;
    private long? _deletedAt;
    private string? _bodyHash;
    private Resolution? _resolution;
    private ImmutableArray<string> _batches = [];
    private ImmutableArray<string> _problems = [];

    public Log Read(int version)
    {
        _json.Read();
        while (NextProperty())
        {
            if (!ReadFact())
                ReadValue();
        }

        var fields = JoinStamps();
        var log = new Log
        {
            Id = _id,
            Kind = _kind,
            KindIsProvisional = _kindIsProvisional,
            Fields = fields,
            Receipts = Receipts(),
            Batches = _batches,
            Problems = _problems,
            Withheld = _withheld,
            HadOutput = _hadOutput,
            HadError = _hadError,
            OutcomeAt = _outcomeAt,
            CompletionRequestedAt = _completionRequestedAt,
            OutcomeSentAt = _outcomeSentAt,
            CompletionSentAt = _completionSentAt,
            FirstReceivedAt = _firstReceivedAt ?? 0,
            BodyHash = _bodyHash,
            DeletedAt = _deletedAt,
            Resolution = _resolution,
            Version = version,
        };
        return log with { Parents = _parents ?? (log.ParentId is { } parent ? [parent] : []) };
    }

    private void ReadValue()
    {
        var field = _json.ValueTextEquals("file_id"u8) ? LogFields.FileId : LogFields.Find(_json.ValueSpan);
        _json.Read();
        var start = (int)_json.TokenStartIndex;
        _json.Skip();
        if (field is not null)
            _values.Add((field, new JsonValue(document[start..(int)_json.BytesConsumed])));
    }

    private bool ReadFact()
    {
        if (_json.ValueTextEquals("id"u8))
            _id = Text()!;
        else if (_json.ValueTextEquals("kind"u8))
            _kind = EnumName<LogKind>.Parse(Text()!);
        else if (_json.ValueTextEquals("kind_is_provisional"u8))
            _kindIsProvisional = Boolean();
        else if (_json.ValueTextEquals("batches"u8))
            _batches = Texts();
        else if (_json.ValueTextEquals("save"u8))
            _withheld = !Boolean();
        else if (_json.ValueTextEquals("had_output"u8))
            _hadOutput = Boolean();
        else if (_json.ValueTextEquals("had_error"u8))
            _hadError = Boolean();
        else if (_json.ValueTextEquals("outcome_at"u8))
            _outcomeAt = Instant();
        else if (_json.ValueTextEquals("completion_requested_at"u8))
            _completionRequestedAt = Instant();
        else if (_json.ValueTextEquals("first_received_at"u8))
            _firstReceivedAt = Instant();
        else if (_json.ValueTextEquals("deleted_at"u8))
            _deletedAt = Instant();
        else if (_json.ValueTextEquals("problems"u8))
            _problems = Texts();
        else if (_json.ValueTextEquals("resolution"u8))
            ReadResolution();
        else if (_json.ValueTextEquals("merge"u8))
            ReadMerge();
        else
            return false;
        return true;
    }

    private void ReadResolution()
    {
        string? fileId = null, versionId = null, missing = null;
        var source = VersionSource.None;
        _json.Read();
        while (NextProperty())
        {
            if (_json.ValueTextEquals("file_id"u8))
                fileId = Text();
            else if (_json.ValueTextEquals("version_id"u8))
                versionId = Text();
            else if (_json.ValueTextEquals("source"u8))
                source = EnumName<VersionSource>.Parse(Text()!);
            else if (_json.ValueTextEquals("missing"u8))
                missing = Text();
        }

        _resolution = new Resolution(fileId, versionId, source, missing is null ? null : CatalogKeyText.Parse(missing));
    }

    private void ReadMerge()
    {
        _json.Read();
        while (NextProperty())
        {
            if (_json.ValueTextEquals("stamps"u8))
                ReadStamps();
            else if (_json.ValueTextEquals("of"u8))
                _stampOf = Places();
            else if (_json.ValueTextEquals("receipts"u8))
                _receipts = Places();
            else if (_json.ValueTextEquals("bodies"u8))
                _bodies = TextsOrNulls();
            else if (_json.ValueTextEquals("unset"u8))
                ReadUnset();
            else if (_json.ValueTextEquals("parents"u8))
                _parents = Texts();
            else if (_json.ValueTextEquals("body_hash"u8))
                _bodyHash = Text();
            else if (_json.ValueTextEquals("outcome_sent_at"u8))
                _outcomeSentAt = Microseconds();
            else if (_json.ValueTextEquals("completion_sent_at"u8))
                _completionSentAt = Microseconds();
        }
    }

    private void ReadUnset()
    {
        foreach (var name in Texts())
            _values.Add((LogFields.Find(name)!, null));
        _values.Sort((left, right) => left.Field.Index.CompareTo(right.Field.Index));
    }

    private void ReadStamps()
    {
        _json.Read();
        while (NextItem())
        {
            _json.Read();
            var updated = _json.GetInt32() == 1;
            _json.Read();
            var at = _json.GetInt64();
            _json.Read();
            _stamps.Add(new Stamp(updated, at, _json.GetString()!));
            _json.Read();
        }
    }

    private readonly ImmutableArray<FieldEntry> JoinStamps()
    {
        var entries = ImmutableArray.CreateBuilder<FieldEntry>(_values.Count);
        for (var place = 0; place < _values.Count; place++)
            entries.Add(new FieldEntry(_values[place].Field, _values[place].Value, _stamps[_stampOf?[place] ?? 0]));
        return entries.MoveToImmutable();
    }

    private readonly ImmutableArray<Receipt> Receipts()
    {
        var (stamps, bodies) = (_stamps, _bodies);
        return _receipts is null
            ? []
            : [.. _receipts.Select((place, index) => new Receipt(stamps[place], bodies?[index]))];
    }

    private bool NextProperty() => _json.Read() && _json.TokenType == JsonTokenType.PropertyName;

    private bool NextItem() => _json.Read() && _json.TokenType != JsonTokenType.EndArray;

    private string? Text()
    {
        _json.Read();
        return _json.GetString();
    }

    private bool Boolean()
    {
        _json.Read();
        return _json.GetBoolean();
    }

    private long Instant()
    {
        _json.Read();
        return Timestamps.ToMicroseconds(_json.GetDateTimeOffset());
    }

    private long Microseconds()
    {
        _json.Read();
        return _json.GetInt64();
    }

    private ImmutableArray<string> Texts() => TextsOrNulls()!;

    private ImmutableArray<string?> TextsOrNulls()
    {
        var texts = ImmutableArray.CreateBuilder<string?>();
        _json.Read();
        while (NextItem())
            texts.Add(_json.GetString());
        return texts.ToImmutable();
    }

    private List<int> Places()
    {
        var places = new List<int>();
        _json.Read();
        while (NextItem())
            places.Add(_json.GetInt32());
        return places;
    }
}
