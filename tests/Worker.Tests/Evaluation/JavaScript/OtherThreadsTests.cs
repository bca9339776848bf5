using Worker.Evaluation.JavaScript;

namespace Worker.Tests.Evaluation.JavaScript;

public sealed class OtherThreadsTests
{
    [Fact(SkipUnless = nameof(IsLinux), Skip = "Children are forked on Linux alone.")]
    public void A_fork_waits_for_a_thread_that_is_at_work_until_it_sleeps()
    {
        using var known = new ManualResetEventSlim();
        using var end = new ManualResetEvent(false);
        var (task, isToSleep) = ("", false);
        var thread = new Thread(() =>
        {
            task = $"/proc/{new FileInfo("/proc/thread-self").LinkTarget}";
            known.Set();
            while (!Volatile.Read(ref isToSleep))
                Thread.SpinWait(100);
            end.WaitOne();
        });
        thread.Start();
        known.Wait(TestContext.Current.CancellationToken);

        Should.Throw<InvalidOperationException>(new OtherThreads([task], looks: 20).AwaitSleep)
            .Message.ShouldBe("Other threads are at work, so that no child can be forked.");

        Volatile.Write(ref isToSleep, true);
        new OtherThreads([task]).AwaitSleep();

        end.Set();
        thread.Join();
        new OtherThreads([task]).AwaitSleep();
    }

    public static bool IsLinux => OperatingSystem.IsLinux();
}
