using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Worker.Masking;

/// <summary>
/// Masks what a message must not be stored with: secrets by their shapes, fields, and what patterns find.
/// Deterministic, and of a masked body it makes the same again. A body with nothing to mask is given back untouched,
/// after one vectorised look at it. Never throws, whatever the bytes; safe to use from any thread.
/// </summary>
internal sealed class Masker(MaskRules rules)
{
    /// <summary>Masks nothing.</summary>
    public static readonly Masker Off = new(new() { Secrets = false });

    private const int Rounds = 8;

    private readonly TextMasker _texts = new(rules);
    private readonly bool _looksAtAll =
        !rules.Patterns.IsEmpty || rules.Fields.Any(path => path.Needle is null);

    public MaskRules Rules => rules;

    /// <param name="body">JSON in UTF-8; what is none is masked as a text.</param>
    public Masked Mask(ReadOnlyMemory<byte> body)
    {
        if (rules.IsOff || (!_looksAtAll && !MayHold(body.Span)))
            return new(body, null);

        var counts = new MaskCounts();
        var masked = Once(body, counts, out var isJson);

        // Without its secrets, what is no JSON may be read in another way than with them.
        for (var round = 1; !isJson && !masked.Equals(body) && round < Rounds; round++)
        {
            var again = Once(masked, counts, out isJson);
            if (again.Equals(masked))
                break;
            masked = again;
        }

        return new(masked, masked.Equals(body) ? null : counts);
    }

    /// <summary>A text that is not a message.</summary>
    public string Mask(string text) =>
        !rules.IsOff && _texts.Mask(Encoding.UTF8.GetBytes(text), new()) is { } masked
            ? Encoding.UTF8.GetString(masked)
            : text;

    /// <summary>The same memory where nothing was masked.</summary>
    private ReadOnlyMemory<byte> Once(ReadOnlyMemory<byte> body, MaskCounts counts, out bool isJson)
    {
        isJson = Utf8.IsValid(body.Span);
        var json = new JsonMasker(rules, _texts, body, counts);
        if (isJson && json.Mask() is { } masked)
            body = masked;
        isJson &= !json.IsBroken;
        return isJson ? body : _texts.Mask(body.Span, counts) ?? body;
    }

    /// <summary>Finds too much rather than too little: what it finds is looked at again, value by value.</summary>
    private bool MayHold(ReadOnlySpan<byte> body)
    {
        if (HidesText(body))
            return true;
        foreach (var path in rules.Fields)
        {
            if (body.IndexOf(path.Needle) >= 0)
                return true;
        }

        if (!rules.Secrets)
            return false;
        Span<char> buffer = stackalloc char[AnchorSearch.BufferSize];
        return new SecretSearch(body, rules, buffer).Next();
    }

    /// <summary>What an anchor or a token may have in it is written as escapes.</summary>
    private static bool HidesText(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf(@"\/"u8) >= 0)
            return true;
        for (var at = body.IndexOf(@"\u00"u8); at >= 0;)
        {
            var digits = body.Slice(at + 4, Math.Min(2, body.Length - at - 4));
            if (Utf8Parser.TryParse(digits, out byte character, out _, 'x')
                && (TokenText.Opaque.Contains(character) || character is (byte)':' or (byte)'@' or (byte)' ')
                && character != (byte)'+')
                return true;
            var next = body[(at + 4)..].IndexOf(@"\u00"u8);
            at = next < 0 ? -1 : at + 4 + next;
        }

        return false;
    }
}
