using System.Buffers;

namespace Worker.Masking;

/// <summary>
/// Goes over one JSON text, and masks what is to be: as lenient as those who send it, and without end to its depth.
/// What is not touched stays byte for byte. Where it turns out to be no JSON, <see cref="IsBroken"/> says so.
/// </summary>
internal sealed class JsonMasker(MaskRules rules, TextMasker texts, ReadOnlyMemory<byte> json, MaskCounts counts)
{
    /// <summary>Of an envelope the message is a member: its fields stand there.</summary>
    private static readonly byte[] Envelope = "message"u8.ToArray();

    private static readonly SearchValues<byte> Delimiters = TokenText.Of(" \t\r\n,:\"[]{}");

    private readonly Stack<Frame> _frames = new();
    private readonly List<ReadOnlyMemory<byte>> _names = [];
    private ArrayBufferWriter<byte>? _masked;
    private int _done;
    private int _first;
    private bool _isNameNext;

    /// <summary>It is no JSON, whatever could be masked of it.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Null where nothing was to be masked.</summary>
    public ReadOnlyMemory<byte>? Mask()
    {
        for (var at = json.Span.StartsWith("\uFEFF"u8) ? 3 : 0; at < json.Length;)
            at = Step(at);
        IsBroken |= _frames.Count > 0;
        _masked?.Write(json.Span[_done..]);
        return _masked?.WrittenMemory;
    }

    private int Step(int at)
    {
        switch (json.Span[at])
        {
            case (byte)'{' or (byte)'[':
                Open(isObject: json.Span[at] == (byte)'{');
                return at + 1;
            case (byte)'}' or (byte)']':
                Close(isObject: json.Span[at] == (byte)'}');
                return at + 1;
            case (byte)',':
                _isNameNext = _frames.TryPeek(out var frame) && frame.IsObject;
                return at + 1;
            case (byte)'"':
                return Text(at);
            case (byte)':' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                return at + 1;
            default:
                return Scalar(at);
        }
    }

    private void Open(bool isObject)
    {
        IsBroken |= _isNameNext;
        if (isObject && _names.Count == 1 && _frames.Count == 1 && _names[0].Span.SequenceEqual(Envelope))
            _first = 1;
        _frames.Push(new(isObject));
        _isNameNext = isObject;
    }

    private void Close(bool isObject)
    {
        _isNameNext = false;
        if (!_frames.TryPop(out var frame) || frame.IsObject != isObject)
        {
            IsBroken = true;
            return;
        }

        if (frame.HasName)
            _names.RemoveAt(_names.Count - 1);
        if (_names.Count == 1)
            _first = 0;
    }

    private int Text(int quote)
    {
        var end = JsonString.End(json.Span, quote);
        IsBroken |= end >= json.Length;
        end = Math.Min(end, json.Length);
        var inside = json[(quote + 1)..end];
        if (_isNameNext)
            Name(inside, quote + 1);
        else
            Value(inside, quote + 1);
        _isNameNext = false;
        return end + 1;
    }

    private void Name(ReadOnlyMemory<byte> inside, int at)
    {
        var name = inside.Span.Contains((byte)'\\') ? JsonString.Unescape(inside.Span) : inside;
        var frame = _frames.Pop();
        if (frame.HasName)
            _names[^1] = name;
        else
            _names.Add(name);
        _frames.Push(frame with { HasName = true });
        if (_names.Count > _first + 1 && !IsKept())
            Mask(inside.Span, at);
    }

    private void Value(ReadOnlyMemory<byte> inside, int at)
    {
        if (IsKept())
            return;
        if (IsField())
            Replace(at, inside.Length, Marks.Utf8(MaskRules.FieldKind), MaskRules.FieldKind);
        else if (_names.Count > 0
            && SecretMatches.NamesAwsSecret(_names[^1].Span)
            && rules.Masks("aws_key")
            && SecretMatches.IsAwsSecret(inside.Span))
            Replace(at, inside.Length, Marks.Utf8("aws_key"), "aws_key");
        else
            Mask(inside.Span, at);
    }

    private void Mask(ReadOnlySpan<byte> inside, int at)
    {
        if (!inside.Contains((byte)'\\'))
            Write(at, inside.Length, texts.Mask(inside, counts));
        else if (texts.Mask(JsonString.Unescape(inside), counts) is { } masked)
            Write(at, inside.Length, JsonString.Escape(masked));
    }

    /// <summary>A number, true, false, null, or what others write for numbers that are none.</summary>
    private int Scalar(int at)
    {
        var length = json.Span[at..].IndexOfAny(Delimiters);
        length = length < 0 ? json.Length - at : length;
        var scalar = json.Span.Slice(at, length);
        IsBroken |= _isNameNext || !IsScalar(scalar);
        if (scalar.SequenceEqual("null"u8) || IsKept())
            return at + length;
        if (IsField())
            Replace(at, length, Quoted(MaskRules.FieldKind), MaskRules.FieldKind);
        else if (rules.Masks(SecretShapes.Card) && CardNumbers.Next(scalar, 0, out var card) && card.Equals(..length))
            Replace(at, length, Quoted(SecretShapes.Card), SecretShapes.Card);
        return at + length;
    }

    private bool IsKept() =>
        ProtectedFields.Have(_names, _first) || rules.ExceptFields.Any(path => path.Covers(_names, _first));

    private bool IsField() => rules.Fields.Any(path => path.Covers(_names, _first));

    private void Replace(int at, int length, byte[] mark, string kind)
    {
        if (json.Span.Slice(at, length).SequenceEqual(mark))
            return;
        Write(at, length, mark);
        counts.Add(kind);
    }

    private void Write(int at, int length, byte[]? instead)
    {
        if (instead is null)
            return;
        _masked ??= new(json.Length + 64);
        _masked.Write(json.Span[_done..at]);
        _masked.Write(instead);
        _done = at + length;
    }

    private static byte[] Quoted(string kind) => [(byte)'"', .. Marks.Utf8(kind), (byte)'"'];

    private static bool IsScalar(ReadOnlySpan<byte> scalar) =>
        scalar[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9')
        || scalar.SequenceEqual("true"u8)
        || scalar.SequenceEqual("false"u8)
        || scalar.SequenceEqual("null"u8)
        || scalar.SequenceEqual("NaN"u8)
        || scalar.SequenceEqual("Infinity"u8);

    /// <param name="HasName">The last of the names is that of its member.</param>
    private readonly record struct Frame(bool IsObject, bool HasName = false);
}
