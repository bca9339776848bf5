using System.Buffers;
using Microsoft.Extensions.Logging;

namespace Worker.Client;

/// <summary>
/// What the broker did not take, in segment files that are only appended to: written and flushed to the disk batch by
/// batch, read in order, deleted when all of a segment is confirmed. A process that ends in between sends a segment
/// again from its beginning. For one thread, but <see cref="Bytes"/>.
/// </summary>
/// <param name="root">Empty: nothing is ever kept.</param>
/// <param name="maxBytes">Above it nothing is appended.</param>
internal sealed partial class Spool(string root, long maxBytes, ILogger logger) : IDisposable
{
    private const long LargestSegment = 8 * 1024 * 1024;

    private readonly ILogger _logger = logger;
    private readonly long _segmentBytes = Math.Clamp(maxBytes / 16, 64 * 1024, LargestSegment);
    private readonly Queue<string> _sealed = new();
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private SpoolFolder? _folder;
    private FileStream? _active;
    private SegmentReader? _reader;
    private long _bytes;
    private bool _isFaulty;

    /// <summary>Nothing waits here.</summary>
    public bool IsEmpty => _sealed.Count == 0 && _active is null;

    /// <summary>Of all segments.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Takes a folder, and up what earlier processes left; false where that cannot be done now.</summary>
    public bool Open()
    {
        if (_folder is not null)
            return true;
        if (root.Length == 0)
            return false;
        try
        {
            _folder = SpoolFolder.Take(root);
            foreach (var segment in _folder.Segments)
                _sealed.Enqueue(segment);
            var bytes = _folder.Segments.Sum(segment => new FileInfo(segment).Length);
            Interlocked.Add(ref _bytes, bytes);
            if (bytes > 0)
                SpoolFound(bytes, root);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Fail(exception);
            return false;
        }
    }

    /// <summary>
    /// Appends as many from the front as there is room for. Returns how many are on the disk: none where it fails.
    /// </summary>
    public int Append(IReadOnlyList<OutgoingMessage> messages)
    {
        if (messages.Count == 0 || !Open())
            return 0;
        _buffer.ResetWrittenCount();
        var count = 0;
        for (var room = maxBytes - Bytes - SpoolRecord.Magic.Length; count < messages.Count; count++)
        {
            if (_buffer.WrittenCount + SpoolRecord.LengthOf(messages[count]) > room)
                break;
            SpoolRecord.Write(messages[count], _buffer);
        }

        return count > 0 && TryWrite() ? count : 0;
    }

    /// <summary>
    /// The next to be sent, until <see cref="Confirm"/> the same ones again. Empty where no more are left. A segment
    /// that cannot be read holds up no other: it stays where it is for the next process.
    /// </summary>
    public IReadOnlyList<OutgoingMessage> Read(int count, long bytes)
    {
        while (Current() is { } reader)
        {
            if (reader.Peek(count, bytes) is { Count: > 0 } messages)
                return messages;
            if (reader.Unreadable > 0)
                SpoolTorn(reader.Unreadable, reader.Path);
            Remove(reader);
        }

        return [];
    }

    /// <summary>The broker has what <see cref="Read"/> returned.</summary>
    public void Confirm()
    {
        _reader?.Advance();
        if (_reader is { IsAtEnd: true } finished)
            Remove(finished);
    }

    public void Dispose()
    {
        _active?.Dispose();
        _folder?.Dispose();
    }

    private SegmentReader? Current()
    {
        if (_sealed.Count == 0)
            Seal();
        while (_reader is null && _sealed.TryPeek(out var path))
        {
            try
            {
                _reader = SegmentReader.Open(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Fail(exception);
                _sealed.Dequeue();
            }
        }

        return _reader;
    }

    private bool TryWrite()
    {
        long? before = null;
        try
        {
            if (_active is { } open && open.Length + _buffer.WrittenCount > _segmentBytes)
                Seal();
            if (_active is null)
            {
                _active = SpoolFolder.Create(_folder!.Next(), FileMode.CreateNew);
                Write(SpoolRecord.Magic);
            }

            before = _active.Length;
            Write(_buffer.WrittenSpan);
            _active.Flush(flushToDisk: true);
            _isFaulty = false;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Fail(exception);
            Undo(before);
            return false;
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _active!.Write(bytes);
        Interlocked.Add(ref _bytes, bytes.Length);
    }

    /// <summary>What was written half is cut off, or else it is the end of its segment.</summary>
    private void Undo(long? length)
    {
        if (_active is not { } active)
            return;
        try
        {
            if (length is { } before && active.Length > before)
            {
                Interlocked.Add(ref _bytes, before - active.Length);
                active.SetLength(before);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Fail(exception);
        }

        Seal();
    }

    private void Seal()
    {
        if (_active is not { } active)
            return;
        _sealed.Enqueue(active.Name);
        _active = null;
        active.Dispose();
    }

    private void Remove(SegmentReader reader)
    {
        _reader = null;
        _sealed.Dequeue();
        Interlocked.Add(ref _bytes, -reader.Length);
        try
        {
            File.Delete(reader.Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is sent again by the next process, which changes nothing.
            Fail(exception);
        }
    }

    private void Fail(Exception exception)
    {
        if (!_isFaulty)
            SpoolFailed(root, exception.Message.ReplaceLineEndings(" "));
        _isFaulty = true;
    }

    [LoggerMessage(LogLevel.Information, "{Bytes} bytes of earlier calls wait in {Folder}, and are sent to the broker")]
    private partial void SpoolFound(long bytes, string folder);

    [LoggerMessage(LogLevel.Warning, "{Bytes} bytes at the end of {Segment} are no whole calls, and were left out")]
    private partial void SpoolTorn(long bytes, string segment);

    [LoggerMessage(LogLevel.Warning, "The spool in {Folder} could not be used, and is tried again: {Reason}")]
    private partial void SpoolFailed(string folder, string reason);
}
