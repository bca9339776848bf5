using Microsoft.Extensions.Time.Testing;
using Worker.DeadLetters;
using Worker.DeadLetters.Local;

namespace Worker.Tests.Ingestion.Inbox;

public sealed class LocalDeadLettersTests
{
    private readonly InMemoryStore _store = new();
    private readonly FakeTimeProvider _time = new(Some.Time);
    private readonly LocalDeadLetters _box;

    public LocalDeadLettersTests() => _box = new(_store, _store, new(_time), _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_letter_goes_back_into_the_inbox()
    {
        await _store.AddAsync([Some.DeadLetter("a"), Some.DeadLetter("b")], Token);

        (await _box.RedriveAsync(new(Id: "a"), canary: true, onSent: null, Token)).ShouldBe(new RedriveReport(1, 0));

        _store.InboxMessages.ShouldHaveSingleItem().ReceivedAt.ShouldBe(Some.Time);
        _store.StoredLetters.ShouldHaveSingleItem().DeadLetterId.ShouldBe("b");
    }

    [Fact]
    public async Task The_others_wait_for_the_first_and_stay_when_nobody_takes_it()
    {
        await _store.AddAsync([Some.DeadLetter("a", "1"), Some.DeadLetter("b", "2"), Some.DeadLetter("c", "3")], Token);

        var report = await EndAsync(_box.RedriveAsync(new(), canary: true, onSent: null, Token));

        report.Redriven.ShouldBe(1);
        report.Stopped.ShouldNotBeNull().ShouldContain("no worker took it");
        _store.StoredLetters.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_others_follow_a_first_that_is_taken_and_withheld_letters_stay()
    {
        await _store.AddAsync(
            [Some.DeadLetter("a", "1"), Some.DeadLetter("w") with { Body = null, Withheld = true }, Some.DeadLetter("b", "2"), Some.DeadLetter("c", reason: "poison")], Token);
        var redriving = _box.RedriveAsync(new(Reason: "missing_field"), canary: true, onSent: null, Token);
        await _store.RemoveAsync([1], Token);

        (await EndAsync(redriving)).ShouldBe(new RedriveReport(2, 1));
        _store.StoredLetters.Select(letter => letter.DeadLetterId).ShouldBe(["w", "c"]);
    }

    [Fact]
    public async Task Discarding_by_reason_leaves_the_rest()
    {
        await _store.AddAsync([Some.DeadLetter("a"), Some.DeadLetter("b", reason: "poison")], Token);

        (await _box.DiscardAsync(new(Reason: "poison"), around: null, Token)).ShouldBe(1);
        _store.StoredLetters.ShouldHaveSingleItem().DeadLetterId.ShouldBe("a");
    }

    private async Task<RedriveReport> EndAsync(Task<RedriveReport> redriving)
    {
        while (!redriving.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(200));
            await Task.Yield();
        }

        return await redriving;
    }
}
