using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Worker.Ingestion;
using Worker.Ingestion.RabbitMq;

namespace Worker.Tests.Ingestion.RabbitMq;

public sealed class ChunkGathererTests
{
    private readonly FakeTimeProvider _time = new(Some.Time);
    private readonly Channel<HeldMessage> _held = Channel.CreateUnbounded<HeldMessage>();
    private readonly ChunkGatherer _gatherer;
    private long _tag;

    public ChunkGathererTests() => _gatherer = new(_held.Reader, 10, TimeSpan.FromMilliseconds(5), _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chunk_holds_so_many_messages_at_most()
    {
        Hold(25);

        (await GatherAsync()).ShouldBe([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        (await GatherAsync()).ShouldBe([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    }

    [Fact]
    public async Task A_chunk_that_is_not_full_waits_a_little_for_more_and_then_goes()
    {
        Hold(1);
        var chunk = _gatherer.GatherAsync(Token);
        Hold(1);
        await Task.Yield();
        chunk.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromMilliseconds(5));
        Tags(await chunk).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task What_a_chunk_takes_in_the_end_leaves_no_empty_chunk_behind()
    {
        for (var round = 0; round < 100; round++)
        {
            Hold(1);
            var chunk = _gatherer.GatherAsync(Token);
            Hold(1);
            _time.Advance(TimeSpan.FromMilliseconds(5));
            var gathered = Tags(await chunk).Count;

            var next = _gatherer.GatherAsync(Token);
            Hold(10 - gathered + 2);
            gathered += Tags(await next).Count;
            gathered.ShouldBe(12);
        }
    }

    [Fact]
    public async Task A_chunk_that_fills_does_not_wait()
    {
        Hold(1);
        var chunk = _gatherer.GatherAsync(Token);
        Hold(9);

        Tags(await chunk).Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_chunk_knows_how_long_its_oldest_message_is_held()
    {
        Hold(1);
        _time.Advance(TimeSpan.FromSeconds(3));
        Hold(9);

        _time.GetElapsedTime((await _gatherer.GatherAsync(Token))!.Since).ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Waiting_ends_with_the_token()
    {
        using var stopping = new CancellationTokenSource();
        var chunk = _gatherer.GatherAsync(stopping.Token);
        await stopping.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => chunk);
    }

    [Fact]
    public async Task No_chunk_is_begun_after_that_however_much_is_held()
    {
        Hold(25);
        await Should.ThrowAsync<OperationCanceledException>(
            () => _gatherer.GatherAsync(new CancellationToken(canceled: true)));
    }

    private async Task<IReadOnlyList<long>> GatherAsync() => Tags(await _gatherer.GatherAsync(Token));

    private static IReadOnlyList<long> Tags(HeldChunk? chunk) => [.. chunk!.Messages.Select(message => message.Tag)];

    private void Hold(int count)
    {
        for (var i = 0; i < count; i++)
            _held.Writer.TryWrite(new(Some.Delivery("x", tag: ++_tag), _time.GetTimestamp())).ShouldBeTrue();
    }
}
