using System.Buffers;
using System.Text;

namespace Worker.Masking;

/// <summary>One shape of a secret.</summary>
/// <param name="Anchor">What every secret of the shape has in it, so that all are found by one search.</param>
/// <param name="Match">Looks at the place of an anchor. Takes time that is linear in what it looks at.</param>
internal sealed record SecretShape(string Kind, byte[] Anchor, ShapeMatch Match)
{
    /// <summary>A token that begins with its anchor.</summary>
    /// <param name="of">What the rest is made of.</param>
    /// <param name="least">How long the rest is at least.</param>
    /// <param name="most">How long it is at most.</param>
    /// <param name="isRandom">The rest has to look as if drawn by lot.</param>
    /// <param name="notAfter">
    /// What may not stand before it; letters, digits, - and _ where null. What the rest is made of has to be among it,
    /// or end at the next anchor.
    /// </param>
    public static SecretShape Token(
        string kind,
        string anchor,
        SearchValues<byte> of,
        int least,
        int most = int.MaxValue,
        bool isRandom = false,
        SearchValues<byte>? notAfter = null)
    {
        return new(kind, Encoding.ASCII.GetBytes(anchor), Match);

        bool Match(ReadOnlySpan<byte> text, int at, out Range secret)
        {
            secret = default;

            // First: so that no text is gone over by more than one of the tokens that may begin in it.
            if (!TokenText.Begins(text, at, notAfter ?? TokenText.Dashed))
                return false;
            var length = TokenText.Length(text, at + anchor.Length, of);
            secret = at..(at + anchor.Length + length);
            return length >= least
                && length <= most
                && (!isRandom || TokenText.IsRandom(text.Slice(at + anchor.Length, length)));
        }
    }

    public static SecretShape Other(string kind, string anchor, ShapeMatch match) =>
        new(kind, Encoding.ASCII.GetBytes(anchor), match);
}
