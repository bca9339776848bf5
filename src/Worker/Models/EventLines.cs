using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace Worker.Models;

/// <summary>
/// The data of server-sent events, as services of models write them: each on one line. Bounded, whatever comes. Throws
/// <see cref="InvalidDataException"/>, and what the stream throws.
/// </summary>
internal static class EventLines
{
    /// <summary>Of one event, in bytes.</summary>
    public const int Longest = 1024 * 1024;

    private const string Data = "data:";

    /// <param name="begin">Called before each wait, e.g. to wind up a clock.</param>
    public static async IAsyncEnumerable<string> ReadAsync(
        Stream stream, Action begin, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream);
        try
        {
            for (var isWhole = false; !isWhole;)
            {
                begin();
                var read = await reader.ReadAsync(cancellationToken);
                isWhole = read.IsCompleted;
                var rest = read.Buffer;
                while (Next(ref rest, isWhole) is { } line)
                {
                    if (line.StartsWith(Data, StringComparison.Ordinal))
                        yield return line[Data.Length..].Trim();
                }

                if (rest.Length > Longest)
                    throw new InvalidDataException($"an event is longer than {Longest} bytes");
                reader.AdvanceTo(rest.Start, rest.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    /// <summary>Null where no line has ended yet.</summary>
    private static string? Next(ref ReadOnlySequence<byte> rest, bool isWhole)
    {
        var end = rest.PositionOf((byte)'\n');
        if (end is null && (!isWhole || rest.IsEmpty))
            return null;
        var line = end is { } at ? rest.Slice(0, at) : rest;
        rest = end is { } next ? rest.Slice(rest.GetPosition(1, next)) : rest.Slice(rest.End);
        return Encoding.UTF8.GetString(line).TrimEnd('\r');
    }
}
