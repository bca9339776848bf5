using System.Buffers;

namespace Worker.Publishing;

/// <summary>Cuts what has been read of a file into lines.</summary>
internal static class Lines
{
    /// <summary>The next line, without its end; null where no whole one is there.</summary>
    /// <param name="rest">Moves on behind the line.</param>
    /// <param name="isLast">Nothing follows: what is left without an end is a line, too.</param>
    public static ReadOnlySequence<byte>? Take(ref ReadOnlySequence<byte> rest, bool isLast)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            var line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return line;
        }

        if (!isLast || rest.IsEmpty)
            return null;
        var last = rest;
        rest = rest.Slice(rest.End);
        return last;
    }
}
