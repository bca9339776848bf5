using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Worker.Ingestion;

namespace Worker.Publishing;

/// <summary>
/// Reads a message file line by line, in bounded memory: what has been read so far comes as one batch, so that a slow
/// producer's lines are not held back.
/// </summary>
internal sealed class MessageFile(Stream stream, int maxMessageBytes, TimeProvider time)
{
    /// <summary>What a line may be longer than its body: for its <c>type</c>.</summary>
    private const int TypeAllowance = 1024;

    private const int BufferBytes = 1024 * 1024;

    private readonly ReceiptClock _receipts = new(time);
    private long _lineNumber;

    public async IAsyncEnumerable<MessageBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));
        var skipping = false;
        while (true)
        {
            // A terminal's or pipe's own read is not cancelled: the wait for it is.
            var read = await reader.ReadAsync(cancellationToken).AsTask().WaitAsync(cancellationToken);
            var rest = read.Buffer;
            var batch = new MessageBatch([], [], []);
            while (Lines.Take(ref rest, read.IsCompleted) is { } line)
            {
                if (!skipping)
                    Add(line, batch);
                skipping = false;
            }

            if (rest.Length > maxMessageBytes + TypeAllowance)
            {
                if (!skipping)
                    AddTooLong(batch);
                skipping = true;
                rest = rest.Slice(rest.End);
            }

            if (batch.Messages.Count + batch.Faults.Count > 0)
                yield return batch;
            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
                yield break;
        }
    }

    private void Add(ReadOnlySequence<byte> line, MessageBatch batch)
    {
        if (line.Length > maxMessageBytes + TypeAllowance)
        {
            AddTooLong(batch);
            return;
        }

        _lineNumber++;
        var text = (line.IsSingleSegment ? line.FirstSpan : line.ToArray()).Trim(" \t\r"u8);
        if (_lineNumber == 1 && text.StartsWith("\uFEFF"u8))
            text = text["\uFEFF"u8.Length..];
        if (text.IsEmpty)
            return;

        var (message, fault) = MessageLine.Read(text, _receipts.Next());
        if (message is { Body.Length: var length } && length > maxMessageBytes)
            fault = $"it has {length} bytes and Ingestion:MaxMessageBytes is {maxMessageBytes}.";
        if (fault is not null)
        {
            batch.Faults.Add($"Line {_lineNumber}: {fault}");
            return;
        }

        batch.Messages.Add(message!);
        batch.LineNumbers.Add(_lineNumber);
    }

    private void AddTooLong(MessageBatch batch) =>
        batch.Faults.Add(
            $"Line {++_lineNumber}: it is longer than {maxMessageBytes} bytes, which is Ingestion:MaxMessageBytes.");
}
