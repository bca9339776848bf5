using Worker.Traces;

namespace Worker.Tests.Evaluation;

/// <summary>What <c>explain</c> says of a precondition that does not hold.</summary>
public sealed class PreconditionTests
{
    [Theory]
    [InlineData("any: { of: head, where: { field: metadata.tier, equals: paid } }", "metadata.tier is \"free\"")]
    [InlineData("any: { of: head, where: { and: [{ field: metadata.tier, exists: true }, { field: user, exists: true }] } }", "metadata.tier is \"free\", user is absent")]
    [InlineData("any: { of: tools, where: { field: path, equals: search } }", "2 Logs; of one, path is \"lookup\"")]
    [InlineData("none: { of: tools, where: { field: path, equals: pay } }", "2 Logs; of one, path is \"pay\"")]
    [InlineData("any: { of: prompts }", "there is no such Log")]
    [InlineData("none: { of: tools }", "there is such a Log")]
    [InlineData("count: { of: tools }, gt: 2", "count is 2")]
    [InlineData("and: [{ count: { of: tools }, gte: 2 }, { count: { of: logs }, gt: 5 }]", "count is 3")]
    [InlineData("or: [{ count: { of: tools }, gt: 2 }, { count: { of: logs }, gt: 5 }]", "count is 2; count is 3")]
    [InlineData("not: { count: { of: tools }, gt: 1 }", "count is 2")]
    public void It_says_which_values_it_saw(string when, string seen)
    {
        WhyNot(when).ShouldNotBeNull().ShouldStartWith("when does not hold: {");
        WhyNot(when).ShouldEndWith($" ({seen})");
    }

    [Fact]
    public void Of_long_values_it_tells_the_beginning() => WhyNot("any: { of: head, where: { field: output, equals: no } }")!
        .ShouldEndWith("(output is \"" + new string('x', 59) + "…)");

    [Fact]
    public void Of_what_was_not_kept_it_says_that_it_is_not_known()
    {
        var why = WhyNot(
            "any: { of: head, where: { field: inputs.a, equals: no } }",
            Some.FlowLog("f", complete: true) with { Withheld = true });

        why.ShouldNotBeNull().ShouldStartWith("when cannot be told of this trace");
        why.ShouldEndWith("(inputs.a is not known)");
    }

    [Fact]
    public void It_says_nothing_where_it_holds() => WhyNot("any: { of: tools }").ShouldBeNull();

    private static string? WhyNot(string rule) => WhyNot(
        rule,
        Some.FlowLog("f", fields: [(LogFields.Output, $"\"{new string('x', 100)}\""), (LogFields.Metadata, """{"tier":"free"}""")]),
        Some.Log("t1", "f", fields: [(LogFields.Path, "\"lookup\"")]),
        Some.Log("t2", "f", fields: [(LogFields.Path, "\"pay\"")]));

    private static string? WhyNot(string rule, params Log[] members)
    {
        var when = Rules.Evaluator(when: rule).When!;
        var fold = when.Begin();
        var shape = WholeTraces.ShapeOf(members);
        foreach (var (place, log) in members.Index())
            fold.Take(new(shape, place, log));
        return when.WhyNot(fold);
    }
}
