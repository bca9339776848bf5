using Worker.Evaluation;
using Worker.Evaluation.Yaml;
using Worker.Traces;

namespace Worker.Tests.Evaluation;

public sealed class EvaluatorFileTests
{
    private const string Valid =
        """
        path: checks/one
        kind: rules
        return_type: boolean
        attach:
          - { kind: flow, path: "**" }
        rule:
          none:
            of: tools
            where: { field: error, exists: true }
        """;

    [Theory]
    [InlineData("of: tools", "of: tool", "a.yaml, line 8, rule.none.of: \"tool\" is not known; accepted are head, children, descendants, logs, tools, prompts, flows.")]
    [InlineData("kind: rules", "kind: rule", "a.yaml, line 2, kind: \"rule\" is not known; rules is accepted.")]
    [InlineData("path: checks/one", "pth: checks/one", "a.yaml, line 1, path: The key is missing; give the path of the Evaluator File, e.g. monitoring/no-tool-failed.")]
    [InlineData(
        "return_type: boolean",
        "return_type: number",
        "a.yaml, line 3, return_type: The rule gives a boolean; boolean is accepted.")]
    [InlineData(
        "return_type: boolean",
        "return_type: select",
        "a.yaml, line 3, return_type: \"select\" is not known; accepted are boolean, number.")]
    [InlineData("exists: true", "exist: true", "a.yaml, line 9, rule.none.where.exist: The key is not known; accepted are field, exists, equals, not_equals, contains, regex, gt, gte, lt, lte.")]
    [InlineData(
        "exists: true",
        "exists: yes",
        "a.yaml, line 9, rule.none.where.exists: This is no boolean; true and false are accepted.")]
    [InlineData("exists: true", "gt: soon", "a.yaml, line 9, rule.none.where.gt: This cannot be used; a number is accepted, or a duration such as 250ms, 10s, 2m.")]
    [InlineData("exists: true", "regex: '(?=a)b'", "a.yaml, line 9, rule.none.where.regex: This cannot be used; ")]
    [InlineData("exists: true", "regex: '('", "a.yaml, line 9, rule.none.where.regex: This cannot be used; ")]
    [InlineData(
        "field: error",
        "field: eror",
        "a.yaml, line 9, rule.none.where.field: A Log has no field \"eror\"; accepted are path, id, ")]
    [InlineData(
        "field: error", "field: error..x", "a.yaml, line 9, rule.none.where.field: \"error..x\" is no field path; ")]
    [InlineData("none:", "nobody:", "a.yaml, line 7, rule: The rule says nothing; give one of any, all, none, ")]
    [InlineData("path: \"**\"", "id: fl_1", "a.yaml, line 5, attach[0].kind: The key is not known; accepted are id, version, environment.")]
    [InlineData(
        "kind: flow",
        "kind: dataset",
        "a.yaml, line 5, attach[0].kind: \"dataset\" is not known; accepted are tool, prompt, flow, evaluator, conversation.")]
    [InlineData("  none:", "  none: [", "a.yaml, line ")]
    [InlineData(
        "  none:",
        "  sum: { of: tools, field: 1a }\n  none:",
        "a.yaml, line 7, rule: The rule says both none and sum; one is accepted.")]
    [InlineData("rule:", "colour: red\nrule:", "a.yaml, line 6, colour: The key is not known; accepted are path, description, attach, when, sample, calls, kind, return_type, number_limits, rule.")]
    public void A_mistake_names_file_line_key_and_what_is_accepted(string right, string wrong, string message)
    {
        var mistakes = new YamlErrors("a.yaml");

        Rules.Reader.Read(Valid.Replace(right, wrong, StringComparison.Ordinal), mistakes).ShouldBeNull();

        mistakes.Lines.ShouldContain(
            line => line.StartsWith(message, StringComparison.Ordinal), string.Join('\n', mistakes.Lines));
    }

    [Fact]
    public void Aliases_that_lead_to_themselves_are_a_mistake_and_not_a_crash()
    {
        var mistakes = new YamlErrors("a.yaml");

        Rules.Reader.Read("rule: &a { not: *a }", mistakes).ShouldBeNull();

        mistakes.Lines.ShouldNotBeEmpty();
    }

    [Fact]
    public void All_mistakes_of_all_files_are_told_at_once()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.yaml", Valid.Replace("of: tools", "of: tool", StringComparison.Ordinal).Replace("exists: true", "exists: 1", StringComparison.Ordinal));
        folder.Write("b.yaml", Valid.Replace("kind: rules", "kind: python", StringComparison.Ordinal));
        folder.Write("c.yaml", Valid);
        folder.Write("d.yaml", Valid);

        var lines = Should.Throw<EvaluatorFileException>(() => new EvaluatorFolder(Rules.Reader, folder.Path).Read()).Message.Split('\n');

        lines.Length.ShouldBe(4);
        lines[0].ShouldStartWith("a.yaml, line 8, rule.none.of: ");
        lines[1].ShouldStartWith("a.yaml, line 9, rule.none.where.exists: ");
        lines[2].ShouldStartWith("b.yaml, line 2, kind: ");
        lines[3].ShouldBe("c.yaml and d.yaml, path: Both name \"checks/one\"; one file for each path is accepted.");
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_named() =>
        Should.Throw<EvaluatorFileException>(() => new EvaluatorFolder(Rules.Reader, "/nowhere/at/all").Read()).Message
            .ShouldBe("The folder of Evaluator files /nowhere/at/all does not exist; make it, or name another in Evaluation:Evaluators.");

    [Fact]
    public void The_shipped_files_beside_the_library_are_five_and_judge_a_trace()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "config", "evaluators");
        var folder = new EvaluatorFolder(Rules.Reader, path);
        var evaluators = Directory.EnumerateFiles(path, "*.yaml").Select(folder.ReadOne).ToList();
        Log[] trace =
        [
            Some.FlowLog(
                "f",
                complete: true,
                fields: [(LogFields.StartTime, "\"2026-01-02T03:04:01Z\""), (LogFields.Output, "\"done\"")]),
            Some.Log(
                "1", "f", fields: [(LogFields.Path, "\"a\""), (LogFields.Inputs, "{}"), (LogFields.Error, "\"no\"")]),
            Some.Log("2", "f", fields: [(LogFields.Path, "\"a\""), (LogFields.Inputs, "{}")]),
        ];

        evaluators.ToDictionary(evaluator => evaluator.Path, evaluator => evaluator.Judge(trace)?.ToString()).ShouldBe(
            new Dictionary<string, string?>
            {
                ["monitoring/answer-given"] = "true",
                ["monitoring/latency"] = "true",
                ["monitoring/no-repeated-tool-call"] = "false",
                ["monitoring/no-tool-failed"] = "false",
                ["monitoring/tool-error-rate"] = "0.5",
            },
            ignoreOrder: true);
    }

    [Fact]
    public void The_version_follows_from_what_is_judged_and_from_nothing_else()
    {
        var one = Read(Valid);

        Read(Valid + "\ndescription: Another\n").VersionId.ShouldBe(one.VersionId);
        Read(Valid.Replace("kind: flow", "kind: tool", StringComparison.Ordinal)).VersionId.ShouldBe(one.VersionId);
        Read(Valid.Replace("tools", "prompts", StringComparison.Ordinal)).VersionId.ShouldNotBe(one.VersionId);
        one.Id.ShouldBe(DerivedIds.File(LogKind.Evaluator, "checks/one"));
        one.VersionId.ShouldBe(DerivedIds.Version(LogKind.Evaluator, one.Id, one.Spec));
        one.Spec.ToString().ShouldBe("""{"kind":"rules","return_type":"boolean","rule":{"none":{"of":"tools","where":{"exists":true,"field":"error"}}}}""");
    }

    [Fact]
    public void A_stored_spec_is_read_back_as_the_same_version()
    {
        var one = Read(Valid.Replace("field: error, exists: true", "field: inputs.q, regex: '\\d \"x\" \u00fc \U0001F600', equals: \"1\"", StringComparison.Ordinal));

        var again = Rules.Reader.OfSpec(one.Path, one.Spec)!;

        (again.Id, again.VersionId, again.Spec).ShouldBe((one.Id, one.VersionId, one.Spec));
    }

    [Fact]
    public void A_spec_that_this_program_cannot_read_is_none() =>
        Rules.Reader.OfSpec("checks/one", Some.Json("""{"kind":"quantum"}""")).ShouldBeNull();

    private static Worker.Evaluation.Evaluator Read(string yaml)
    {
        var mistakes = new YamlErrors("a.yaml");
        var evaluator = Rules.Reader.Read(yaml, mistakes);
        mistakes.Lines.ShouldBeEmpty();
        return evaluator!;
    }
}
