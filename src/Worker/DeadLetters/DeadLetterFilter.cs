using Worker.Storage;

namespace Worker.DeadLetters;

/// <summary>Which dead letters are meant: all when nothing is given.</summary>
/// <param name="Id">The one of this <c>dead_letter_id</c>.</param>
/// <param name="Reason">Those refused for this reason, e.g. <c>missing_field</c>.</param>
/// <param name="Before">Those written before (see <see cref="DeadLetter.WrittenAt"/>).</param>
/// <param name="Also">Those of which this is true, too.</param>
internal sealed record DeadLetterFilter(
    string? Id = null, string? Reason = null, DateTimeOffset? Before = null, Func<DeadLetter, bool>? Also = null)
{
    public bool Matches(DeadLetter letter) =>
        (Id ?? letter.DeadLetterId) == letter.DeadLetterId && (Reason ?? letter.Reason) == letter.Reason
        && !(letter.WrittenAt >= Before) && Also?.Invoke(letter) != false;
}
