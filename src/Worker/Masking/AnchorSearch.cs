using System.Buffers;
using System.Text;

namespace Worker.Masking;

/// <summary>
/// Finds the anchors of all shapes in one vectorised pass. That search is made for characters: the bytes are widened to
/// such, a piece at a time, which stays in the processor's nearest cache.
/// </summary>
internal ref struct AnchorSearch(ReadOnlySpan<byte> text, Span<char> buffer)
{
    /// <summary>How many characters the buffer has to have.</summary>
    public const int BufferSize = 2048;

    private static readonly SearchValues<string> Anchors = SearchValues.Create(
        [.. SecretShapes.All.Select(shape => Encoding.ASCII.GetString(shape.Anchor)).Distinct(StringComparer.Ordinal)],
        StringComparison.Ordinal);

    private static readonly int Overlap = SecretShapes.All.Max(shape => shape.Anchor.Length) - 1;

    private readonly ReadOnlySpan<byte> _text = text;
    private readonly Span<char> _buffer = buffer;
    private int _begin;
    private int _length;
    private int _at;

    /// <summary>Where the next anchor is, not before that place; -1 when there is none.</summary>
    public int Next(int from)
    {
        if (from > _begin + _at)
            _at = Math.Min(from - _begin, _length);
        if (from > _begin + _length)
            (_begin, _length, _at) = (from, 0, 0);
        while (true)
        {
            var found = _buffer[_at.._length].IndexOfAny(Anchors);
            if (found >= 0)
            {
                _at += found + 1;
                return _begin + _at - 1;
            }

            if (_begin + _length >= _text.Length)
                return -1;
            _begin = Math.Max(_begin + _at, _begin + _length - Overlap);
            _length = Math.Min(_buffer.Length, _text.Length - _begin);
            _at = 0;
            Encoding.Latin1.GetChars(_text.Slice(_begin, _length), _buffer);
        }
    }
}
