using System.Text.Json.Nodes;
using Worker.Commands;

namespace Worker.Tests.Commands;

/// <summary><c>evaluators agreement</c> and <c>evaluate --shadow</c>, over what the shipped sample leaves.</summary>
[Collection("demo")]
public sealed class AssessmentCommandTests : IDisposable
{
    private readonly CommandLine _worker = new();

    public void Dispose() => _worker.Dispose();

    [Fact]
    public async Task Few_pairs_are_shown_and_counted_and_no_kappa_is_made_of_them()
    {
        await _worker.RunAsync("demo");

        var (exitCode, output, error) = await _worker.RunAsync("evaluators", "agreement", "monitoring/no-tool-failed", "--with", "ev");
        var json = await _worker.RunAsync("evaluators", "agreement", "monitoring/no-tool-failed", "--with", "ev", "--json");

        exitCode.ShouldBe(ExitCodes.Done);
        error.ShouldContain("People judged 1 Log.");
        output.ShouldContain("1 pair of 1 verdict.");
        output.ShouldContain("There are too few pairs for a kappa: 1, and it takes 20 for 1 different judgments.");
        output.ShouldNotContain("%");
        var agreement = JsonNode.Parse(json.Output)!;
        ((bool)agreement["stale"]!).ShouldBeFalse();
        ((int)agreement["comparison"]!["pairs"]!).ShouldBe(1);
        agreement["comparison"]!["kappa"].ShouldBeNull();
        agreement["comparison"]!["agreement"].ShouldBeNull();
    }

    [Fact]
    public async Task Who_is_compared_with_nobody_ends_with_1_and_who_is_nobody_with_4()
    {
        await _worker.RunAsync("demo");

        (await _worker.RunAsync("evaluators", "agreement", "monitoring/no-tool-failed")).ExitCode.ShouldBe(ExitCodes.SomeFailed);
        (await _worker.RunAsync("evaluators", "agreement", "nobody")).ExitCode.ShouldBe(ExitCodes.NotFound);
    }

    [Fact]
    public async Task A_share_of_the_sample_is_judged_and_no_verdict_is_added()
    {
        await _worker.RunAsync("demo");
        var before = await _worker.RunAsync("verify");
        var file = _worker.File("depth.yaml", "path: depth\nkind: rules\nreturn_type: number\nrule: { count: { of: descendants } }");

        var dry = await _worker.RunAsync("evaluate", "--shadow", "1", "--evaluator", file, "--dry-run");
        var (exitCode, output, _) = await _worker.RunAsync("evaluate", "--shadow", "1", "--evaluator", file, "--json");
        var known = await _worker.RunAsync("evaluate", "--shadow", "1", "--evaluator", "monitoring/no-tool-failed");

        dry.Output.ShouldBe("4 Logs would be judged.\n");
        exitCode.ShouldBe(ExitCodes.Done);
        var shadow = JsonNode.Parse(output)!;
        ((int)shadow["logs"]!, (int)shadow["judged"]!, (double)shadow["judgments"]!["max"]!).ShouldBe((4, 4, 6));
        known.Output.ShouldContain("judged 4 of them, too; 0 of those otherwise.");
        (await _worker.RunAsync("verify")).Output.ShouldBe(before.Output);
    }

    [Theory]
    [InlineData("--shadow accepts a share above 0 and up to 1.", "evaluate", "--shadow", "0", "--evaluator", "monitoring/latency")]
    [InlineData("--shadow needs --evaluator: its path, or a file of an Evaluator.", "evaluate", "--shadow", "1")]
    [InlineData("--rate accepts a number above 0.", "evaluate", "--shadow", "1", "--rate", "0")]
    [InlineData("--limit accepts 0 to 10000.", "evaluators", "agreement", "ev", "--limit", "-1")]
    [InlineData("--map is \"good\"; it accepts e.g. good=true, each judgment of people's once.", "evaluators", "agreement", "ev", "--map", "good")]
    public async Task What_is_asked_amiss_ends_with_2_and_says_what_is_accepted(string sentence, params string[] args)
    {
        await _worker.RunAsync("demo");

        var (exitCode, output, error) = await _worker.RunAsync(args);

        exitCode.ShouldBe(ExitCodes.Usage);
        output.ShouldBeEmpty();
        error.ShouldStartWith(sentence);
    }
}
