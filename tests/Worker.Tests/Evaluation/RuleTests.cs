using Worker.Traces;
using static Worker.Tests.Evaluation.Rules;

namespace Worker.Tests.Evaluation;

public sealed class RuleTests
{
    private static readonly Log Head = Some.FlowLog("f", complete: true, fields: [(LogFields.Output, "\"{\\\"answer\\\": {\\\"text\\\": \\\"yes\\\", \\\"score\\\": 0.9}}\""), (LogFields.Inputs, """{"question":"why?","a.b":[1,{"c":true}]}""")]);
    private static readonly Log Good = Some.Log("good", "f", fields: [(LogFields.Path, "\"tools/search\""), (LogFields.Output, "\"42\""), (LogFields.Inputs, """{"q":1,"r":2}""")]);
    private static readonly Log Bad = Some.Log(
        "bad", "f", fields: [(LogFields.Path, "\"tools/mail\""), (LogFields.Error, "\"refused\"")]);

    [Theory]
    [InlineData("any: { of: tools, where: { field: error, exists: true } }", "true")]
    [InlineData("none: { of: tools, where: { field: error, exists: true } }", "false")]
    [InlineData("all: { of: tools, where: { field: error, exists: true } }", "false")]
    [InlineData("all: { of: prompts, where: { field: error, exists: true } }", "true")]
    [InlineData("any: { of: prompts }", "false")]
    [InlineData("any: { of: descendants, where: { field: kind, equals: flow } }", "false")]
    [InlineData("any: { of: logs, where: { field: kind, equals: flow } }", "true")]
    [InlineData("any: { of: children, where: { field: path, equals: tools/mail } }", "true")]
    [InlineData("and: [ { any: { of: head } }, { none: { of: prompts } } ]", "true")]
    [InlineData("or: [ { any: { of: prompts } }, { count: { of: tools }, gt: 2 } ]", "false")]
    [InlineData("not: { any: { of: prompts } }", "true")]
    public void Quantifiers_look_at_the_chosen_logs(string rule, string judgment) =>
        Judge(rule, Head, Good, Bad).ShouldBe(judgment);

    [Theory]
    [InlineData("field: trace_status, equals: complete", "true")]
    [InlineData("field: output.answer.text, equals: 'yes'", "true")]
    [InlineData("field: output.answer.score, gte: 0.9, lt: 1", "true")]
    [InlineData("field: output.answer.score, gt: 0.9", "false")]
    [InlineData("field: inputs.question, contains: why", "true")]
    [InlineData("field: inputs.question, regex: '^WHY'", "false")]
    [InlineData("field: inputs.question, regex: '^why.$'", "true")]
    [InlineData("field: 'inputs[\"a.b\"]', contains: 1", "true")]
    [InlineData("field: 'inputs[\"a.b\"][1].c', equals: true", "true")]
    [InlineData("field: 'inputs[\"a.b\"][2]', exists: false", "true")]
    [InlineData("field: 'inputs[\"a.b\"]', equals: [1.0, { c: true }]", "true")]
    [InlineData("field: inputs.question, not_equals: why", "true")]
    [InlineData("field: inputs.nothing, not_equals: why", "true")]
    [InlineData("field: inputs.nothing, equals: why", "false")]
    [InlineData("field: inputs.nothing, lt: 5", "false")]
    [InlineData("field: error, exists: false", "true")]
    [InlineData("and: [ { field: output, exists: true }, { field: error, exists: true } ]", "false")]
    [InlineData("or: [ { field: output, exists: true }, { field: error, exists: true } ]", "true")]
    [InlineData("not: { field: output, exists: true }", "false")]
    public void Conditions_hold_for_values_anywhere_in_the_log(string where, string judgment) =>
        Judge($"any: {{ of: head, where: {{ {where} }} }}", Head).ShouldBe(judgment);

    [Theory]
    [InlineData("output, equals: 42", "true")]
    [InlineData("output, equals: '42'", "true")]
    [InlineData("output, gt: 41.5", "true")]
    [InlineData("output, equals: true", "false")]
    [InlineData("inputs, equals: { r: 2, q: 1 }", "true")]
    public void An_output_is_text_that_compares_as_the_json_it_spells(string condition, string judgment) =>
        Judge($"any: {{ of: tools, where: {{ field: {condition} }} }}", Head, Good).ShouldBe(judgment);

    [Theory]
    [InlineData("count: { of: tools }", "2")]
    [InlineData("count: { of: tools, where: { field: error, exists: true } }", "1")]
    [InlineData("ratio: { of: tools, where: { field: error, exists: true } }", "0.5")]
    [InlineData("ratio: { of: prompts, where: { field: error, exists: true } }", null)]
    [InlineData("sum: { of: tools, field: inputs.r }", "2")]
    [InlineData("sum: { of: tools, field: output }", "42")]
    [InlineData("sum: { of: prompts, field: prompt_tokens }", null)]
    public void Measures_give_numbers_and_abstain_over_nothing(string rule, string? judgment) =>
        Measure(rule, Head, Good, Bad).ShouldBe(judgment);

    [Fact]
    public void Repeats_are_counted_by_value_and_not_by_spelling()
    {
        Log[] calls =
        [
            Some.FlowLog("f"),
            Some.Log("1", "f", fields: [(LogFields.Path, "\"a\""), (LogFields.Inputs, """{"x":1,"y":2}""")]),
            Some.Log("2", "f", fields: [(LogFields.Path, "\"a\""), (LogFields.Inputs, """{ "y":2.0, "x":1 }""")]),
            Some.Log("3", "f", fields: [(LogFields.Path, "\"b\""), (LogFields.Inputs, """{"x":1,"y":2}""")]),
            Some.Log("4", "f", fields: [(LogFields.Path, "\"b\"")]),
            Some.Log("5", "f", fields: [(LogFields.Path, "\"b\"")]),
        ];

        Measure("repeated: { of: tools, by: [path, inputs] }", calls).ShouldBe("2");
        Judge("repeated: { of: tools, by: [path, inputs] }, equals: 0", calls).ShouldBe("false");
        Measure("repeated: { of: tools, by: [path] }", calls).ShouldBe("3");
    }

    [Fact]
    public void The_duration_of_a_flow_spans_everything_under_it()
    {
        var head = Some.FlowLog("f", fields: [(LogFields.StartTime, "\"2026-01-02T03:04:05Z\"")]);
        var inner = Some.FlowLog("g", "f");
        var tool = Some.Log("t", "g", fields: [(LogFields.StartTime, "\"2026-01-02T03:04:06Z\""), (LogFields.EndTime, "\"2026-01-02T03:04:07.250000Z\"")]);

        Measure("duration: { of: head }", head, inner, tool).ShouldBe("2.25");
        Measure("duration: { of: tools }", head, inner, tool).ShouldBe("1.25");
        Measure("sum: { of: flows, field: duration }", head, inner, tool).ShouldBe("3.5");
        Judge("duration: { of: head }, lt: 2250ms", head, inner, tool).ShouldBe("false");
        Judge("duration: { of: head }, lte: 2.25s", head, inner, tool).ShouldBe("true");
        Judge("duration: { of: head }, lt: 1m", head).ShouldBeNull("no end is known");
    }

    [Fact]
    public void A_completed_flow_ends_no_earlier_than_its_completion()
    {
        var head = Some.FlowLog("f", complete: true, fields: [(LogFields.StartTime, "\"2026-01-02T03:04:01Z\"")]);

        Measure("duration: { of: head }", head).ShouldBe("4");
    }

    [Theory]
    [InlineData("none: { of: tools, where: { field: error, exists: true } }", "false")]
    [InlineData("any: { of: tools, where: { field: output, exists: true } }", "false")]
    [InlineData("any: { of: tools, where: { field: error, contains: refused } }", null)]
    [InlineData("any: { of: tools, where: { field: metadata.a, equals: 1 } }", "true")]
    [InlineData(
        "any: { of: tools, where: { or: [ { field: inputs.q, equals: 1 }, { field: metadata.a, equals: 1 } ] } }",
        "true")]
    [InlineData(
        "any: { of: tools, where: { and: [ { field: inputs.q, equals: 1 }, { field: metadata.a, equals: 1 } ] } }",
        null)]
    [InlineData("repeated: { of: tools, by: [inputs] }, equals: 0", null)]
    public void What_was_not_to_be_saved_is_not_guessed_at(string rule, string? judgment)
    {
        var withheld = Some.Log("t", "f", fields: [(LogFields.Metadata, """{"a":1}""")]) with { Withheld = true, HadError = true };

        Judge(rule, Some.FlowLog("f"), withheld).ShouldBe(judgment);
    }

    [Fact]
    public void A_trace_of_a_thousand_levels_is_judged()
    {
        var logs = Enumerable.Range(0, 1000).Select(level => Some.FlowLog($"f{level}", level == 0 ? null : $"f{level - 1}")).ToList();
        logs.Add(Some.Log("t", "f999", fields: [(LogFields.StartTime, "\"2026-01-02T03:04:06Z\""), (LogFields.EndTime, "\"2026-01-02T03:04:07Z\"")]));

        Measure("duration: { of: head }", [.. logs]).ShouldBe("1");
    }
}
