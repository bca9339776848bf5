using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Worker.Errors;
using Worker.Reading;
using Worker.Storage;

namespace Worker.Tests.Reading;

/// <summary>When the index of texts is kept up.</summary>
public sealed class TextIndexServiceTests
{
    private readonly HastyTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_goes_on_while_there_is_something_to_do_but_not_all_the_time_and_looks_again_later()
    {
        var took = TimeSpan.FromMilliseconds(10);
        using var service = Over(step =>
        {
            _time.Now += took;
            return step switch { 1 => IndexStep.Done, 2 => IndexStep.DoneAmongOthers, _ => IndexStep.None };
        });

        await service.StartAsync(Cancellation);

        foreach (var pause in new[] { 4 * took, 49 * took, TextIndexService.Idle, TextIndexService.Idle })
            (await _time.Pauses.ReadAsync(Cancellation)).ShouldBe(pause);
        await service.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_store_that_is_away_is_asked_again_after_a_minute()
    {
        using var service = Over(step => step > 1 ? IndexStep.None : throw new StoreUnavailableException("It is away."));

        await service.StartAsync(Cancellation);

        (await _time.Pauses.ReadAsync(Cancellation)).ShouldBe(TextIndexService.AfterFailure);
        (await _time.Pauses.ReadAsync(Cancellation)).ShouldBe(TextIndexService.Idle);
        await service.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_store_without_an_index_is_left_alone()
    {
        using var service = new TextIndexService(_time, NullLogger<TextIndexService>.Instance);

        await service.StartAsync(Cancellation);

        await service.ExecuteTask!;
    }

    private TextIndexService Over(Func<int, IndexStep> step) =>
        new(_time, NullLogger<TextIndexService>.Instance, new SteppedIndex(step));

    private sealed class SteppedIndex(Func<int, IndexStep> step) : ITextIndex
    {
        private int _steps;

        public Task<IReadOnlyList<IndexedLog>?> FindAsync(
            IReadOnlyCollection<string> texts, int most, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<IndexedLog>?>(null);

        public Task<IndexStep> CatchUpAsync(CancellationToken cancellationToken) => Task.FromResult(step(++_steps));
    }

    /// <summary>Tells of each pause, and ends it at once.</summary>
    private sealed class HastyTime : TimeProvider
    {
        private readonly Channel<TimeSpan> _pauses = Channel.CreateUnbounded<TimeSpan>();

        public ChannelReader<TimeSpan> Pauses => _pauses.Reader;

        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _pauses.Writer.TryWrite(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
