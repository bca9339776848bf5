using System.Text;
using Worker.Storage;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="IInbox"/> promises.</summary>
public abstract class InboxContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    [Fact]
    public async Task Messages_come_out_in_the_order_in_which_they_went_in_and_outlive_the_worker()
    {
        var store = await OpenAsync();
        await AppendAsync(store, "a", "b");
        await AppendAsync(store, "c");

        var messages = await (await ReopenAsync()).Inbox.PeekAsync(0, 10, Cancellation);

        Bodies(messages).ShouldBe(["a", "b", "c"]);
        messages.Select(message => message.Position).ShouldBeInOrder();
        messages[0].Position.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_message_is_kept_whole()
    {
        var full = Some.InboxMessage("""{"log_id":"ä"}""", "tool.logged", "message \0 1") with
        {
            ReceivedAt = Some.At(7), TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };
        var bare = new InboxMessage { Body = ReadOnlyMemory<byte>.Empty, ReceivedAt = Some.Time };
        var store = await OpenAsync();

        await store.Inbox.AppendAsync([full, bare], Cancellation);

        var messages = await store.Inbox.PeekAsync(0, 10, Cancellation);
        messages[0].ShouldBeMessage(full);
        messages[1].ShouldBeMessage(bare);
    }

    [Fact]
    public async Task Peeking_removes_nothing_and_goes_on_after_a_position()
    {
        var store = await OpenAsync();
        await AppendAsync(store, "a", "b", "c", "d");

        var first = await store.Inbox.PeekAsync(0, 2, Cancellation);
        var rest = await store.Inbox.PeekAsync(first[^1].Position, 10, Cancellation);

        Bodies(first).ShouldBe(["a", "b"]);
        Bodies(rest).ShouldBe(["c", "d"]);
        Bodies(await store.Inbox.PeekAsync(0, 10, Cancellation)).ShouldBe(["a", "b", "c", "d"]);
        (await store.Inbox.PeekAsync(rest[^1].Position, 10, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_removed_is_gone_and_may_be_removed_again()
    {
        var store = await OpenAsync();
        await AppendAsync(store, "a", "b", "c");
        var messages = await store.Inbox.PeekAsync(0, 10, Cancellation);
        long[] positions = [messages[0].Position, messages[2].Position];

        await store.Inbox.RemoveAsync(positions, Cancellation);
        await store.Inbox.RemoveAsync(positions, Cancellation);

        Bodies(await (await ReopenAsync()).Inbox.PeekAsync(0, 10, Cancellation)).ShouldBe(["b"]);
    }

    [Fact]
    public async Task Its_size_is_that_of_what_waits()
    {
        var store = await OpenAsync();
        (await store.Inbox.SizeAsync(Cancellation)).ShouldBe(InboxSize.Empty);
        await store.Inbox.AppendAsync(
            [Some.InboxMessage("first") with { ReceivedAt = Some.At(1) }, Some.InboxMessage("ä") with { ReceivedAt = Some.At(2) }],
            Cancellation);

        store.Inbox.Exists.ShouldBeTrue();
        (await store.Inbox.SizeAsync(Cancellation)).ShouldBe(new InboxSize(2, 7, Some.At(1)));
        await store.Inbox.RemoveAsync([(await store.Inbox.PeekAsync(0, 1, Cancellation))[0].Position], Cancellation);
        (await store.Inbox.SizeAsync(Cancellation)).ShouldBe(new InboxSize(1, 2, Some.At(2)));
    }

    [Fact]
    public async Task A_position_is_never_used_twice()
    {
        var store = await OpenAsync();
        await AppendAsync(store, "a", "b");
        var messages = await store.Inbox.PeekAsync(0, 10, Cancellation);
        await store.Inbox.RemoveAsync([.. messages.Select(message => message.Position)], Cancellation);

        store = await ReopenAsync();
        await AppendAsync(store, "c");

        Bodies(await store.Inbox.PeekAsync(messages[^1].Position, 10, Cancellation)).ShouldBe(["c"]);
    }

    [Fact]
    public async Task Nothing_that_several_append_at_once_is_passed_over_by_one_that_peeks()
    {
        const int Each = 50;
        var one = await OpenAsync();
        var two = await OpenAsync();
        var reader = await OpenAsync();
        var writing = Task.WhenAll(
            Task.Run(() => AppendOneByOneAsync(one, "one"), Cancellation),
            Task.Run(() => AppendOneByOneAsync(two, "two"), Cancellation));

        var seen = new List<string>();
        for (long position = 0; seen.Count < 2 * Each;)
        {
            var isLast = writing.IsCompleted;
            var messages = await reader.Inbox.PeekAsync(position, 7, Cancellation);
            seen.AddRange(Bodies(messages));
            if (messages.Count > 0)
                position = messages[^1].Position;
            else if (isLast)
                break;
        }

        await writing;
        seen.Where(body => body.StartsWith("one", StringComparison.Ordinal)).ShouldBe(
            Enumerable.Range(0, Each).Select(number => $"one-{number}"));
        seen.Where(body => body.StartsWith("two", StringComparison.Ordinal)).ShouldBe(
            Enumerable.Range(0, Each).Select(number => $"two-{number}"));

        static async Task AppendOneByOneAsync(StoreUnderTest store, string name)
        {
            for (var number = 0; number < Each; number++)
                await AppendAsync(store, $"{name}-{number}");
        }
    }

    [Fact]
    public async Task Redeliveries_are_counted_for_the_oldest_only()
    {
        var store = await OpenAsync();
        await AppendAsync(store, "a", "b", "c");
        (await store.Inbox.PeekAsync(0, 10, Cancellation)).ShouldAllBe(message => message.Redeliveries == 0);

        await store.Inbox.CountRedeliveriesAsync(2, Cancellation);
        store = await ReopenAsync();
        await store.Inbox.CountRedeliveriesAsync(1, Cancellation);

        (await store.Inbox.PeekAsync(0, 10, Cancellation)).Select(message => message.Redeliveries).ShouldBe([2, 1, 0]);
    }

    private static Task AppendAsync(StoreUnderTest store, params string[] bodies) =>
        store.Inbox.AppendAsync([.. bodies.Select(body => Some.InboxMessage(body))], Cancellation);

    private static List<string> Bodies(IEnumerable<InboxMessage> messages) =>
        [.. messages.Select(message => Encoding.UTF8.GetString(message.Body.Span))];
}
