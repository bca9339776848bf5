using System.Text;
using Worker.Storage;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="IDeadLetterStore"/> promises.</summary>
public abstract class DeadLetterStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    [Fact]
    public async Task Letters_are_listed_whole_oldest_first_and_outlive_the_worker()
    {
        DeadLetter[] letters = [.. Enumerable.Range(0, 40).Select(
            number => Some.DeadLetter($"dead-{40 - number}", body: $"{{\"n\":{number}}}", at: number))];
        await (await OpenAsync()).DeadLetters.AddAsync(letters, Cancellation);

        var listed = await ListAsync(await ReopenAsync());

        listed.Count.ShouldBe(letters.Length);
        foreach (var (letter, expected) in listed.Zip(letters))
            letter.ShouldBeLetter(expected);
    }

    [Fact]
    public async Task What_a_letter_does_not_have_stays_absent()
    {
        var bare = Some.DeadLetter("bare") with { Kind = null, LogId = null, Field = null, ContentType = null, Body = null, Withheld = true };
        var empty = Some.DeadLetter("empty") with { Body = ReadOnlyMemory<byte>.Empty, BodyLength = 0 };
        var store = await OpenAsync();

        await store.DeadLetters.AddAsync([bare, empty], Cancellation);

        var listed = await ListAsync(store);
        listed[0].ShouldBeLetter(bare);
        listed[1].ShouldBeLetter(empty);
    }

    [Fact]
    public async Task A_body_that_is_no_text_is_kept()
    {
        byte[] body = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        var letter = Some.DeadLetter() with { Body = body, BodyLength = body.Length };
        var store = await OpenAsync();

        await store.DeadLetters.AddAsync([letter], Cancellation);

        (await ListAsync(store)).Single().ShouldBeLetter(letter);
    }

    [Fact]
    public async Task A_letter_that_is_there_already_stays_as_it_is()
    {
        var store = await OpenAsync();
        var first = Some.DeadLetter("same", at: 0);
        await store.DeadLetters.AddAsync([first], Cancellation);

        await store.DeadLetters.AddAsync(
            [Some.DeadLetter("same", body: "other", at: 9), Some.DeadLetter("new", at: 10)], Cancellation);

        var listed = await ListAsync(store);
        listed.Select(letter => letter.DeadLetterId).ShouldBe(["same", "new"]);
        listed[0].ShouldBeLetter(first);
    }

    [Fact]
    public async Task A_redriven_letter_is_a_message_again_with_its_first_receipt()
    {
        var store = await OpenAsync();
        var letter = Some.DeadLetter("dead-1", body: """{"a":1}""", at: 5);
        await store.DeadLetters.AddAsync([letter, Some.DeadLetter("dead-2")], Cancellation);

        (await store.DeadLetters.RedriveAsync("dead-1", Cancellation)).ShouldBeTrue();

        store = await ReopenAsync();
        (await ListAsync(store)).Select(left => left.DeadLetterId).ShouldBe(["dead-2"]);
        var message = (await store.Inbox.PeekAsync(0, 10, Cancellation)).Single();
        Encoding.UTF8.GetString(message.Body.Span).ShouldBe("""{"a":1}""");
        message.Type.ShouldBe(letter.Kind);
        message.MessageId.ShouldBe(letter.MessageId);
        message.ContentType.ShouldBe(letter.ContentType);
        message.ReceivedAt.ShouldBe(letter.FirstReceived);
        message.Redeliveries.ShouldBe(0);
    }

    [Fact]
    public async Task How_often_a_message_was_refused_goes_with_it_into_the_inbox()
    {
        var store = await OpenAsync();
        LetterAttempt[] attempts = [new(1, Some.At(1), "missing_field", "Ü \"why\""), new(2, Some.At(2), "poison", null)];
        await store.DeadLetters.AddAsync(
            [Some.DeadLetter("old"), Some.DeadLetter("new") with { Attempts = [.. attempts] }], Cancellation);
        store = await ReopenAsync();
        (await ListAsync(store))[1].Attempts.ShouldBe(attempts);

        await store.DeadLetters.RedriveAsync("new", Cancellation);
        await store.DeadLetters.RedriveAsync("old", Cancellation);

        var messages = await store.Inbox.PeekAsync(0, 10, Cancellation);
        messages[0].Attempts.ShouldBe(attempts);
        messages[1].Attempts.ShouldHaveSingleItem("a letter of an earlier build says only its last").ShouldBe(
            new(1, Some.At(0), "missing_field", "The message has no log_id: send one."));
    }

    [Fact]
    public async Task A_letter_whose_message_had_no_id_is_redriven_without_one()
    {
        var store = await OpenAsync();
        var letter = Some.DeadLetter();
        await store.DeadLetters.AddAsync([letter with { MessageId = letter.BodyHash }], Cancellation);

        await store.DeadLetters.RedriveAsync(letter.DeadLetterId, Cancellation);

        (await store.Inbox.PeekAsync(0, 10, Cancellation)).Single().MessageId.ShouldBeNull();
    }

    [Fact]
    public async Task A_withheld_letter_is_not_redriven_and_stays()
    {
        var store = await OpenAsync();
        await store.DeadLetters.AddAsync([Some.DeadLetter() with { Body = null, Withheld = true }], Cancellation);

        (await store.DeadLetters.RedriveAsync("dead-1", Cancellation)).ShouldBeFalse();

        (await ListAsync(store)).Count.ShouldBe(1);
        (await store.Inbox.PeekAsync(0, 10, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_letter_that_two_redrive_at_once_moves_once()
    {
        var one = await OpenAsync();
        var two = await OpenAsync();
        string[] ids = [.. Enumerable.Range(0, 20).Select(number => $"dead-{number}")];
        await one.DeadLetters.AddAsync([.. ids.Select(id => Some.DeadLetter(id, body: id))], Cancellation);

        foreach (var id in ids)
        {
            var moved = await Task.WhenAll(
                Task.Run(() => one.DeadLetters.RedriveAsync(id, Cancellation), Cancellation),
                Task.Run(() => two.DeadLetters.RedriveAsync(id, Cancellation), Cancellation));
            moved.Count(outcome => outcome).ShouldBe(1);
        }

        (await ListAsync(one)).ShouldBeEmpty();
        (await one.Inbox.PeekAsync(0, 100, Cancellation)).Select(message => Encoding.UTF8.GetString(message.Body.Span)).ShouldBe(ids);
    }

    [Fact]
    public async Task A_discarded_letter_is_gone()
    {
        var store = await OpenAsync();
        await store.DeadLetters.AddAsync([Some.DeadLetter("dead-1"), Some.DeadLetter("dead-2")], Cancellation);

        (await store.DeadLetters.DiscardAsync("dead-1", Cancellation)).ShouldBeTrue();

        (await store.DeadLetters.DiscardAsync("dead-1", Cancellation)).ShouldBeFalse();
        (await store.DeadLetters.RedriveAsync("dead-1", Cancellation)).ShouldBeFalse();
        (await ListAsync(store)).Select(letter => letter.DeadLetterId).ShouldBe(["dead-2"]);
    }

    [Fact]
    public async Task Letters_may_be_moved_while_they_are_listed()
    {
        var store = await OpenAsync();
        await store.DeadLetters.AddAsync(
            [.. Enumerable.Range(0, 50).Select(number => Some.DeadLetter($"dead-{number}", at: number))], Cancellation);

        var moved = 0;
        await foreach (var letter in store.DeadLetters.ListAsync(Cancellation))
            moved += await store.DeadLetters.RedriveAsync(letter.DeadLetterId, Cancellation) ? 1 : 0;

        moved.ShouldBe(50);
        (await ListAsync(store)).ShouldBeEmpty();
    }

    private static async Task<List<DeadLetter>> ListAsync(StoreUnderTest store)
    {
        var letters = new List<DeadLetter>();
        await foreach (var letter in store.DeadLetters.ListAsync(Cancellation))
            letters.Add(letter);
        return letters;
    }
}
