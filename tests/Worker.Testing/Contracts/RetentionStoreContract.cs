using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing.Contracts;

/// <summary>
/// What <see cref="IAgeListing"/>, <see cref="IRemovalStore"/>, <see cref="IPinStore"/> and <see cref="ISpace"/> promise.
/// </summary>
public abstract class RetentionStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    [Fact]
    public async Task Standing_logs_come_oldest_first_with_what_they_are_under()
    {
        var store = await OpenAsync();
        await store.Logs.WriteAsync(
            [.. Enumerable.Range(0, 2_500).Select(n => Some.Log($"log-{n:0000}", parent: n % 2 == 0 ? "flow" : null) with { FirstReceivedAt = Some.Micros(n / 3) })],
            Cancellation);
        await store.Logs.WriteAsync(
            [
                Some.Log("verdict", kind: LogKind.Evaluator, fields: (LogFields.JudgedId, "\"log-1\"")) with { FirstReceivedAt = Some.Micros(9_000) },
                Some.Tombstone("gone") with { FirstReceivedAt = Some.Micros(9_001) },
            ],
            Cancellation);

        var found = await OldestAsync(store);

        found.Select(log => log.Id).Take(2_500).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 2_500).Select(n => $"log-{n:0000}"));
        found[0].AboveId.ShouldBe(found[0].Id is "log-0001" ? null : "flow");
        found[^1].ShouldBe(new OldLog("verdict", "log-1"));
        found.Select(log => log.Id).Take(3).ShouldAllBe(id => id.CompareTo("log-0003") < 0);
        (await OldestAsync(store)).Count.ShouldBe(2_501);
    }

    [Fact]
    public async Task What_was_removed_for_good_leaves_room_that_later_logs_are_found_in()
    {
        var store = await OpenAsync();
        await store.Logs.WriteAsync([Some.Log("a"), Some.Tombstone("b")], Cancellation);
        await store.Traces.LabelAsync([new("b", "t", "f", Late: true)], Cancellation);
        (await OldestAsync(store)).ShouldBe([new OldLog("a", null)]);

        (await store.Removals.ForgetAsync(["a", "b", "none"], Cancellation)).ShouldBe(1);
        (await store.Removals.ForgetAsync(["a", "b", "none"], Cancellation)).ShouldBe(0);
        (await store.Logs.ReadAsync(["a", "b"], Cancellation)).Keys.ShouldBe(["a"]);
        var a = (await store.Logs.ReadAsync(["a"], Cancellation))["a"];
        await store.Logs.WriteAsync([LogMerge.Deleted(a, Some.Micros())], Cancellation);
        (await store.Removals.ForgetAsync(["a"], Cancellation)).ShouldBe(1);
        (await OldestAsync(store)).ShouldBeEmpty();

        await store.Logs.WriteAsync([Some.Log("b"), Some.Log("c")], Cancellation);

        (await OldestAsync(store)).Select(log => log.Id).ShouldBe(["b", "c"], ignoreOrder: true);
        (await store.Traces.LabelsAsync(["b"], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Tombstones_come_by_their_age()
    {
        var store = await OpenAsync();
        await store.Logs.WriteAsync(
            [Some.Log("log"), .. Enumerable.Range(1, 3).Reverse().Select(n => Some.Tombstone($"t{n}") with { DeletedAt = Some.Micros(n) })], Cancellation);

        (await store.Ages.TombstonesAsync(Some.At(3), 10, Cancellation)).ShouldBe(["t1", "t2"]);
        (await store.Ages.TombstonesAsync(Some.At(9), 1, Cancellation)).ShouldBe(["t1"]);
    }

    [Fact]
    public async Task What_is_under_a_deleted_log_is_found_from_it()
    {
        var store = await OpenAsync();
        await store.Logs.WriteAsync(
            [Some.Tombstone("head"), Some.Log("a", parent: "head"), Some.Log("b", parent: "a"), Some.Log("head-2", parent: "b")],
            Cancellation);

        (await BeneathAsync(store, "head")).ShouldBe(["a", "b", "head-2"]);
        (await BeneathAsync(store, "a")).ShouldBe(["b", "head-2"]);
        (await BeneathAsync(store, "none")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_being_removed_is_remembered_until_it_has_ended()
    {
        var store = await OpenAsync();
        await store.Removals.SaveAsync(new(["b \" \0", "c"], ["b \" \0", "c", "d"], Some.At(1)), Cancellation);
        await store.Removals.SaveAsync(new(["a"], ["a"], Some.At(1)), Cancellation);
        await store.Removals.SaveAsync(new(["a"], ["x"], Some.At(2)), Cancellation);

        var open = await (await ReopenAsync()).Removals.OpenAsync(Cancellation);
        open.Select(removal => (removal.Id, string.Join(',', removal.Heads), string.Join(',', removal.LogIds), removal.At))
            .ShouldBe([("a", "a", "x", Some.At(2)), ("b \" \0", "b \" \0,c", "b \" \0,c,d", Some.At(1))]);

        store = await OpenAsync();
        await store.Removals.CloseAsync("a", Cancellation);
        await store.Removals.CloseAsync("a", Cancellation);
        (await store.Removals.OpenAsync(Cancellation)).Select(removal => removal.Id).ShouldBe(["b \" \0"]);
    }

    [Fact]
    public async Task A_pin_stands_until_it_is_taken_away()
    {
        var store = await OpenAsync();
        (await store.Pins.PinAsync(new("b", Some.At(1)), Cancellation)).ShouldBeTrue();
        (await store.Pins.PinAsync(new("b", Some.At(5)), Cancellation)).ShouldBeFalse();
        (await store.Pins.PinAsync(new("a", Some.At(2)), Cancellation)).ShouldBeTrue();

        store = await ReopenAsync();
        (await store.Pins.ListAsync(Cancellation)).ShouldBe([new TracePin("b", Some.At(1)), new TracePin("a", Some.At(2))]);
        (await store.Pins.AnyAsync(["x", "a"], Cancellation)).ShouldBeTrue();
        (await store.Pins.AnyAsync(["x"], Cancellation)).ShouldBeFalse();
        (await store.Pins.UnpinAsync("a", Cancellation)).ShouldBeTrue();
        (await store.Pins.UnpinAsync("a", Cancellation)).ShouldBeFalse();
        (await store.Pins.AnyAsync(["x", "a"], Cancellation)).ShouldBeFalse();
    }

    private static async Task<List<OldLog>> OldestAsync(StoreUnderTest store) =>
        await store.Ages.OldestAsync(Cancellation).SelectMany(page => page).ToListAsync(Cancellation);

    private static async Task<List<string>> BeneathAsync(StoreUnderTest store, string logId) =>
        await store.Traces.BeneathAsync(logId, Cancellation).SelectMany(page => page).Select(log => log.Id).ToListAsync(Cancellation);
}
