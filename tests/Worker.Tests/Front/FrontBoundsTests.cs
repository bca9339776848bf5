using System.Net;
using Worker.Front;

namespace Worker.Tests.Front;

public sealed class FrontBoundsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_finds_no_room_waits_and_comes_in_when_there_is_some()
    {
        await using var room = new Room();
        var first = await room.TakeAsync(32 * 1024 * 1024, Token);

        var second = room.TakeAsync(1, Token);
        second.IsCompleted.ShouldBeFalse();
        first.Dispose();

        (await second).Dispose();
    }

    [Fact]
    public async Task Where_too_much_waits_already_one_is_turned_away()
    {
        await using var room = new Room();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var first = await room.TakeAsync(32 * 1024 * 1024, Token);
        var waiting = Enumerable.Range(0, 4).Select(_ => room.TakeAsync(32 * 1024 * 1024, gone.Token)).ToList();

        await Should.ThrowAsync<NoRoomException>(room.TakeAsync(1, Token));

        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Task.WhenAll(waiting));
    }

    [Fact]
    public async Task A_thousand_requests_at_once_are_all_taken_each_once()
    {
        await using var world = await FrontWorld.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => world.PostAsync("/v5/tools/log", $$"""{"log_id":"t{{i}}"}""")));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        world.Intake.Taken.Select(message => message.MessageId).Distinct().Count().ShouldBe(1000);
    }
}
