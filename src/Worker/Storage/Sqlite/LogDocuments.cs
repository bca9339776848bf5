using System.Buffers;
using System.Text.Json;
using Worker.Traces;

namespace Worker.Storage.Sqlite;

/// <summary>Logs with their documents as text, one after the other, in memory that is used again.</summary>
internal sealed class LogDocuments
{
    /// <summary>Bytes from which on no further Log is taken; what is kept for the next ones.</summary>
    private const int Enough = 4 * 1024 * 1024;

    private readonly List<(Log Log, int Start, int Length)> _logs = [];
    private ArrayBufferWriter<byte> _text = new(64 * 1024);

    public int Count => _logs.Count;

    public (Log Log, ReadOnlyMemory<byte> Document) this[int index] =>
        (_logs[index].Log, _text.WrittenMemory.Slice(_logs[index].Start, _logs[index].Length));

    /// <summary>Takes the next ones. False when there was none left.</summary>
    /// <param name="tooLarge">Gets the ids of those that no store takes; they are left out.</param>
    public bool Take(IEnumerator<Log> logs, List<string> tooLarge)
    {
        var any = false;
        using var json = new Utf8JsonWriter(_text, LogDocument.WriterOptions);
        for (; _text.WrittenCount < Enough && logs.MoveNext(); any = true)
        {
            var start = _text.WrittenCount;
            LogDocument.Write(logs.Current, json);
            json.Flush();
            json.Reset();
            var length = _text.WrittenCount - start;
            if (length > LogDocument.MaxBytes)
                tooLarge.Add(logs.Current.Id);
            else
                _logs.Add((logs.Current, start, length));
        }

        return any;
    }

    public void Clear()
    {
        _logs.Clear();
        if (_text.Capacity > 2 * Enough)
            _text = new(64 * 1024);
        else
            _text.ResetWrittenCount();
    }
}
