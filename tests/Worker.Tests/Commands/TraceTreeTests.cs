using Spectre.Console;
using Worker.Commands;
using Worker.Reading;
using Worker.Runs;
using Worker.Traces;

namespace Worker.Tests.Commands;

public sealed class TraceTreeTests
{
    [Fact]
    public async Task What_a_trace_says_cannot_command_the_terminal()
    {
        var log = Some.FlowLog(
            "f",
            fields: [(LogFields.Path, "\"[bold]a\\u001b[31m/[b\""), (LogFields.Error, "\"line one\\nline two [/]\"")]);
        var text = await DrawAsync([log], Some.EvaluatorLog("f", judgment: "\"[link=x]\\u0007\""));
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
    public async Task Each_kind_of_verdict_has_its_mark(string? judgment, string? error, string line)
    {
        (await DrawAsync([Some.FlowLog("f")], Some.EvaluatorLog("f", judgment: judgment, error: error))).ShouldContain(line);
    }

    [Fact]
    public async Task Verdicts_on_a_verdict_are_drawn_behind_it()
    {
        var verdict = Some.EvaluatorLog("f");

        (await DrawAsync([Some.FlowLog("f")], verdict, Some.EvaluatorLog(verdict.Id, evaluator: "ev-2"))).ShouldContain(
            "✓ checks/ev-1: true  (✓ checks/ev-2: true)");
    }

    [Fact]
    public async Task A_deep_trace_is_drawn_to_its_end()
    {
        var text = await DrawAsync([.. Enumerable.Range(0, 1000).Select(i => Some.FlowLog($"flow-{i}", i == 0 ? null : $"flow-{i - 1}"))]);
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1000);
        text.ShouldContain("flow-999");
    }

    [Fact]
    public async Task Late_Logs_are_counted_beside_the_trace()
    {
        (await DrawAsync(view => view with { LateLogs = 2 }, [Some.FlowLog("f")])).ShouldContain(
            "2 more came after judgement");
    }

    private static Task<string> DrawAsync(IReadOnlyCollection<Log> members, params EvaluatorLog[] verdicts) =>
        DrawAsync(view => view, members, verdicts);

    private static async Task<string> DrawAsync(
        Func<TraceView, TraceView> change, IReadOnlyCollection<Log> members, params EvaluatorLog[] verdicts)
    {
        var store = StoreUnderTest.Of(new InMemoryStore());
        await store.Logs.WriteAsync(members, CancellationToken.None);
        await store.Runs.WakeAsync(
            [.. verdicts.Select(verdict => new Wake(verdict.LogId, true)
            {
                JudgedId = verdicts.FirstOrDefault(each => each.Id == verdict.LogId)?.LogId,
            })],
            Some.Timers,
            Some.Time,
            CancellationToken.None);
        await store.Verdicts.AddAsync(verdicts, CancellationToken.None);
        var reader = new TraceReader(store.Traces, store.Logs, store.Verdicts, store.Posted, store.Runs, store.Files);
        var view = change((await reader.ReadAsync(members.First().Id, CancellationToken.None)).ShouldNotBeNull());

        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        await TraceTree.WriteAsync(
            console, view, reader.EntriesAsync(view, CancellationToken.None), allRevisions: false);
        return text.ToString();
    }
}
