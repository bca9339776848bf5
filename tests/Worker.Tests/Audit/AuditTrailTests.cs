using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Worker.Audit;
using Worker.DeadLetters.Local;
using Worker.Errors;
using Worker.Storage;

namespace Worker.Tests.Audit;

public sealed class AuditTrailTests
{
    private static readonly AuditActor Somebody = new("somebody", "key-1", "http 127.0.0.1");

    private readonly InMemoryStore _store = new();
    private readonly FakeTimeProvider _time = new(Some.Time) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_written_down_before_it_is_done_and_its_outcome_after()
    {
        var record = new ActRecord();
        record.Add("a");
        await Trail().RecordAsync(
            Somebody,
            AuditAct.LogPinned,
            record,
            () =>
            {
                _store.StoredAudit.ShouldHaveSingleItem().Outcome.ShouldBe(AuditOutcome.Begun);
                record.Count("pins", 1);
                return Task.FromResult(true);
            },
            Token);

        var entry = _store.StoredAudit.ShouldHaveSingleItem();
        (entry.Outcome, entry.Actor, entry.KeyId, entry.Origin).ShouldBe(
            (AuditOutcome.Done, "somebody", "key-1", "http 127.0.0.1"));
        entry.Counts.ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create("pins", 1L));
        entry.Subjects.ShouldBe(["a"]);
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_not_done()
    {
        var isDone = false;
        var acting = Trail(new NoStore(after: 0)).RecordAsync(
            Somebody, AuditAct.LogPinned, new(), () => Task.FromResult(isDone = true), Token);

        await Should.ThrowAsync<StoreUnavailableException>(() => EndAsync(acting));
        isDone.ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_done_stands_where_its_outcome_cannot_be_written_and_the_log_says_so()
    {
        var logger = new FakeLogger<AuditTrail>();

        (await EndAsync(Trail(new NoStore(after: 1), logger).RecordAsync(
            Somebody, AuditAct.LogPinned, new(), () => Task.FromResult(7), Token))).ShouldBe(7);

        var said = logger.LatestRecord;
        (said.Id.Name, said.Level).ShouldBe(("AuditEntryNotWritten", LogLevel.Warning));
        said.Message.ShouldStartWith("How log_pinned ended was not written down in the audit, whose entry is aud_");
    }

    [Fact]
    public async Task What_fails_says_so_and_what_it_had_done()
    {
        var record = new ActRecord();
        await Should.ThrowAsync<InvalidOperationException>(() => Trail().RecordAsync<bool>(
            Somebody,
            AuditAct.LogsDeleted,
            record,
            () =>
            {
                record.Count("logs", 2);
                throw new InvalidOperationException("the secret of a payload");
            },
            Token));

        var entry = _store.StoredAudit.ShouldHaveSingleItem();
        (entry.Outcome, entry.Note).ShouldBe((AuditOutcome.Failed, "It ended with InvalidOperationException."));
        entry.Counts["logs"].ShouldBe(2);
    }

    [Fact]
    public void Of_many_ids_some_are_kept_and_all_are_counted_and_none_is_long()
    {
        var record = new ActRecord { Note = new string('n', 1_000) };
        record.AddRange(Enumerable.Range(0, 2_500).Select(number => $"{number}" + new string('x', 400)));

        var entry = record.In(
            new() { Id = "", At = default, Actor = "", Origin = "", Act = AuditAct.LogsDeleted }, AuditOutcome.Done);

        (entry.Subjects.Length, entry.SubjectCount).ShouldBe((1_000, 2_500));
        entry.Subjects.ShouldAllBe(id => id.Length == 255);
        entry.Note!.Length.ShouldBe(255);
    }

    [Fact]
    public async Task Letters_are_thrown_away_in_slices_each_remembered_whole()
    {
        await _store.AddAsync([.. Enumerable.Range(0, 2_100).Select(number => Some.DeadLetter($"d{number}", $"{number}"))], Token);
        var letters = new LetterAudit(new LocalDeadLetters(_store, _store, new(_time), _time), Trail());

        (await letters.DiscardAsync(Somebody, new(), "all", Token)).ShouldBe(2_100);

        _store.StoredLetters.ShouldBeEmpty();
        _store.StoredAudit.Select(entry => entry.SubjectCount).ShouldBe([1_000L, 1_000L, 100L], ignoreOrder: true);
        _store.StoredAudit.SelectMany(entry => entry.Subjects).Distinct().Count().ShouldBe(4_200, "letters and their Logs");
    }

    [Fact]
    public async Task A_letter_that_cannot_be_remembered_stays()
    {
        await _store.AddAsync([Some.DeadLetter("d")], Token);
        var letters = new LetterAudit(new LocalDeadLetters(_store, _store, new(_time), _time), Trail(new NoStore(after: 0)));

        await Should.ThrowAsync<StoreUnavailableException>(
            () => EndAsync(letters.DiscardAsync(Somebody, new(), "all", Token)));

        _store.StoredLetters.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_was_put_back_is_named()
    {
        await _store.AddAsync([Some.DeadLetter("d"), Some.DeadLetter("w") with { Body = null, Withheld = true }], Token);
        var letters = new LetterAudit(new LocalDeadLetters(_store, _store, new(_time), _time), Trail());

        await letters.RedriveAsync(Somebody, new(), "all", canary: false, Token);

        var entry = _store.StoredAudit.ShouldHaveSingleItem();
        entry.Subjects.ShouldBe(["d", "log-of-d"]);
        entry.Counts.ShouldBe([KeyValuePair.Create("redriven", 1L), KeyValuePair.Create("withheld", 1L)]);
    }

    private AuditTrail Trail(IAuditStore? store = null, ILogger<AuditTrail>? logger = null) =>
        new(store ?? _store, new StoreResilience(_time), _time, logger ?? new FakeLogger<AuditTrail>());

    private async Task<T> EndAsync<T>(Task<T> acting)
    {
        while (!acting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await acting;
    }

    /// <summary>A store that is gone after so many writes.</summary>
    private sealed class NoStore(int after) : IAuditStore
    {
        private int _left = after;

        public Task SaveAsync(AuditEntry entry, CancellationToken cancellationToken) =>
            _left-- > 0 ? Task.CompletedTask : throw new StoreUnavailableException("The store is gone.");

        public Task<IReadOnlyList<AuditEntry>> ListAsync(
            AuditQuery query, string? before, int limit, CancellationToken cancellationToken) =>
            throw new StoreUnavailableException("The store is gone.");

        public Task<int> ForgetAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken) =>
            throw new StoreUnavailableException("The store is gone.");
    }
}
