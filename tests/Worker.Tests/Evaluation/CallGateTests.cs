using Worker.Runs;
using Worker.Evaluation;
using Worker.Evaluation.Bus;

namespace Worker.Tests.Evaluation;

/// <summary>What Evaluators that are called share: their turn, the trace they are asked about, and word of what they said.</summary>
public sealed class CallGateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly Run Asked = new() { LogId = "f", Revision = 1, Digest = "d", OpenedAt = Some.Time };

    [Fact]
    public async Task While_ingestion_keeps_up_nobody_waits()
    {
        using var gate = Runners.GateOf(new Runners.Backlog());

        for (var i = 0; i < 50; i++)
            (await gate.EnterAsync(Token)).ShouldBeNull();
    }

    [Fact]
    public async Task While_ingestion_is_behind_they_take_turns_and_no_longer()
    {
        var backlog = new Runners.Backlog { IsBehind = true };
        using var gate = Runners.GateOf(backlog, parallelism: 2);
        var first = await gate.EnterAsync(Token);
        var second = await gate.EnterAsync(Token);
        var third = gate.EnterAsync(Token).AsTask();
        third.IsCompleted.ShouldBeFalse();

        first!.Dispose();
        (await third).ShouldNotBeNull();
        var fourth = gate.EnterAsync(Token).AsTask();
        fourth.IsCompleted.ShouldBeFalse();

        backlog.IsBehind = false;
        (await fourth).ShouldBeNull();
        second.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_trace_is_read_once_for_all_that_are_asked_about_it_together()
    {
        var (inputs, reads, read) = (new RecentInputs(TimeProvider.System), 0, new TaskCompletionSource<TraceJson?>());
        Task<TraceJson?> ReadAsync()
        {
            reads++;
            return read.Task;
        }

        var (one, other) = (inputs.OfAsync(Asked, ReadAsync), inputs.OfAsync(Asked, ReadAsync));
        read.SetResult(new(new byte[] { 1 }, false));
        (await one).ShouldBeSameAs(await other);
        (await inputs.OfAsync(Asked, ReadAsync)).ShouldBeSameAs(await one);
        reads.ShouldBe(1);

        await inputs.OfAsync(Asked with { Revision = 2 }, ReadAsync);
        await inputs.OfAsync(Asked with { Digest = "e" }, ReadAsync);
        reads.ShouldBe(3);
    }

    [Fact]
    public async Task A_trace_is_read_again_after_a_failure_a_change_or_a_while()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Some.Time);
        var inputs = new RecentInputs(time);
        var trace = new TraceJson(new byte[] { 1 }, false);

        await Should.ThrowAsync<InvalidOperationException>(
            () => inputs.OfAsync(Asked, () => Task.FromException<TraceJson?>(new InvalidOperationException())));
        (await inputs.OfAsync(Asked, () => Task.FromResult<TraceJson?>(null))).ShouldBeNull();
        (await inputs.OfAsync(Asked, () => Task.FromResult<TraceJson?>(trace))).ShouldBeSameAs(trace);

        time.Advance(TimeSpan.FromSeconds(6));
        var later = trace with { IsTruncated = true };
        (await inputs.OfAsync(Asked, () => Task.FromResult<TraceJson?>(later))).ShouldBeSameAs(later);
    }

    [Fact]
    public async Task What_is_remembered_is_bounded_by_its_bytes()
    {
        var (inputs, reads) = (new RecentInputs(TimeProvider.System), 0);
        Task<TraceJson?> ReadAsync()
        {
            reads++;
            return Task.FromResult<TraceJson?>(new(new byte[20 * 1024 * 1024], false));
        }

        await inputs.OfAsync(Asked, ReadAsync);
        await inputs.OfAsync(Asked with { LogId = "g" }, ReadAsync);
        await inputs.OfAsync(Asked, ReadAsync);

        reads.ShouldBe(3);
    }

    [Fact]
    public void An_attempt_is_in_hand_once_and_counted_by_its_Log()
    {
        var inHand = new AttemptsInHand();
        var (one, other) = (new Attempt("f", 1, "e", "v"), new Attempt("f", 1, "e2", "v"));

        inHand.TryAdd(one).ShouldBeTrue();
        inHand.TryAdd(one).ShouldBeFalse();
        inHand.TryAdd(other).ShouldBeTrue();
        (inHand.CountOn("f"), inHand.CountOn("g")).ShouldBe((2, 0));

        inHand.Remove(one);
        inHand.Remove(one);
        inHand.CountOn("f").ShouldBe(1);
        inHand.Remove(other);
        inHand.CountOn("f").ShouldBe(0);
    }
}
