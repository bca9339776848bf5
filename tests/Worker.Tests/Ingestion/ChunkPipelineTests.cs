using System.Collections.Concurrent;
using Worker.Ingestion;
using Worker.Testing.Processes;

namespace Worker.Tests.Ingestion;

/// <summary>Which chunks are in hand at once, and in which order they are settled.</summary>
public sealed class ChunkPipelineTests : IDisposable
{
    private readonly IngestionMetrics _account = new(new TestMeters());
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _begun = [];
    private readonly ConcurrentDictionary<long, int> _beside = [];
    private readonly ChunkDrain _drain;

    public ChunkPipelineTests()
    {
        var store = new InMemoryStore();
        _drain = TestDrain.Drain(TestDrain.Guard(ProcessAsync, store), new SentLetters((_, _) => throw new InvalidOperationException("Nothing is refused here.")), store, _account);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private long[] Begun => [.. _begun.Keys.Order()];

    public void Dispose()
    {
        _drain.Dispose();
        _account.Dispose();
    }

    [Fact]
    public async Task Three_chunks_are_in_hand_and_the_next_begins_when_the_first_is_settled()
    {
        var source = new Chunks(5, suspect: 0);
        using var stop = new CancellationTokenSource();
        var draining = RunAsync(source, stop.Token);
        await BegunAsync(1, 2, 3);
        End(3);
        End(2);
        await source.AskedAsync(4);
        Begun.ShouldBe([1L, 2L, 3L], "the first is not settled");
        source.Settled.ShouldBeEmpty("in their order");

        End(1);
        await BegunAsync(4, 5);
        End(4);
        End(5);
        await source.SettledAsync(5);

        source.Settled.ShouldBe([1L, 2L, 3L, 4L, 5L]);
        await stop.CancelAsync();
        await draining;
    }

    [Fact]
    public async Task A_suspect_begins_when_nothing_else_is_in_hand_and_nothing_begins_beside_it()
    {
        // Again and again: the first time much of what could begin too early is still being compiled.
        for (var turn = 0; turn < 10; turn++)
        {
            _begun.Clear();
            var source = new Chunks(4, suspect: 3);
            using var stop = new CancellationTokenSource();
            var draining = RunAsync(source, stop.Token);
            await BegunAsync(1, 2);
            await source.AskedAsync(3);
            End(2);
            await AllThatCanRunAsync();
            End(1);
            await BegunAsync(3);
            await source.AskedAsync(4);
            End(3);
            await BegunAsync(4);
            End(4);
            await source.SettledAsync(4);
            await stop.CancelAsync();
            await draining;

            _beside[2].ShouldBe(1);
            _beside[3].ShouldBe(0);
            _beside[4].ShouldBe(0);
        }
    }

    private async Task<ProcessedChunk> ProcessAsync(IReadOnlyList<InboundMessage> chunk, CancellationToken cancellationToken)
    {
        _beside[chunk[0].Tag] = _begun.Values.Count(each => !each.Task.IsCompleted);
        await _begun.GetOrAdd(chunk[0].Tag, _ => Signal()).Task.WaitAsync(cancellationToken);
        return TestDrain.Stored(chunk);
    }

    private void End(long chunk) => _begun[chunk].SetResult();

    private Task BegunAsync(params long[] chunks) =>
        Eventually.IsTrueAsync("they have begun", () => Task.FromResult(chunks.All(_begun.ContainsKey)));

    /// <summary>What is queued now has run, and what that has queued.</summary>
    private static async Task AllThatCanRunAsync()
    {
        for (var round = 0; round < 1000; round++)
            await Task.Run(() => { });
    }

    private async Task RunAsync(Chunks source, CancellationToken stop)
    {
        try
        {
            await _drain.RunAsync(source, LetterLimit.QuarterOf(4000), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>So many chunks of one message, by number, of which one may be a suspect; then it waits.</summary>
    private sealed class Chunks(int count, int suspect) : IChunkSource
    {
        private readonly ConcurrentQueue<long> _settled = [];
        private int _given;

        public IReadOnlyCollection<long> Settled => [.. _settled];

        public async Task<HeldChunk> NextAsync(CancellationToken cancellationToken)
        {
            if (_given == count)
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            var number = Interlocked.Increment(ref _given);
            var message = Some.Delivery($"{number}", tag: number) with
            {
                DeliveryCount = number == suspect ? InboundMessage.SuspectFrom : 0,
            };
            return new([message], 1, TimeProvider.System.GetTimestamp());
        }

        public Task SettleAsync(IReadOnlyList<InboundMessage> messages)
        {
            foreach (var message in messages)
                _settled.Enqueue(message.Tag);
            return Task.CompletedTask;
        }

        public Task<int> ReturnAsync() => Task.FromResult(0);

        public Task AskedAsync(int chunk) =>
            Eventually.IsTrueAsync("it was given", () => Task.FromResult(Volatile.Read(ref _given) >= chunk));

        public Task SettledAsync(int chunks) =>
            Eventually.IsTrueAsync("they are settled", () => Task.FromResult(_settled.Count >= chunks));
    }
}
