using System.Diagnostics;
using System.Globalization;
using Worker.Evaluation;
using Worker.Evaluation.Hosts;

namespace Worker.Tests.Evaluation.Python;

public sealed class PythonPoolTests
{
    private const string True = "def f(log): return True";

    private const string Endless =
        """
        def f(log):
            while True: pass
        """;

    /// <summary>Starts a program to which the kernel refuses every filter.</summary>
    internal const string WithoutSeccomp =
        """
        import ctypes, os, platform, struct, sys
        prctl = 157 if platform.machine() == "x86_64" else 167
        steps = [(0x20, 0, 0, 0), (0x15, 0, 3, prctl), (0x20, 0, 0, 16), (0x15, 0, 1, 22), (6, 0, 0, 0x50001), (6, 0, 0, 0x7fff0000)]
        code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
        libc = ctypes.CDLL(None)
        if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, struct.pack("HP", len(steps), ctypes.addressof(code)), 0, 0):
            sys.exit("no filter can be set")
        os.execv(sys.argv[1], sys.argv[1:])
        """;

    /// <summary>Stands for the worker: asks a host to judge without end, says which process it is, and waits.</summary>
    private const string Standin =
        """
        import struct, subprocess, sys, time
        host = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        host.stdout.readline()
        code = b"def f(log):\n  while True: pass"
        host.stdin.write(struct.pack("<4s7I", b"ask?", 1, len(code), 2, 600000, 64, 10, 65536) + b"x" + code + b"{}")
        host.stdin.flush()
        print(host.pid, flush=True)
        time.sleep(600)
        """;

    private static string WithoutFilters => $"{PythonUnderTest.Python} -c '{WithoutSeccomp}'";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_host_serves_one_call_after_another()
    {
        using var python = new PythonUnderTest();
        var host = await python.HostAsync();
        (await python.HostAsync()).ShouldBe(host);
    }

    [Fact]
    public async Task As_many_calls_run_at_once_as_there_are_hosts()
    {
        const string WaitsForTheOther =
            """
            import os, time
            def f(log):
                time.sleep(0.5)
                return os.getppid()
            """;
        using var python = new PythonUnderTest(options => options.Hosts = 2);
        var hosts = await Task.WhenAll(python.JudgeAsync(WaitsForTheOther), python.JudgeAsync(WaitsForTheOther));
        hosts.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_host_that_is_killed_fails_its_own_call_alone()
    {
        using var python = new PythonUnderTest();
        var host = await python.HostAsync();
        var call = python.AskAsync(Endless, cancellationToken: Token);
        await Processes.UntilAsync(() => Processes.ChildrenOf(host).Count > 0);
        Processes.Kill(host);

        (await Should.ThrowAsync<TransientCallException>(call)).Message.ShouldStartWith(
            "The Python host ended during the call:");
        python.Logger.Of("CodeHostWasLost").ShouldHaveSingleItem();
        (await python.JudgeAsync(True)).ShouldBe("true");
    }

    [Fact]
    public async Task A_host_that_is_killed_between_two_calls_fails_none()
    {
        using var python = new PythonUnderTest();
        var host = await python.HostAsync();
        Processes.Kill(host);
        await Processes.UntilAsync(() => !Processes.Exists(host));
        (await python.JudgeAsync(True)).ShouldBe("true");
    }

    [Fact]
    public async Task A_host_that_hangs_is_replaced()
    {
        var clock = new SettableClock();
        using var python = new PythonUnderTest(time: clock);
        var host = await python.HostAsync();
        var call = python.AskAsync(Endless, cancellationToken: Token);
        await Processes.UntilAsync(() => Processes.ChildrenOf(host).Count > 0);
        using (var stop = Process.Start("/bin/kill", ["-STOP", host.ToString(CultureInfo.InvariantCulture)]))
            await stop.WaitForExitAsync(Token);
        clock.Advance(python.Options.Timeout + TimeSpan.FromMinutes(1));

        (await Should.ThrowAsync<TransientCallException>(call)).Message.ShouldStartWith(
            "The Python host did not answer within");
        (await python.JudgeAsync(True)).ShouldBe("true");
    }

    [Fact]
    public async Task A_cancelled_call_ends_and_leaves_no_process()
    {
        using var python = new PythonUnderTest();
        using var cancel = new CancellationTokenSource();
        var host = await python.HostAsync();
        var call = python.AskAsync(Endless, cancellationToken: cancel.Token);
        await Processes.UntilAsync(() => Processes.ChildrenOf(host).Count > 0);
        var child = Processes.ChildrenOf(host).ShouldHaveSingleItem();
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
        await Processes.UntilAsync(() => !Processes.Exists(host) && !Processes.Exists(child));
        (await python.JudgeAsync(True)).ShouldBe("true");
    }

    [Fact]
    public async Task A_pool_that_is_stopped_leaves_no_process()
    {
        using var python = new PythonUnderTest(options => options.Hosts = 2);
        var idle = await python.HostAsync();
        var call = python.AskAsync(Endless, cancellationToken: Token);
        await Processes.UntilAsync(() => Processes.ChildrenOf(idle).Count > 0);
        python.Pool.Dispose();

        await Should.ThrowAsync<OperationCanceledException>(call);
        await Processes.UntilAsync(() => !Processes.Exists(idle));
    }

    [Fact]
    public async Task A_worker_that_is_killed_in_the_middle_of_a_call_leaves_no_process()
    {
        using var python = new PythonUnderTest();
        var start = new ProcessStartInfo(
            PythonUnderTest.Python,
            ["-c", Standin, python.Options.Path, "-s", "-S", "-B", Path.Combine(python.Scripts, "host.py"), "strict", ""])
        {
            RedirectStandardOutput = true,
        };
        using var worker = Process.Start(start)!;
        var host = int.Parse((await worker.StandardOutput.ReadLineAsync(Token))!, CultureInfo.InvariantCulture);
        await Processes.UntilAsync(() => Processes.ChildrenOf(host).Count > 0);
        var child = Processes.ChildrenOf(host).ShouldHaveSingleItem();
        worker.Kill();

        await Processes.UntilAsync(() => !Processes.Exists(host) && !Processes.Exists(child));
    }

    [Fact]
    public async Task Without_Python_it_is_paused_and_says_what_to_install()
    {
        using var python = new PythonUnderTest(options => options.Path = "/nowhere/python3");
        (await Should.ThrowAsync<EvaluatorPausedException>(() => python.AskAsync(True))).Message.ShouldSatisfyAllConditions(
            message => message.ShouldStartWith("Python cannot be started as \"/nowhere/python3\""),
            message => message.ShouldContain("apt-get install python3"),
            message => message.ShouldContain("Evaluation:Python:Path"));
    }

    [Fact]
    public async Task What_is_no_Python_pauses()
    {
        using var python = new PythonUnderTest(options => options.Path = "/bin/false");
        (await Should.ThrowAsync<EvaluatorPausedException>(() => python.AskAsync(True))).Message
            .ShouldStartWith("Python was started as \"/bin/false\", but is not ready: it said nothing.");
    }

    [Fact]
    public async Task A_module_that_is_not_there_pauses()
    {
        using var python = new PythonUnderTest(options => options.Preload = "json, numpy");
        (await Should.ThrowAsync<EvaluatorPausedException>(() => python.AskAsync(True))).Message
            .ShouldBe("Evaluation:Python:Preload names numpy, which this Python has not.");
    }

    [Fact]
    public async Task Where_no_filter_can_be_set_it_is_paused_and_says_what_accepts_less()
    {
        using var python = new PythonUnderTest(before: WithoutFilters);
        (await Should.ThrowAsync<EvaluatorPausedException>(() => python.AskAsync(True))).Message.ShouldSatisfyAllConditions(
            message => message.ShouldStartWith(
                "This system cannot fence Python code as Evaluation:Python:Fence=strict asks: it cannot be closed"),
            message => message.ShouldEndWith("accept less with Evaluation:Python:Fence=limits."));

        foreach (var less in new[] { CodeFence.Limits, CodeFence.None })
        {
            using var accepting = new PythonUnderTest(options => options.Fence = less, WithoutFilters);
            (await accepting.JudgeAsync(True)).ShouldBe("true");
        }
    }
}
