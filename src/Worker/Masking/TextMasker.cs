using System.Buffers;
using System.Text;

namespace Worker.Masking;

/// <summary>
/// Masks one text. What is masked is masked for good: the text is gone over until nothing more is found, because what
/// stood beside a secret may look like one without it.
/// </summary>
internal sealed class TextMasker(MaskRules rules)
{
    /// <summary>A text that still changes after that many rounds is masked as a whole.</summary>
    private const int Rounds = 8;

    private readonly Marks _marks = new(rules.Kinds);

    /// <param name="text">Text in UTF-8; where it is not, only secrets by shape are found in it.</param>
    /// <returns>Null where nothing is to be masked.</returns>
    public byte[]? Mask(ReadOnlySpan<byte> text, MaskCounts counts)
    {
        byte[]? masked = null;
        for (var round = 0; round < Rounds; round++)
        {
            if (Once(masked ?? text, counts) is not { } changed)
                return masked;
            masked = changed;
        }

        return Marks.Utf8(MaskRules.FieldKind);
    }

    private byte[]? Once(ReadOnlySpan<byte> text, MaskCounts counts)
    {
        var masked = rules.Secrets ? Shapes(text, counts) : null;
        foreach (var pattern in rules.Patterns)
            masked = Pattern(pattern, masked ?? text, counts) ?? masked;
        return masked;
    }

    private byte[]? Shapes(ReadOnlySpan<byte> text, MaskCounts counts)
    {
        Span<char> buffer = stackalloc char[AnchorSearch.BufferSize];
        var search = new SecretSearch(text, rules, buffer);
        ArrayBufferWriter<byte>? masked = null;
        var done = 0;
        while (search.Next())
        {
            masked ??= new(text.Length + 32);
            masked.Write(text[done..search.Secret.Start.Value]);
            masked.Write(Marks.Utf8(search.Kind));
            done = search.Secret.End.Value;
            counts.Add(search.Kind);
        }

        masked?.Write(text[done..]);
        return masked?.WrittenSpan.ToArray();
    }

    private byte[]? Pattern(MaskPattern pattern, ReadOnlySpan<byte> text, MaskCounts counts)
    {
        var characters = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            return Encoding.UTF8.TryGetChars(text, characters, out var length)
                && pattern.Regex.IsMatch(characters.AsSpan(0, length))
                    ? Replace(pattern, new string(characters, 0, length), counts)
                    : null;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    private byte[]? Replace(MaskPattern pattern, string text, MaskCounts counts)
    {
        var (marks, next, found) = (_marks.In(text), 0, 0);
        var masked = pattern.Regex.Replace(text, match =>
        {
            var end = match.Index + match.Length;
            while (next < marks.Count && marks[next].End.Value <= match.Index)
                next++;
            if (match.Length == 0 || (next < marks.Count && marks[next].Start.Value < end))
                return match.Value;
            found++;
            counts.Add(pattern.Kind);
            return Marks.Of(pattern.Kind);
        });
        return found == 0 ? null : Encoding.UTF8.GetBytes(masked);
    }
}
