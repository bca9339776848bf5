using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Worker.Storage.Bson;
using Worker.Traces;

namespace Worker.Storage.MongoDb;

/// <summary>
/// A Log as a document of the collection <c>logs</c>: what <see cref="LogDocument"/> writes, with <c>_id</c> for <c>id</c>, the
/// <c>version</c>, <c>complete</c> where it is, and times as dates. A date holds whole milliseconds; what a time has beside them
/// stands under <c>microseconds</c> by its name. Labels (<c>trace_id</c>, <c>trace_flow_id</c>, <c>late</c>) are no part of it.
/// One is used for many Logs.
/// </summary>
internal sealed class LogBson : IDisposable
{
    /// <summary>Of the 16 MiB that a server takes, some are left for labels.</summary>
    private const int MaxBytes = LogDocument.MaxBytes - (8 * 1024);

    private static readonly string[] Facts = ["outcome_at", "completion_requested_at", "first_received_at", "deleted_at"];

    private static readonly FrozenSet<string> Dates =
        Fields.All.Where(field => field.Type == FieldType.Date).Select(field => field.Name).Concat(Facts).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Beside = new[] { "complete", "microseconds", "trace_id", "trace_flow_id", "late" }.ToFrozenSet(StringComparer.Ordinal);

    private readonly ArrayBufferWriter<byte> _text = new(4096);
    private readonly Utf8JsonWriter _json;
    private readonly BsonWriter _bson = new(4096);
    private readonly JsonToBson _converter;
    private readonly List<(string Name, int Microseconds)> _fractions = [];

    public LogBson()
    {
        _json = new(_text, LogDocument.WriterOptions);
        _converter = new(_bson);
    }

    public void Dispose() => _json.Dispose();

    /// <summary>The document that stands for the next version of the Log; null when it is too large. Valid until the next.</summary>
    public BsonView? Write(Log log)
    {
        _text.ResetWrittenCount();
        _json.Reset();
        LogDocument.Write(log, _json);
        _json.Flush();
        if (_text.WrittenCount > LogDocument.MaxBytes)
            return null;

        _bson.Clear();
        _fractions.Clear();
        _bson.Start();
        _bson.WriteString("_id"u8, log.Id);
        _bson.WriteInt32("version"u8, log.Version + 1);
        WriteMembers();
        if (log.IsComplete)
            _bson.WriteBool("complete"u8, true);
        WriteFractions();
        _bson.End();
        return _bson.Length > MaxBytes ? null : new BsonView(_bson.Written);
    }

    /// <summary>The Log that <see cref="Write"/> wrote, with the version it has now.</summary>
    public Log Read(BsonView document)
    {
        var fractions = document.Find("microseconds"u8)?.AsView();
        _text.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        foreach (var element in document)
            ReadMember(element, fractions);
        _json.WriteEndObject();
        _json.Flush();
        return LogDocument.Read(_text.WrittenSpan.ToArray(), document["version"].AsInt32());
    }

    private void WriteMembers()
    {
        var json = _text.WrittenSpan;
        var reader = new Utf8JsonReader(json, JsonBson.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (!name.SequenceEqual("id"u8) && !TryWriteDate(name, ref reader))
                _converter.Write(name, ref reader, json);
        }
    }

    /// <summary>False when it is no time, or is spelled in another way than it would be read again.</summary>
    private bool TryWriteDate(ReadOnlySpan<byte> utf8Name, ref Utf8JsonReader reader)
    {
        if (!utf8Name.EndsWith("_time"u8) && !utf8Name.EndsWith("_at"u8))
            return false;
        var name = Encoding.UTF8.GetString(utf8Name);
        if (reader.TokenType != JsonTokenType.String || !Dates.Contains(name) || reader.GetString() is not { } text || Timestamps.Parse(text) is not { } time)
            return false;
        if (Timestamps.Format(time) != text && !Facts.Contains(name))
            return false;

        var milliseconds = Math.DivRem(time, 1000, out var microseconds);
        if (microseconds < 0)
            (milliseconds, microseconds) = (milliseconds - 1, microseconds + 1000);
        _bson.WriteDate(utf8Name, milliseconds);
        if (microseconds > 0)
            _fractions.Add((name, (int)microseconds));
        return true;
    }

    private void WriteFractions()
    {
        if (_fractions.Count == 0)
            return;
        _bson.StartDocument("microseconds"u8);
        foreach (var (name, microseconds) in _fractions)
            _bson.WriteInt32(Encoding.UTF8.GetBytes(name), microseconds);
        _bson.End();
    }

    private void ReadMember(BsonElement element, BsonView? fractions)
    {
        var name = Encoding.UTF8.GetString(element.Name);
        if (name == "version" || Beside.Contains(name))
            return;

        _json.WritePropertyName(name == "_id" ? "id" : name);
        if (element.Type == BsonType.Date)
            _json.WriteStringValue(Timestamps.Format((element.AsDate() * 1000) + (fractions?.Find(element.Name)?.AsInt32() ?? 0)));
        else
            BsonToJson.Write(element, _json);
    }
}
