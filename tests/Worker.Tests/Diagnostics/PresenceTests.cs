using System.Threading.Channels;
using Worker.Diagnostics;
using Worker.Errors;
using Worker.Storage;

namespace Worker.Tests.Diagnostics;

public sealed class PresenceTests : IWorkerStore, IDisposable
{
    private readonly InMemoryStore _store = new();
    private readonly SettableClock _time = new();
    private readonly ThisWorker _self = new("run", Some.Time);
    private readonly Channel<DateTimeOffset> _seen = Channel.CreateUnbounded<DateTimeOffset>();
    private readonly Presence _presence;
    private TaskCompletionSource? _hangs;

    public PresenceTests() => _presence = new(this, _self, _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _presence.Dispose();

    [Fact]
    public async Task It_is_written_down_at_the_start_and_every_quarter_of_a_minute_and_taken_out_at_the_stop()
    {
        await _presence.StartAsync(Token);
        (await _seen.Reader.ReadAsync(Token)).ShouldBe(Some.Time);
        (await NextAsync()).ShouldBe(Some.Time + Presence.Every);

        var written = (await ListAsync()).ShouldHaveSingleItem();
        written.ShouldBe(_self.At(Some.Time + Presence.Every));
        (written.Role, written.StartedAt, written.ProcessId).ShouldBe(("run", Some.Time, Environment.ProcessId));

        await _presence.StopAsync(Token);
        (await ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_store_that_does_not_answer_ends_nothing_and_is_written_to_when_it_does()
    {
        _store.Failure = new StoreUnavailableException("It is down.");
        await _presence.StartAsync(Token);
        await _seen.Reader.ReadAsync(Token);
        _store.Failure = new StoreUnusableException("It refuses.");
        await NextAsync();

        _store.Failure = null;
        await NextAsync();

        (await ListAsync()).ShouldHaveSingleItem();
        _store.Failure = new StoreUnavailableException("It is down.");
        await _presence.StopAsync(Token);
        _presence.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task A_store_that_hangs_holds_up_no_stop_for_longer_than_two_seconds()
    {
        _hangs = new();
        await _presence.StartAsync(Token);
        await _seen.Reader.ReadAsync(Token);

        var stop = _presence.StopAsync(Token);
        await _time.UntilAwaitedAsync(TimeSpan.FromSeconds(2), Token);
        stop.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(2));

        await stop;
        _presence.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task A_beat_that_is_under_way_at_the_stop_does_not_come_after_it()
    {
        _hangs = new();
        await _presence.StartAsync(Token);
        await _seen.Reader.ReadAsync(Token);

        var stop = _presence.StopAsync(Token);
        _hangs.SetResult();
        await stop;

        (await ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_was_here_under_its_number_before_is_taken_out_and_who_was_not_seen_for_a_day()
    {
        var other = _self.At(Some.Time) with { Id = "other", ProcessId = 0 };
        var old = other with { Id = "old", SeenAt = Some.Time - TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1) };
        foreach (var worker in new[] { other, old, other with { Id = "before", ProcessId = Environment.ProcessId } })
            await _store.SeeAsync(worker, Token);

        await _presence.StartAsync(Token);
        await _seen.Reader.ReadAsync(Token);
        await NextAsync();
        (await ListAsync()).Select(worker => worker.Id).ShouldBe([_self.Id, "other"]);

        await _store.SeeAsync(old, Token);
        for (var beat = 2; beat <= 21; beat++)
            await NextAsync();
        (await ListAsync()).Select(worker => worker.Id).ShouldBe([_self.Id, "other"]);
        await _presence.StopAsync(Token);
    }

    async Task IWorkerStore.SeeAsync(SeenWorker worker, CancellationToken cancellationToken)
    {
        if (_hangs is { } hangs)
        {
            _seen.Writer.TryWrite(worker.SeenAt);
            await hangs.Task;
        }

        try
        {
            await _store.SeeAsync(worker, cancellationToken);
        }
        finally
        {
            _seen.Writer.TryWrite(worker.SeenAt);
        }
    }

    Task<IReadOnlyList<SeenWorker>> IWorkerStore.ListAsync(int most, CancellationToken cancellationToken) =>
        ((IWorkerStore)_store).ListAsync(most, cancellationToken);

    Task IWorkerStore.LeaveAsync(string id, CancellationToken cancellationToken) =>
        _store.LeaveAsync(id, cancellationToken);

    Task IWorkerStore.ForgetAsync(DateTimeOffset until, CancellationToken cancellationToken) =>
        ((IWorkerStore)_store).ForgetAsync(until, cancellationToken);

    /// <summary>When it is seen the next time.</summary>
    private async Task<DateTimeOffset> NextAsync()
    {
        _time.Advance(Presence.Every);
        return await _seen.Reader.ReadAsync(Token);
    }

    private Task<IReadOnlyList<SeenWorker>> ListAsync() => ((IWorkerStore)_store).ListAsync(10, Token);
}
