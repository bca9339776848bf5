using Worker.Traces;

namespace Worker.Evaluation.Rules;

/// <summary>The Logs that a rule is about.</summary>
/// <param name="Of">Among these.</param>
/// <param name="Where">Those for which this holds; null is all of them.</param>
internal sealed record Selection(Predicate<Member> Of, Condition? Where)
{
    private const int ShownLength = 60;

    /// <summary>The fields whose values are to be told of a Log; null where nothing is to be told.</summary>
    public IReadOnlyList<FieldPath>? Told { get; init; }

    /// <summary>Null where that cannot be known.</summary>
    public bool? Includes(Member member) => !Of(member) ? false : Where is null ? true : Where(member);

    /// <summary>The values of the fields that are told of a Log, e.g. <c>metadata.tier is "free"</c>.</summary>
    public string Tell(Member member) => string.Join(
        ", ", Told!.Select(field => $"{field.Text} is {Value(field, member)}"));

    private static string Value(FieldPath field, Member member)
    {
        if (field.IsUnknown(member))
            return "not known";
        var text = field.Read(member)?.GetRawText() ?? "absent";
        return text.Length <= ShownLength ? text : text[..ShownLength] + "…";
    }
}
