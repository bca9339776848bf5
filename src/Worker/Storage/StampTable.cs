using System.Text.Json;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>The distinct stamps of a Log, so that a document holds each once: mostly there are one or two.</summary>
internal readonly struct StampTable
{
    private readonly Stamp? _first;
    private readonly List<Stamp>? _others;
    private readonly Log _log;
    private readonly bool _isShared;

    public StampTable(Log log)
    {
        _log = log;
        _isShared = true;
        foreach (var entry in log.Fields)
        {
            _isShared &= entry.Stamp == (_first ??= entry.Stamp);
            Add(entry.Stamp, ref _others);
        }

        foreach (var receipt in log.Receipts)
        {
            _first ??= receipt.Stamp;
            Add(receipt.Stamp, ref _others);
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => _first is null ? 0 : 1 + (_others?.Count ?? 0);

    /// <summary>The stamp at that place.</summary>
    public Stamp this[int place] => place == 0 ? _first! : _others![place - 1];

    /// <summary>All fields have the first stamp.</summary>
    public bool IsShared => _isShared;

    /// <summary>Writes <c>stamps</c>, <c>of</c>, <c>receipts</c> and <c>bodies</c>, each where there are any.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (Count == 0)
            return;

        json.WriteStartArray("stamps"u8);
        for (var place = 0; place < Count; place++)
        {
            var stamp = this[place];
            json.WriteStartArray();
            json.WriteNumberValue(stamp.Updated ? 1 : 0);
            json.WriteNumberValue(stamp.At);
            json.WriteStringValue(stamp.MessageId);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        if (!_isShared)
            WritePlaces(json, "of"u8, _log.Fields.Select(entry => entry.Stamp));
        if (!_log.Receipts.IsEmpty)
            WritePlaces(json, "receipts"u8, _log.Receipts.Select(receipt => receipt.Stamp));
        if (_log.Receipts.Any(receipt => receipt.Body is not null))
            WriteBodies(json);
    }

    private void WriteBodies(Utf8JsonWriter json)
    {
        json.WriteStartArray("bodies"u8);
        foreach (var receipt in _log.Receipts)
            json.WriteStringValue(receipt.Body);
        json.WriteEndArray();
    }

    private void WritePlaces(Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<Stamp> stamps)
    {
        json.WriteStartArray(name);
        foreach (var stamp in stamps)
            json.WriteNumberValue(PlaceOf(stamp));
        json.WriteEndArray();
    }

    /// <summary>The place of one of them.</summary>
    public int PlaceOf(Stamp stamp) => stamp == _first ? 0 : 1 + _others!.IndexOf(stamp);

    private void Add(Stamp stamp, ref List<Stamp>? others)
    {
        if (stamp != _first && others?.Contains(stamp) != true)
            (others ??= []).Add(stamp);
    }
}
