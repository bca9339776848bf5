using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Worker.Diagnostics;
using Worker.Ingestion;
using Worker.Storage;

namespace Worker.Tests.Ingestion;

/// <summary>What of the drain counts as standing still.</summary>
public sealed class HeldSignsTests : IDisposable
{
    private static readonly TimeSpan After = TimeSpan.FromMinutes(2);

    private readonly FakeTimeProvider _time = new();
    private readonly IngestionMetrics _account = new(new TestMeters());
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _confirm = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ChunkDrain _drain;
    private readonly HeldMessagesSign _held;
    private readonly HeldLettersSign _waiting;

    public HeldSignsTests()
    {
        var store = new InMemoryStore();
        _drain = TestDrain.Drain(TestDrain.Guard(RefuseAsync, store), new SentLetters(HangAsync), store, _account);
        _held = new(_account, _drain, _time);
        _waiting = new(_account, _drain, _time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _drain.Dispose();
        _account.Dispose();
    }

    [Fact]
    public async Task Messages_that_are_held_while_none_is_settled_are_a_stall_of_the_process()
    {
        _account.Received(7);
        (await LookAsync(TimeSpan.Zero)).ShouldBe((null, null));
        (await LookAsync(After - TimeSpan.FromSeconds(1))).ShouldBe((null, null));

        (await LookAsync(TimeSpan.FromSeconds(1))).ShouldBe(
            (new Stall("The worker holds 7 messages and has settled none for 120 s", IsOfProcess: true), null));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Settling_one_or_giving_one_back_is_going_on(bool isSettled)
    {
        _account.Received(7);
        await LookAsync(After);
        if (isSettled)
            _account.Settled(new ChunkResult { Unchanged = 1 });
        else
            _account.Returned(1);

        (await LookAsync(After)).Held.ShouldBeNull();
        (await LookAsync(After)).Held.ShouldNotBeNull();
    }

    [Fact]
    public async Task Who_holds_nothing_does_not_stand_still()
    {
        await LookAsync(After * 10);
        _account.Received(1);

        (await LookAsync(TimeSpan.FromSeconds(1))).Held.ShouldBeNull();
    }

    [Fact]
    public async Task Letters_that_hang_are_a_stall_of_their_own_and_none_of_the_process()
    {
        using var stop = new CancellationTokenSource();
        var source = new OneChunk(_account, Some.Delivery("x", tag: 1), Some.Delivery("y", tag: 2));
        var draining = _drain.RunAsync(source, LetterLimit.QuarterOf(4000), stop.Token);
        await _asked.Task.WaitAsync(TimeSpan.FromMinutes(1), Token);
        await LookAsync(TimeSpan.Zero);

        var (held, waiting) = await LookAsync(After);

        held.ShouldBeNull();
        waiting.ShouldBe(new Stall("Dead letters wait to be confirmed, 2 of them, and none was for 120 s"));
        _confirm.SetResult();
        await source.SettledAsync(2, Token);
        (await LookAsync(After)).ShouldBe((null, null));
        await stop.CancelAsync();
        await draining;
    }

    private async Task<(Stall? Held, Stall? Waiting)> LookAsync(TimeSpan later)
    {
        _time.Advance(later);
        return (await _held.LookAsync(After, Token), await _waiting.LookAsync(After, Token));
    }

    private static Task<ProcessedChunk> RefuseAsync(
        IReadOnlyList<InboundMessage> chunk, CancellationToken cancellationToken) => Task.FromResult(new ProcessedChunk(
            new ChunkResult { Refused = chunk.Count },
            [.. chunk.Select(message => new RefusedMessage(message, Some.DeadLetter($"{message.Tag}", "x")))]));

    private Task HangAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        _asked.TrySetResult();
        return _confirm.Task.WaitAsync(cancellationToken);
    }

    private sealed class OneChunk(IngestionMetrics account, params InboundMessage[] messages) : IChunkSource
    {
        private readonly Channel<int> _settled = Channel.CreateUnbounded<int>();
        private bool _isGiven;

        public async Task<HeldChunk> NextAsync(CancellationToken cancellationToken)
        {
            if (_isGiven)
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            _isGiven = true;
            account.Received(messages.Length);
            return new(messages, messages.Length, TimeProvider.System.GetTimestamp());
        }

        public Task SettleAsync(IReadOnlyList<InboundMessage> settled) =>
            _settled.Writer.WriteAsync(settled.Count).AsTask();

        public Task<int> ReturnAsync() => Task.FromResult(0);

        public async Task SettledAsync(int count, CancellationToken cancellationToken)
        {
            while (count > 0)
                count -= await _settled.Reader.ReadAsync(cancellationToken);
        }
    }
}
