using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// The top level of one body, read in one pass: slices by field, before it is known what kind of message they belong
/// to. An envelope of MassTransit's is opened. Of a name that occurs twice the last one counts. Of a body that cannot
/// be read to its end, what came before its fault is known. One object reads many bodies, one after the other.
/// </summary>
internal sealed class BodyFields
{
    private const string EnvelopeContentType = "application/vnd.masstransit+json";

    /// <summary>What is kept beside the fields; see <see cref="Keep"/>.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Asides =
        new[]
            {
                "log_id", "save", "sent_at", "batch_id", "trace_status",
                "messageType", "message", "messageId", "sentTime",
            }
            .ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly JsonPart[] _fields = new JsonPart[LogFields.All.Length];
    private readonly List<FieldEntry> _changes = new(LogFields.All.Length);
    private JsonPart _logId, _save, _sentAt, _batchId, _traceStatus;
    private JsonPart _messageType, _message, _envelopeMessageId, _envelopeSentTime;
    private NonNumbers? _nonNumbers;

    /// <summary>What is wrong with the body and costs it nothing else; empty until it is asked for something.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>The type URNs of an envelope; empty when there is none.</summary>
    public ImmutableArray<string> EnvelopeTypes { get; private set; } = [];

    public string? EnvelopeMessageId { get; private set; }

    public bool LogIdIsOfWrongType => !_logId.IsNothing && _logId.Type != JsonTokenType.String;

    public string LogIdType => _logId.Description;

    public string? LogIdText { get; private set; }

    /// <summary><c>save</c> is false, or unreadable: then it counts as false.</summary>
    public bool IsWithheld => !_save.IsNothing && _save.Type != JsonTokenType.True;

    /// <summary>Reads the body; says why it cannot be read. <see cref="Forget"/> comes first.</summary>
    public Refusal? Read(ReadOnlyMemory<byte> body, string? contentType)
    {
        try
        {
            return ReadMessage(body, contentType);
        }
        catch (JsonException exception)
        {
            // Only here, so that a good body pays nothing for it.
            if (NonNumbers.Replace(body.Span) is not { } repaired)
                return Fault(body, exception);
            Forget();
            _nonNumbers = repaired;
            return Read(repaired.Json, contentType);
        }
        finally
        {
            LogIdText = _logId.Text;
        }
    }

    /// <summary>As if nothing had been read.</summary>
    public void Forget()
    {
        Array.Clear(_fields);
        _changes.Clear();
        Problems.Clear();
        _logId = _save = _sentAt = _batchId = _traceStatus = default;
        _messageType = _message = _envelopeMessageId = _envelopeSentTime = default;
        (EnvelopeTypes, EnvelopeMessageId, LogIdText, _nonNumbers) = ([], null, null, null);
    }

    /// <summary>When it occurred by the sender's clock: <c>sent_at</c>, else an envelope's <c>sentTime</c>.</summary>
    public long? OccurredAt() =>
        FieldReader.Instant("sent_at", _sentAt, Problems)
        ?? FieldReader.Instant("sentTime", _envelopeSentTime, Problems);

    public bool SaysWithheld()
    {
        if (IsWithheld && _save.Type != JsonTokenType.False)
            Problems.Add($"save is {_save.Description} and not a boolean; it was taken as false.");
        return IsWithheld;
    }

    public string? BatchId()
    {
        if (_batchId.Text is { Length: > 0 } id)
            return FieldReader.IsId(_batchId.Value, "batch_id", Problems) ? id : null;
        if (!_batchId.IsNothing && _batchId.Type != JsonTokenType.String)
            Problems.Add(_batchId.Dropped("batch_id", "a string"));
        return null;
    }

    /// <summary>Either dialect's status says complete.</summary>
    public bool RequestsCompletion()
    {
        var traceStatus = FieldReader.Status("trace_status", _traceStatus, Problems);
        var logStatus = FieldReader.Status("log_status", _fields[LogFields.LogStatus.Index], Problems);
        return traceStatus == LogStatuses.Complete || logStatus == LogStatuses.Complete;
    }

    /// <summary>What a message of that kind sets and unsets; a value of the wrong type is dropped and listed.</summary>
    public ImmutableArray<FieldEntry> Changes(MessageKind kind, Stamp stamp)
    {
        _changes.Clear();
        foreach (var field in LogFields.All)
        {
            var part = _fields[field.Index];
            if (part.IsAbsent || !kind.Carries(field) || FieldReader.IsEmptyName(field, part))
                continue;
            if (field == LogFields.Judgment)
                _changes.AddRange(PostedJudgment.Changes(part, _fields[LogFields.Spec.Index], stamp));
            else if (part.IsNull && !kind.IsUpdate())
                continue;
            else if (part.IsNull)
                _changes.Add(new(field, null, stamp));
            else if (FieldReader.Accept(field, part, Problems) is { } accepted)
                _changes.Add(new(field, accepted, stamp));
        }

        return [.. _changes];
    }

    /// <summary>Why this is no verdict that could be kept; null where it is one.</summary>
    public Refusal? RefuseVerdict()
    {
        var judgment = _fields[LogFields.Judgment.Index];
        return JudgedLog.Refuse(_fields[LogFields.JudgedId.Index]) ?? PostedJudgment.Refuse(
            judgment, _fields[LogFields.Spec.Index], _nonNumbers?.StoodAt(judgment.Value) == true);
    }

    /// <summary>Lists what had to be read as something else.</summary>
    public void NoteNonNumbers()
    {
        if (_nonNumbers is not null)
            Problems.Add("NaN and Infinity, which JSON does not have, were taken as null.");
    }

    private Refusal? ReadMessage(ReadOnlyMemory<byte> body, string? contentType)
    {
        if (ReadObject(body) is { } refusal)
            return refusal;
        var isEnvelope = _message.Type == JsonTokenType.StartObject
            && (_messageType.Type == JsonTokenType.StartArray
                || contentType?.StartsWith(EnvelopeContentType, StringComparison.OrdinalIgnoreCase) == true);
        if (isEnvelope)
            OpenEnvelope();
        else
            _envelopeSentTime = default;
        return null;
    }

    private Refusal? ReadObject(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span, JsonBody.ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            var found = new JsonPart(reader.TokenType, default).Description;
            reader.Skip();
            reader.Read();
            return new(RefusalReason.NotAnObject, null, $"The body is {found}; send one JSON object.");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var slot = SlotOf(ref reader, out var field);
            reader.Read();
            var (type, start) = (reader.TokenType, (int)reader.TokenStartIndex);
            reader.Skip();
            var part = new JsonPart(type, new JsonValue(body[start..(int)reader.BytesConsumed]));
            if (field is not null)
                _fields[field.Index] = part;
            else
                Keep(slot, part);
        }

        // The reader throws here when anything but white space follows the object.
        reader.Read();
        return null;
    }

    private static string? SlotOf(ref Utf8JsonReader reader, out Field? field)
    {
        field = null;
        if (reader.ValueIsEscaped)
        {
            var name = reader.GetString()!;
            field = LogFields.Find(name);
            return name;
        }

        field = LogFields.Find(reader.ValueSpan);
        return field is null ? Aside(reader.ValueSpan) : null;
    }

    private static string? Aside(ReadOnlySpan<byte> utf8Name)
    {
        Span<char> name = stackalloc char[16];
        return Encoding.UTF8.TryGetChars(utf8Name, name, out var length)
            && Asides.TryGetValue(name[..length], out var known) ? known : null;
    }

    private void Keep(string? name, JsonPart part)
    {
        switch (name)
        {
            case "log_id": _logId = part; break;
            case "save": _save = part; break;
            case "sent_at": _sentAt = part; break;
            case "batch_id": _batchId = part; break;
            case "trace_status": _traceStatus = part; break;
            case "messageType": _messageType = part; break;
            case "message": _message = part; break;
            case "messageId": _envelopeMessageId = part; break;
            case "sentTime": _envelopeSentTime = part; break;
        }
    }

    /// <summary>
    /// The envelope's own fields are kept aside, and everything else is read from the message inside.
    /// </summary>
    private void OpenEnvelope()
    {
        var message = _message.Value.Utf8;
        EnvelopeTypes = Texts(_messageType);
        EnvelopeMessageId = _envelopeMessageId.Text;
        var sentTime = _envelopeSentTime;
        Array.Clear(_fields);
        _logId = _save = _sentAt = _batchId = _traceStatus = default;
        ReadObject(message);
        _envelopeSentTime = sentTime;
    }

    /// <summary>The strings of an array; whatever else is in it names nothing.</summary>
    private static ImmutableArray<string> Texts(JsonPart array)
    {
        if (array.Type != JsonTokenType.StartArray)
            return [];

        var texts = ImmutableArray.CreateBuilder<string>();
        var reader = new Utf8JsonReader(array.Value.Utf8.Span, JsonBody.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
                texts.Add(reader.GetString()!);
            else
                reader.Skip();
        }

        return texts.ToImmutable();
    }

    private Refusal Fault(ReadOnlyMemory<byte> body, JsonException exception)
    {
        if (JsonBody.IsTooDeep(body.Span))
            return new(
                RefusalReason.TooDeep,
                null,
                $"Arrays and objects nest deeper than {JsonBody.MaxDepth}; flatten the body.");
        if (body.IsEmpty)
            return new(RefusalReason.MalformedJson, null, "The body is empty; send one JSON object.");
        var read = _nonNumbers is not null ? ", with null for NaN and Infinity," : "";
        return new(
            RefusalReason.MalformedJson,
            null,
            $"The body{read} is not JSON from line {exception.LineNumber + 1}, " +
            $"byte {exception.BytePositionInLine + 1} on; send one JSON object.");
    }
}
