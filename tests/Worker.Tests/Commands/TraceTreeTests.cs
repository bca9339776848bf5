using Shouldly;
using Spectre.Console;
using Worker.Commands;
using Worker.Evaluation;
using Worker.Reading;
using Worker.Storage;
using Worker.Testing;
using Worker.Traces;
using Xunit;

namespace Worker.Tests.Commands;

public sealed class TraceTreeTests
{
    [Fact]
    public void What_a_trace_says_cannot_command_the_terminal()
    {
        var log = Some.FlowLog("f", fields: [(Fields.Path, "\"[bold]a\\u001b[31m/[b\""), (Fields.Error, "\"line one\\nline two [/]\"")]);
        var text = Draw([log], Some.EvaluatorLog("f", judgment: "\"[link=x]\\u0007\""));
        text.ShouldNotContain("\u001b");
        text.ShouldNotContain("\u0007");
        text.ShouldContain("[bold]a [31m/[b");
        text.ShouldContain("failed: line one line two [/]");
        text.ShouldContain("= checks/ev-1: \"[link=x]\\u0007\"");
    }

    [Theory]
    [InlineData("true", null, "✓ checks/ev-1: true")]
    [InlineData("false", null, "✗ checks/ev-1: false")]
    [InlineData("0.25", null, "= checks/ev-1: 0.25")]
    [InlineData("null", null, "– checks/ev-1: abstained")]
    [InlineData(null, null, "– checks/ev-1: abstained")]
    [InlineData(null, "it broke", "! checks/ev-1: could not be run: it broke")]
    public void Each_kind_of_verdict_has_its_mark(string? judgment, string? error, string line)
    {
        Draw([Some.FlowLog("f")], Some.EvaluatorLog("f", judgment: judgment, error: error)).ShouldContain(line);
    }

    [Fact]
    public void A_deep_trace_is_drawn_to_its_end()
    {
        var text = Draw([.. Enumerable.Range(0, 1000).Select(i => Some.FlowLog($"flow-{i}", i == 0 ? null : $"flow-{i - 1}"))]);
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1000);
        text.ShouldContain("flow-999");
    }

    [Fact]
    public void Late_Logs_are_counted_beside_the_trace()
    {
        Draw(view => view with { LateLogs = 2 }, [Some.FlowLog("f")]).ShouldContain("2 more came after judgement");
    }

    private static string Draw(IReadOnlyList<Log> members, params EvaluatorLog[] verdicts) => Draw(view => view, members, verdicts);

    private static string Draw(Func<TraceView, TraceView> change, IReadOnlyList<Log> members, params EvaluatorLog[] verdicts)
    {
        var view = new TraceView
        {
            Trace = new Trace(members),
            Outermost = members[0],
            Verdicts = verdicts.ToLookup(verdict => verdict.LogId),
            Revisions = new Dictionary<string, int>(),
            Files = new FileCatalog(new Dictionary<string, TraceFile>(), new Dictionary<string, FileVersion>(), []),
            LateLogs = 0,
        };
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        TraceTree.Write(console, change(view), allRevisions: false);
        return text.ToString();
    }
}
