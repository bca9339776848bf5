using Worker.Evaluation;
using Worker.Evaluation.Hosts;
using Worker.Tests.Evaluation.Python;

namespace Worker.Tests.Evaluation.JavaScript;

public sealed class JavaScriptPoolTests
{
    private const string True = "log => true";
    private const string Endless = "log => { for (;;) {} }";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_that_is_killed_fails_its_own_call_alone()
    {
        using var script = new JavaScriptUnderTest();
        await script.JudgeAsync(True);
        var host = script.Hosts.ShouldHaveSingleItem();
        var call = script.AskAsync(Endless, cancellationToken: Token);
        await Processes.UntilAsync(() => Processes.ChildrenOf(host).Count > 0);
        var child = Processes.ChildrenOf(host).ShouldHaveSingleItem();
        Processes.Kill(host);

        (await Should.ThrowAsync<TransientCallException>(call)).Message.ShouldStartWith(
            "The JavaScript host ended during the call:");
        await Processes.UntilAsync(() => !Processes.Exists(child));
        (await script.JudgeAsync(True)).ShouldBe("true");
    }

    [Fact]
    public async Task A_cancelled_call_ends_and_leaves_no_process()
    {
        using var script = new JavaScriptUnderTest();
        using var cancel = new CancellationTokenSource();
        await script.JudgeAsync(True);
        var host = script.Hosts.ShouldHaveSingleItem();
        var call = script.AskAsync(Endless, cancellationToken: cancel.Token);
        await Processes.UntilAsync(() => Processes.ChildrenOf(host).Count > 0);
        var child = Processes.ChildrenOf(host).ShouldHaveSingleItem();
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
        await Processes.UntilAsync(() => !Processes.Exists(host) && !Processes.Exists(child));
    }

    [Fact]
    public async Task Where_no_filter_can_be_set_it_is_paused_and_says_what_accepts_less()
    {
        using var python = new PythonUnderTest();
        var without = $"{PythonUnderTest.Python} -c '{PythonPoolTests.WithoutSeccomp}'";
        using var script = new JavaScriptUnderTest(before: without);
        (await Should.ThrowAsync<EvaluatorPausedException>(() => script.AskAsync(True))).Message.ShouldSatisfyAllConditions(
            message => message.ShouldStartWith(
                "This system cannot fence JavaScript code as Evaluation:JavaScript:Fence=strict asks: it cannot be closed"),
            message => message.ShouldEndWith("accept less with Evaluation:JavaScript:Fence=limits."));

        foreach (var less in new[] { CodeFence.Limits, CodeFence.None })
        {
            using var accepting = new JavaScriptUnderTest(options => options.Fence = less, without);
            (await accepting.JudgeAsync(True)).ShouldBe("true");
        }
    }

    [Fact]
    public async Task What_is_no_host_pauses()
    {
        using var script = new JavaScriptUnderTest(before: "/bin/false");
        (await Should.ThrowAsync<EvaluatorPausedException>(() => script.AskAsync(True))).Message.ShouldSatisfyAllConditions(
            message => message.ShouldStartWith("The host of JavaScript code was started as "),
            message => message.ShouldContain("it said nothing."));
    }
}
