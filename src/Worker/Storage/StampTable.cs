using System.Text.Json;
using Worker.Traces;

namespace Worker.Storage;

/// <summary>The distinct stamps of a Log, so that a document holds each once: mostly there are one or two.</summary>
internal readonly struct StampTable
{
    private readonly List<Stamp> _stamps;
    private readonly Log _log;
    private readonly bool _isShared;

    public StampTable(Log log)
    {
        _log = log;
        _stamps = new List<Stamp>(1);
        _isShared = true;
        foreach (var entry in log.Fields)
            _isShared &= PlaceOf(entry.Stamp) == 0;
        foreach (var receipt in log.Receipts)
            PlaceOf(receipt.Stamp);
    }

    /// <summary>In the order in which places count.</summary>
    public IReadOnlyList<Stamp> Stamps => _stamps;

    /// <summary>All fields have the first stamp.</summary>
    public bool IsShared => _isShared;

    /// <summary>Writes <c>stamps</c>, <c>of</c>, <c>receipts</c> and <c>bodies</c>, each where there are any.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (_stamps.Count == 0)
            return;

        json.WriteStartArray("stamps"u8);
        foreach (var stamp in _stamps)
        {
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

    public int PlaceOf(Stamp stamp)
    {
        var place = _stamps.IndexOf(stamp);
        if (place >= 0)
            return place;

        _stamps.Add(stamp);
        return _stamps.Count - 1;
    }
}
