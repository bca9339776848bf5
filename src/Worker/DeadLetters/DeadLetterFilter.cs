using Worker.Storage;

namespace Worker.DeadLetters;

/// <summary>Which dead letters are meant: all when nothing is given.</summary>
/// <param name="Id">The one of this <c>dead_letter_id</c>.</param>
/// <param name="Reason">Those refused for this reason, e.g. <c>missing_field</c>.</param>
/// <param name="Ids">Those of these ids.</param>
internal sealed record DeadLetterFilter(string? Id = null, string? Reason = null, IReadOnlySet<string>? Ids = null)
{
    public bool Matches(DeadLetter letter) =>
        (Id ?? letter.DeadLetterId) == letter.DeadLetterId
        && (Reason ?? letter.Reason) == letter.Reason
        && Ids?.Contains(letter.DeadLetterId) != false;
}
