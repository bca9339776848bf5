using Worker.Evaluation.Evaluators;
using Worker.Evaluation.Yaml;

namespace Worker.Tests.Evaluation;

/// <summary>Evaluators whose verdicts are posted.</summary>
public sealed class OutsideEvaluatorTests
{
    private static readonly EvaluatorReader Reader = new([new OutsideEvaluator("external", "a verdict from outside"), new OutsideEvaluator("human", "a person")]);

    [Theory]
    [InlineData("human", "boolean", "")]
    [InlineData("human", "number", "number_limits: { min: 1, max: 5 }")]
    [InlineData("human", "select", "options: [good, bad]")]
    [InlineData("external", "multi_select", "options: [{ name: polite }, { name: short }]")]
    [InlineData("external", "text", "")]
    public void It_is_described_and_nothing_runs(string kind, string returns, string more)
    {
        var evaluator = Read(kind, returns, more, out var mistakes);

        mistakes.Lines.ShouldBeEmpty();
        evaluator!.Judging.Begin.ShouldBeNull();
        evaluator.Judging.Call.ShouldBeNull();
        evaluator.IsExecutable.ShouldBeFalse();
        evaluator.Spec.ToString().ShouldContain($"\"kind\":\"{kind}\"");
    }

    [Fact]
    public void Its_judgments_are_held_to_what_it_says()
    {
        var judging = Read("human", "number", "number_limits: { min: 1, max: 5 }", out _)!.Judging;

        judging.Returns.Problem(Some.Json("5")).ShouldBeNull();
        judging.Returns.Problem(Some.Json("6")).ShouldNotBeNull();
        judging.Returns.Problem(Some.Json("true")).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("select", "", "options: The key is missing")]
    [InlineData("boolean", "url: https://checks.example.com", "url: The key is not known")]
    [InlineData("verdict", "", "return_type: \"verdict\" is not known; accepted are boolean, number, ")]
    public void A_mistake_is_told(string returns, string more, string sentence)
    {
        Read("external", returns, more, out var mistakes).ShouldBeNull();

        mistakes.Lines.ShouldHaveSingleItem().ShouldContain(sentence);
    }

    private static Worker.Evaluation.Evaluator? Read(string kind, string returns, string more, out YamlErrors mistakes) => Reader.Read(
        $$"""
        path: feedback/rating
        kind: {{kind}}
        return_type: {{returns}}
        attach: [{ kind: flow, path: "**" }]
        {{more}}
        """,
        mistakes = new YamlErrors("a.yaml"));
}
