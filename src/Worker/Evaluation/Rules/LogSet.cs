using Worker.Traces;

namespace Worker.Evaluation.Rules;

/// <summary>The Logs of a trace that a rule looks at: the values of <c>of</c>. The kinds include the head when it is of that kind.</summary>
internal static class LogSet
{
    public static readonly IReadOnlyDictionary<string, Func<Trace, IEnumerable<Log>>> ByName =
        new Dictionary<string, Func<Trace, IEnumerable<Log>>>(StringComparer.Ordinal)
        {
            ["head"] = trace => [trace.Head],
            ["children"] = trace => trace.ChildrenOf(trace.Head.Id),
            ["descendants"] = trace => trace.Members.Skip(1),
            ["logs"] = trace => trace.Members,
            ["tools"] = trace => trace.Members.Where(log => log.Kind == LogKind.Tool),
            ["prompts"] = trace => trace.Members.Where(log => log.Kind == LogKind.Prompt),
            ["flows"] = trace => trace.Members.Where(log => log.Kind == LogKind.Flow),
        };
}
