namespace Worker.Tests.Evaluation.JavaScript;

/// <summary>
/// Attacks, each on a host that has to be well afterwards. The same host serves all of them, so that one that does harm
/// later is seen, too.
/// </summary>
public sealed class JavaScriptFenceTests(JavaScriptFenceTests.Host host) : IClassFixture<JavaScriptFenceTests.Host>
{
    public static TheoryData<string> Names => [.. ScriptAttacks.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_attack_ends_as_an_error_and_the_next_call_works(string name)
    {
        var attack = ScriptAttacks.All[name];
        var answer = await host.JavaScript.AskAsync(
            attack.Code, seconds: attack.Seconds, cancellationToken: TestContext.Current.CancellationToken);

        answer.Judgment.ShouldBeNull();
        answer.Error.ShouldNotBeNull().Length.ShouldBeInRange(5, 3000);
        answer.Error.ShouldContain(attack.Error);
        (await host.JavaScript.JudgeAsync("log => true")).ShouldBe("true");
        var process = host.JavaScript.Hosts.ShouldHaveSingleItem();
        Python.Processes.ChildrenOf(process).ShouldBeEmpty();
    }

    /// <summary>Tried by the host's own code behind its fence, as if a script had found its way out of its interpreter.</summary>
    [Fact]
    public async Task Behind_the_fence_the_host_itself_can_do_nothing() =>
        (await host.JavaScript.ProbeAsync("strict")).ShouldBeEmpty();

    /// <summary>What is held is held by the fence, and not by chance: the trial would see it.</summary>
    [Fact]
    public async Task Without_the_fence_it_could()
    {
        var open = await host.JavaScript.ProbeAsync("limits");
        open.ShouldContain("a file can be read");
        open.ShouldContain("a file can be written");
        open.ShouldContain("a network socket can be opened");
        open.ShouldContain("another process can be signalled");
        open.ShouldNotContain("memory is without limit");
    }

    public sealed class Host : IDisposable
    {
        internal JavaScriptUnderTest JavaScript { get; } = new();

        public void Dispose() => JavaScript.Dispose();
    }
}
