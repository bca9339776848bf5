using System.Text;

namespace Worker.Masking;

/// <summary>
/// Where a value stands in a message: names parted by dots, <c>*</c> for any one name. Lists are looked through:
/// <c>messages.content</c> is the content of every message. Everything below the place belongs to it.
/// </summary>
internal sealed class MaskPath
{
    private readonly byte[]?[] _names;

    private MaskPath(string text)
    {
        Text = text;
        _names = [.. text.Split('.').Select(name => name == "*" ? null : Encoding.UTF8.GetBytes(name))];
        Needle = _names[^1] is { } last ? [(byte)'"', .. last, (byte)'"'] : null;
    }

    public string Text { get; }

    /// <summary>What a body has to hold for the path to lead anywhere in it; null: any body may.</summary>
    public byte[]? Needle { get; }

    /// <summary>The path, or else what is wrong with it, as the end of a sentence.</summary>
    public static (MaskPath? Path, string? Fault) Parse(string text)
    {
        var names = text.Split('.');
        if (names.Any(name => name.Length == 0 || name != name.Trim()))
            return (null, "it accepts names parted by dots, e.g. metadata.user.email, with * for any one name");
        return ProtectedFields.Has(Encoding.UTF8.GetBytes(names[0]))
            ? (null, $"{names[0]} is never masked, because Logs are found and linked by it")
            : (new(text), null);
    }

    /// <summary>Whether what stands under these names is at the place or below it.</summary>
    public bool Covers(IReadOnlyList<ReadOnlyMemory<byte>> names, int first)
    {
        if (names.Count - first < _names.Length)
            return false;
        for (var i = 0; i < _names.Length; i++)
        {
            if (_names[i] is { } name && !names[first + i].Span.SequenceEqual(name))
                return false;
        }

        return true;
    }
}
