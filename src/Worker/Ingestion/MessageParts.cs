using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Ingestion;

/// <summary>
/// The top level of one body, read in one pass: slices by field, before it is known what kind of message they belong to. An
/// envelope of MassTransit's is opened. Of a name that occurs twice the last one counts. One object reads many bodies, one
/// after the other.
/// </summary>
internal sealed class MessageParts
{
    private const string EnvelopeContentType = "application/vnd.masstransit+json";

    private readonly (JsonTokenType Type, JsonValue Value)[] _fields = new (JsonTokenType, JsonValue)[Fields.All.Count];
    private (JsonTokenType Type, JsonValue Value) _logId, _save, _sentAt, _batchId, _traceStatus;
    private (JsonTokenType Type, JsonValue Value) _messageType, _message, _envelopeMessageId, _envelopeSentTime;
    private readonly List<KeyValuePair<Field, JsonValue?>> _changes = new(Fields.All.Count);
    private bool _isReadable;

    /// <summary>The type URNs of an envelope; empty when there is none.</summary>
    public ImmutableArray<string> EnvelopeTypes { get; private set; } = [];

    public string? EnvelopeMessageId { get; private set; }

    public bool LogIdIsOfWrongType => _logId.Type is not (JsonTokenType.None or JsonTokenType.Null or JsonTokenType.String);

    public string LogIdType => Describe(_logId.Type);

    public string? LogIdText { get; private set; }

    /// <summary><c>save</c> is false, or unreadable: then it counts as false.</summary>
    public bool IsWithheld => _isReadable && _save.Type is not (JsonTokenType.None or JsonTokenType.Null or JsonTokenType.True);

    /// <summary>Reads the body; says why it cannot be read. <see cref="Forget"/> comes first.</summary>
    public Refusal? Read(ReadOnlyMemory<byte> body, string? contentType)
    {
        try
        {
            if (ReadObject(body) is { } refusal)
                return refusal;
            var isEnvelope = _message.Type == JsonTokenType.StartObject
                && (_messageType.Type == JsonTokenType.StartArray
                    || contentType?.StartsWith(EnvelopeContentType, StringComparison.OrdinalIgnoreCase) == true);
            if (isEnvelope)
                OpenEnvelope();
        }
        catch (JsonException exception)
        {
            return JsonBody.IsTooDeep(body.Span)
                ? new(RefusalReason.TooDeep, null, $"Arrays and objects nest deeper than {JsonBody.MaxDepth}; flatten the body.")
                : new(
                    RefusalReason.MalformedJson,
                    null,
                    body.IsEmpty
                        ? "The body is empty; send one JSON object."
                        : $"The body is not JSON from line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1} on; send one JSON object.");
        }

        LogIdText = _logId.Type == JsonTokenType.String ? _logId.Value.AsText() : null;
        _isReadable = true;
        return null;
    }

    /// <summary>As if nothing had been read.</summary>
    public void Forget()
    {
        Array.Clear(_fields);
        _logId = _save = _sentAt = _batchId = _traceStatus = default;
        _messageType = _message = _envelopeMessageId = _envelopeSentTime = default;
        (EnvelopeTypes, EnvelopeMessageId, LogIdText, _isReadable) = ([], null, null, false);
    }

    /// <summary>When it occurred by the sender's clock: <c>sent_at</c>, else an envelope's <c>sentTime</c>.</summary>
    public long? OccurredAt(List<string> problems)
    {
        if (Date(_sentAt) is { } sent)
            return sent;
        if (_sentAt.Type is not (JsonTokenType.None or JsonTokenType.Null))
            problems.Add(Dropped("sent_at", _sentAt.Type, "an ISO 8601 date or Unix seconds"));
        return Date(_envelopeSentTime);
    }

    public bool SaysWithheld(List<string> problems)
    {
        if (IsWithheld && _save.Type != JsonTokenType.False)
            problems.Add($"save is {Describe(_save.Type)} and not a boolean; it was taken as false.");
        return IsWithheld;
    }

    public string? BatchId(List<string> problems)
    {
        if (_batchId.Type is JsonTokenType.String)
            return _batchId.Value.AsText() is { Length: > 0 } id ? id : null;
        if (_batchId.Type is not (JsonTokenType.None or JsonTokenType.Null))
            problems.Add(Dropped("batch_id", _batchId.Type, "a string"));
        return null;
    }

    /// <summary>Either dialect's status says complete.</summary>
    public bool RequestsCompletion(List<string> problems) =>
        SaysComplete("trace_status", _traceStatus, problems) | SaysComplete("log_status", _fields[Fields.LogStatus.Index], problems);

    /// <summary>What a message of that kind sets and unsets; a value of the wrong type is dropped and listed.</summary>
    public ImmutableArray<KeyValuePair<Field, JsonValue?>> Changes(MessageKind kind, List<string> problems)
    {
        _changes.Clear();
        foreach (var field in Fields.All)
        {
            var (type, value) = _fields[field.Index];
            if (type == JsonTokenType.None || !kind.Carries(field) || (type == JsonTokenType.Null && !kind.IsUpdate()))
                continue;
            if (type == JsonTokenType.Null)
                _changes.Add(new(field, null));
            else if (Accept(field, type, value, problems) is { } accepted)
                _changes.Add(new(field, accepted));
        }

        return [.. _changes];
    }

    private static JsonValue? Accept(Field field, JsonTokenType type, JsonValue value, List<string> problems)
    {
        JsonValue? accepted = field.Type switch
        {
            FieldType.Any => value,
            FieldType.Text or FieldType.LenientText when type == JsonTokenType.String => value,
            FieldType.LenientText => JsonValue.FromText(value.ToString()),
            FieldType.Number when type == JsonTokenType.Number => value,
            FieldType.Map when type == JsonTokenType.StartObject => value,
            FieldType.List when type == JsonTokenType.StartArray => value,
            FieldType.Date when type == JsonTokenType.String && LenientDate.IsNormal(value.Utf8.Span) => value,
            FieldType.Date when Date((type, value)) is { } date => JsonValue.FromText(Timestamps.Format(date)),
            _ => null,
        };
        if (accepted is null)
            problems.Add(Dropped(field.Name, type, Wanted(field.Type)));
        if (field != Fields.TraceParentId || accepted is null || accepted.Value.Utf8.Length - 2 <= MessageDecoder.MaxIdBytes)
            return accepted;
        if (Encoding.UTF8.GetByteCount(accepted.Value.AsText()!) <= MessageDecoder.MaxIdBytes)
            return accepted;

        problems.Add($"trace_parent_id has more than {MessageDecoder.MaxIdBytes} UTF-8 bytes, which no Log's id has; it was dropped.");
        return null;
    }

    private Refusal? ReadObject(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span, JsonBody.ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            var found = Describe(reader.TokenType);
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
            var part = (type, new JsonValue(body[start..(int)reader.BytesConsumed]));
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
            field = Fields.Find(name);
            return name;
        }

        field = Fields.Find(reader.ValueSpan);
        if (field is not null)
            return null;
        return reader.ValueSpan.Length <= 16 ? Encoding.UTF8.GetString(reader.ValueSpan) : null;
    }

    private void Keep(string? name, (JsonTokenType, JsonValue) part)
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

    /// <summary>The envelope's own fields are kept aside, and everything else is read from the message inside.</summary>
    private void OpenEnvelope()
    {
        var message = _message.Value.Utf8;
        EnvelopeTypes = Texts(_messageType);
        EnvelopeMessageId = _envelopeMessageId.Type == JsonTokenType.String ? _envelopeMessageId.Value.AsText() : null;
        var sentTime = _envelopeSentTime;
        Array.Clear(_fields);
        _logId = _save = _sentAt = _batchId = _traceStatus = _envelopeSentTime = default;
        ReadObject(message);
        _envelopeSentTime = sentTime;
    }

    private static ImmutableArray<string> Texts((JsonTokenType Type, JsonValue Value) array) =>
        array.Type == JsonTokenType.StartArray
            ? [.. JsonSerializer.Deserialize<JsonElement[]>(array.Value.Utf8.Span)!
                .Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];

    private static long? Date((JsonTokenType Type, JsonValue Value) part) => part.Type switch
    {
        JsonTokenType.Number => LenientDate.FromNumber(part.Value.Utf8.Span),
        JsonTokenType.String => LenientDate.FromText(part.Value),
        _ => null,
    };

    private static bool SaysComplete(string name, (JsonTokenType Type, JsonValue Value) part, List<string> problems)
    {
        var text = part.Type == JsonTokenType.String ? part.Value.AsText() : null;
        if (text is null or not ("complete" or "incomplete") && part.Type is not (JsonTokenType.None or JsonTokenType.Null))
            problems.Add(Dropped(name, part.Type, "\"complete\" or \"incomplete\""));
        return text == "complete";
    }

    private static string Dropped(string field, JsonTokenType type, string wanted) =>
        $"{field} was dropped: it is {Describe(type)}; it has to be {wanted}.";

    private static string Wanted(FieldType type) => type switch
    {
        FieldType.Date => "an ISO 8601 date or Unix seconds",
        FieldType.Number => "a number",
        FieldType.Map => "an object",
        FieldType.List => "an array",
        _ => "a string",
    };

    private static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };
}
