using Worker.Traces;

namespace Worker.Evaluation.Rules;

/// <summary>The Logs that a rule is about.</summary>
/// <param name="Of">Among these.</param>
/// <param name="Where">Those for which this holds; null is all of them.</param>
internal sealed record Selection(Predicate<Member> Of, Condition? Where)
{
    /// <summary>Null where that cannot be known.</summary>
    public bool? Includes(Member member) => !Of(member) ? false : Where is null ? true : Where(member);
}
