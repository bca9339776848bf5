using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Worker.Errors;
using Worker.Ingestion;
using Worker.Storage;

namespace Worker.Tests.Ingestion;

public sealed class LetterDeskTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _sent = new();
    private readonly ConcurrentQueue<long> _settled = new();
    private readonly LetterDesk _desk;
    private Func<DeadLetter, bool> _fails = _ => false;

    public LetterDeskTests() => _desk = new(SendAsync, SettleAsync, TimeProvider.System, NullLogger.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_message_is_settled_when_its_letter_is_sent()
    {
        _desk.Add([Refused(1), Refused(2)]);
        _desk.Add([Refused(3)]);
        await _desk.RoomAsync(0, 0, Token);

        _settled.Order().ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_letter_that_cannot_be_sent_holds_up_only_its_own_message()
    {
        _fails = letter => letter.DeadLetterId == "1";
        _desk.Add([.. Enumerable.Range(1, 100).Select(tag => Refused(tag))]);
        await _desk.RoomAsync(1, long.MaxValue, Token);

        _settled.Order().ShouldBe(Enumerable.Range(2, 99).Select(tag => (long)tag));

        _fails = _ => false;
        await _desk.RoomAsync(0, 0, Token);
        _settled.Last().ShouldBe(1);
    }

    [Fact]
    public async Task Room_is_counted_in_messages_and_in_bytes()
    {
        _fails = _ => true;
        _desk.Add([Refused(1, bytes: 60), Refused(2, bytes: 60)]);

        await _desk.RoomAsync(2, 120, Token);
        _desk.RoomAsync(1, 120, Token).IsCompleted.ShouldBeFalse();
        _desk.RoomAsync(2, 119, Token).IsCompleted.ShouldBeFalse();

        _fails = _ => false;
        await _desk.RoomAsync(0, 0, Token);
    }

    [Fact]
    public async Task One_message_larger_than_the_room_is_no_obstacle()
    {
        _fails = _ => true;
        _desk.Add([Refused(1, bytes: 1000)]);

        await _desk.RoomAsync(1, 10, Token);
    }

    [Fact]
    public async Task What_is_still_on_the_desk_at_the_end_is_not_settled()
    {
        _fails = _ => true;
        _desk.Add([Refused(1)]);
        await _desk.DisposeAsync();

        _settled.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fault_that_is_no_outage_is_heard()
    {
        await using var desk = new LetterDesk(
            SendAsync, _ => throw new InvalidOperationException("a defect"), TimeProvider.System, NullLogger.Instance);
        desk.Add([Refused(1)]);

        (await Should.ThrowAsync<InvalidOperationException>(() => desk.RoomAsync(0, 0, Token))).Message.ShouldBe(
            "a defect");
    }

    private Task SendAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        if (_fails(letter))
            throw new ServerUnreachableException("The broker is down for the test.");
        _sent.Enqueue(letter.DeadLetterId);
        return Task.CompletedTask;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    private static RefusedMessage Refused(long tag, int bytes = 1) =>
        new(Some.Delivery("x", tag: tag), Some.DeadLetter($"{tag}", new string('x', bytes)));

    private Task SettleAsync(IReadOnlyList<RefusedMessage> sent)
    {
        foreach (var one in sent)
            _settled.Enqueue(one.Message.Tag);
        return Task.CompletedTask;
    }
}
