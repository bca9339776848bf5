using System.Collections.Immutable;
using Worker.Storage;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="IAuditStore"/> promises.</summary>
public abstract class AuditStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    private static readonly AuditEntry Full = new()
    {
        Id = "aud_2",
        At = Some.At(2),
        Actor = "ä 'team' \0",
        KeyId = "key-1",
        Origin = "http 127.0.0.1",
        Act = AuditAct.LettersDiscarded,
        Outcome = AuditOutcome.Done,
        Subjects = ["dead-1", "log.$1"],
        SubjectCount = long.MaxValue,
        Counts = ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal, [KeyValuePair.Create("a.b", 1L), KeyValuePair.Create("reason $x", 2L)]),
        Note = "all",
    };

    private static readonly AuditEntry Bare = new()
    {
        Id = "aud_1", At = Some.At(1), Actor = "worker", Origin = "", Act = AuditAct.EvaluatorPaused,
    };

    [Fact]
    public async Task Entries_are_kept_whole_and_come_newest_first()
    {
        var store = await OpenAsync();
        (await AllAsync(store)).ShouldBeEmpty();
        await store.Audit.SaveAsync(Full, Cancellation);
        await store.Audit.SaveAsync(Bare, Cancellation);

        var entries = await AllAsync(await ReopenAsync());

        entries.Count.ShouldBe(2);
        ShouldBe(entries[0], Full);
        ShouldBe(entries[1], Bare);
    }

    [Fact]
    public async Task An_outcome_takes_the_place_of_the_beginning()
    {
        var store = await OpenAsync();
        await store.Audit.SaveAsync(Full with { Outcome = AuditOutcome.Begun, Subjects = [] }, Cancellation);
        await store.Audit.SaveAsync(Full, Cancellation);

        ShouldBe((await AllAsync(store)).ShouldHaveSingleItem(), Full);
    }

    [Fact]
    public async Task Entries_are_found_by_time_act_actor_key_and_subject()
    {
        var store = await OpenAsync();
        await store.Audit.SaveAsync(Full, Cancellation);
        await store.Audit.SaveAsync(Bare, Cancellation);

        (await FoundAsync(new(Since: Some.At(2)))).ShouldBe(["aud_2"]);
        (await FoundAsync(new(Until: Some.At(2)))).ShouldBe(["aud_1"]);
        (await FoundAsync(new(Act: AuditAct.EvaluatorPaused))).ShouldBe(["aud_1"]);
        (await FoundAsync(new(Actor: "worker"))).ShouldBe(["aud_1"]);
        (await FoundAsync(new(Actor: "key-1"))).ShouldBe(["aud_2"]);
        (await FoundAsync(new(Subject: "log.$1"))).ShouldBe(["aud_2"]);
        (await FoundAsync(new(Subject: "log"))).ShouldBeEmpty();

        async Task<IEnumerable<string>> FoundAsync(AuditQuery query) =>
            (await store.Audit.ListAsync(query, before: null, 10, Cancellation)).Select(entry => entry.Id);
    }

    [Fact]
    public async Task Entries_come_in_pages_each_once()
    {
        var store = await OpenAsync();
        for (var number = 0; number < 250; number++)
            await store.Audit.SaveAsync(Bare with { Id = $"aud_{number:D3}", At = Some.At(number / 60) }, Cancellation);

        var entries = await AllAsync(store);

        entries.Select(entry => entry.Id).ShouldBe(Enumerable.Range(0, 250).Reverse().Select(number => $"aud_{number:D3}"));
    }

    [Fact]
    public async Task The_old_are_forgotten_as_many_as_one_likes()
    {
        var store = await OpenAsync();
        foreach (var number in Enumerable.Range(0, 5))
            await store.Audit.SaveAsync(Bare with { Id = $"aud_{number}", At = Some.At(number) }, Cancellation);

        (await store.Audit.ForgetAsync(Some.At(3), 2, Cancellation)).ShouldBe(2);
        (await store.Audit.ForgetAsync(Some.At(3), 2, Cancellation)).ShouldBe(1);
        (await store.Audit.ForgetAsync(Some.At(3), 2, Cancellation)).ShouldBe(0);

        (await AllAsync(store)).Select(entry => entry.Id).ShouldBe(["aud_4", "aud_3"]);
    }

    private static async Task<List<AuditEntry>> AllAsync(StoreUnderTest store) =>
        await store.Audit.AllAsync(new(), Cancellation).ToListAsync(Cancellation);

    private static void ShouldBe(AuditEntry entry, AuditEntry expected)
    {
        (entry with { Subjects = [], Counts = expected.Counts }).ShouldBe(expected with { Subjects = [] });
        entry.Subjects.ShouldBe(expected.Subjects);
        entry.Counts.ShouldBe(expected.Counts);
    }
}
