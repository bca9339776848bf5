using System.Collections.Immutable;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>
/// Reads one document of <see cref="LogDocument"/>, cutting values out of it without looking into them.
/// </summary>
/// <param name="shared">
/// The document's memory, which the Log's values then share; null for what is drawn of it alone, copied out.
/// </param>
internal ref struct LogDocumentReader(ReadOnlySpan<byte> document, ReadOnlyMemory<byte>? shared)
{
    // What was taken in was checked for depth then; a document is never refused when it is read.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };

    private readonly LogBuilder _log = new();
    private readonly ReadOnlySpan<byte> _document = document;
    private readonly ReadOnlyMemory<byte>? _shared = shared;
    private Utf8JsonReader _json = new(document, Options);

    private readonly bool IsOutline => _shared is null;

    public Log Read(int version)
    {
        _json.Read();
        while (NextProperty())
        {
            if (!ReadFact())
                ReadValue();
        }

        return _log.Build(version);
    }

    private void ReadValue()
    {
        var field = _json.ValueTextEquals("file_id"u8) ? LogFields.FileId : LogFields.Find(_json.ValueSpan);
        _json.Read();
        var start = (int)_json.TokenStartIndex;
        _json.Skip();
        var end = (int)_json.BytesConsumed;
        if (field is null)
            return;
        if (_shared is { } memory)
            _log.Add(field, new JsonValue(memory[start..end]));
        else if (LogFields.IsDrawn(field))
            _log.Add(field, new JsonValue(_document[start..end].ToArray()));
    }

    private bool ReadFact()
    {
        if (_json.ValueTextEquals("format"u8))
            ReadFormat();
        else if (_json.ValueTextEquals("id"u8))
            _log.Id = Text()!;
        else if (_json.ValueTextEquals("kind"u8))
            _log.Kind = EnumName<LogKind>.Parse(Text()!);
        else if (_json.ValueTextEquals("kind_is_provisional"u8))
            _log.KindIsProvisional = Boolean();
        else if (IsOutline && (_json.ValueTextEquals("batches"u8) || _json.ValueTextEquals("resolution"u8)))
            _json.Skip();
        else if (_json.ValueTextEquals("batches"u8))
            _log.Batches = Texts();
        else if (_json.ValueTextEquals("save"u8))
            _log.Withheld = !Boolean();
        else if (_json.ValueTextEquals("had_output"u8))
            _log.HadOutput = Boolean();
        else if (_json.ValueTextEquals("had_error"u8))
            _log.HadError = Boolean();
        else if (_json.ValueTextEquals("outcome_at"u8))
            _log.OutcomeAt = Instant();
        else if (_json.ValueTextEquals("completion_requested_at"u8))
            _log.CompletionRequestedAt = Instant();
        else if (_json.ValueTextEquals("first_received_at"u8))
            _log.FirstReceivedAt = Instant();
        else if (_json.ValueTextEquals("deleted_at"u8))
            _log.DeletedAt = Instant();
        else if (_json.ValueTextEquals("problems"u8))
            _log.Problems = Texts();
        else if (_json.ValueTextEquals("resolution"u8))
            ReadResolution();
        else if (_json.ValueTextEquals("merge"u8))
            ReadMerge();
        else
            return false;
        return true;
    }

    private void ReadFormat()
    {
        _json.Read();
        StoredFormat.MustBeKnown(_json.GetInt32());
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

        _log.Resolution = new Resolution(
            fileId, versionId, source, missing is null ? null : CatalogKeyText.Parse(missing));
    }

    private void ReadMerge()
    {
        _json.Read();
        while (NextProperty())
        {
            if (_json.ValueTextEquals("outcome_sent_at"u8))
                _log.OutcomeSentAt = Microseconds();
            else if (_json.ValueTextEquals("completion_sent_at"u8))
                _log.CompletionSentAt = Microseconds();
            else if (IsOutline)
                _json.Skip();
            else if (_json.ValueTextEquals("stamps"u8))
                ReadStamps();
            else if (_json.ValueTextEquals("of"u8))
                _log.StampOf = Places();
            else if (_json.ValueTextEquals("receipts"u8))
                _log.Receipts = Places();
            else if (_json.ValueTextEquals("bodies"u8))
                _log.Bodies = TextsOrNulls();
            else if (_json.ValueTextEquals("unset"u8))
                _log.AddUnset(Texts());
            else if (_json.ValueTextEquals("parents"u8))
                _log.Parents = Texts();
            else if (_json.ValueTextEquals("body_hash"u8))
                _log.BodyHash = Text();
        }
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
            _log.Stamps.Add(new Stamp(updated, at, _json.GetString()!));
            _json.Read();
        }
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
