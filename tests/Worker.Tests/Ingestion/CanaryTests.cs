using Microsoft.Extensions.Time.Testing;
using Worker.DeadLetters;
using Worker.Storage;

namespace Worker.Tests.Ingestion;

public sealed class CanaryTests
{
    private readonly FakeTimeProvider _time = new(Some.Time);
    private readonly DeadLetter _canary = Some.DeadLetter(body: "the canary");
    private readonly List<DeadLetter> _dead = [Some.DeadLetter(id: "another", body: "another")];
    private long _waiting;

    [Fact]
    public async Task A_letter_that_is_taken_and_stays_away_lets_the_others_follow() =>
        (await WatchAsync()).ShouldBeNull();

    [Fact]
    public async Task A_letter_that_nobody_takes_stops_the_others()
    {
        _waiting = 3;

        (await WatchAsync()).ShouldNotBeNull().ShouldContain("3 messages wait");
    }

    [Fact]
    public async Task A_letter_that_comes_back_stops_the_others_and_its_detail_is_shown()
    {
        _dead.Add(_canary with { Reason = "kind_mismatch", Detail = "It is a Flow Log." });

        (await WatchAsync()).ShouldNotBeNull().ShouldContain("kind_mismatch");
    }

    [Fact]
    public async Task Another_letter_that_is_refused_meanwhile_changes_nothing()
    {
        var watching = Watch();
        _dead.Add(Some.DeadLetter(id: "fresh", body: "fresh"));

        (await EndAsync(watching)).ShouldBeNull();
    }

    private Task<string?> WatchAsync() => EndAsync(Watch());

    private Task<string?> Watch() => new Canary(
        () => Task.FromResult(_waiting),
        () => Task.FromResult((long)_dead.Count),
        added => Task.FromResult<IReadOnlyList<DeadLetter>>([.. _dead.TakeLast((int)added)]),
        _time).WatchAsync(_canary, before: 1, TestContext.Current.CancellationToken);

    private async Task<string?> EndAsync(Task<string?> watching)
    {
        while (!watching.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(200));
            await Task.Yield();
        }

        return await watching;
    }
}
