using Worker.Traces;

namespace Worker.Evaluation.Rules;

/// <summary>
/// The Logs of a trace that a rule looks at: the values of <c>of</c>. The kinds include the head when it is of that
/// kind.
/// </summary>
internal static class LogSet
{
    public static readonly IReadOnlyDictionary<string, Predicate<Member>> ByName =
        new Dictionary<string, Predicate<Member>>(StringComparer.Ordinal)
        {
            ["head"] = member => member.IsHead,
            ["children"] = member => member.IsChild,
            ["descendants"] = member => !member.IsHead,
            ["logs"] = _ => true,
            ["tools"] = member => member.Log.Kind == LogKind.Tool,
            ["prompts"] = member => member.Log.Kind == LogKind.Prompt,
            ["flows"] = member => member.Log.Kind == LogKind.Flow,
        };
}
