using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Worker.Publishing;

namespace Worker.Transfer;

/// <summary>Reads a file line by line. No more than one line is held, and that up to a limit.</summary>
internal sealed class LineReader(Stream stream, int maxBytes)
{
    private const int BufferBytes = 1024 * 1024;

    /// <summary>Empty lines are counted, and not given.</summary>
    public async IAsyncEnumerable<NumberedLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));
        var (number, isPassedOver) = (0L, false);
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            while (Lines.Take(ref rest, read.IsCompleted) is { } line)
            {
                number++;
                if (isPassedOver || line.Length > maxBytes)
                    yield return new(number, default, IsTooLong: true);
                else if (Text(line) is { IsEmpty: false } text)
                    yield return new(number, text, IsTooLong: false);
                isPassedOver = false;
            }

            if (rest.Length > maxBytes)
                (isPassedOver, rest) = (true, rest.Slice(rest.End));
            reader.AdvanceTo(rest.Start, rest.End);
            if (!read.IsCompleted)
                continue;
            if (isPassedOver)
                yield return new(number + 1, default, IsTooLong: true);
            yield break;
        }
    }

    private static ReadOnlyMemory<byte> Text(ReadOnlySequence<byte> line) =>
        (line.IsSingleSegment ? line.First : line.ToArray()).Trim(" \t\r"u8);
}
