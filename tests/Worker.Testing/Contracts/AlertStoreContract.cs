using Worker.Storage;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="IAlertStore"/> promises.</summary>
public abstract class AlertStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    [Fact]
    public async Task What_was_saved_is_read_whole_and_survives_a_restart()
    {
        var store = await OpenAsync();
        var full = Full("with 'quotes' and é");
        (await store.Alerts.ReadAsync(full.Name, Cancellation)).ShouldBeNull();
        (await store.Alerts.SaveAsync(full, Cancellation)).ShouldBeTrue();
        (await store.Alerts.SaveAsync(Plain("b"), Cancellation)).ShouldBeTrue();
        (await store.Alerts.SaveAsync(Plain("a"), Cancellation)).ShouldBeTrue();

        store = await ReopenAsync();
        ShouldBe((await store.Alerts.ReadAsync(full.Name, Cancellation)).ShouldNotBeNull(), full);
        var all = await store.Alerts.ListAsync(Cancellation);
        all.Select(alert => alert.Name).ShouldBe(["a", "b", full.Name]);
        ShouldBe(all[0], Plain("a"));
        ShouldBe(all[2], full);
    }

    [Fact]
    public async Task A_save_stands_only_on_what_it_was_made_from()
    {
        var store = await OpenAsync();
        (await store.Alerts.SaveAsync(Plain("a") with { Version = 1 }, Cancellation)).ShouldBeFalse("there is none");
        (await store.Alerts.ReadAsync("a", Cancellation)).ShouldBeNull();
        (await store.Alerts.SaveAsync(Plain("a"), Cancellation)).ShouldBeTrue();
        (await store.Alerts.SaveAsync(Full("a"), Cancellation)).ShouldBeFalse("there is one");
        (await store.Alerts.SaveAsync(Full("a") with { Version = 1 }, Cancellation)).ShouldBeTrue();
        (await store.Alerts.SaveAsync(Plain("a") with { Version = 1 }, Cancellation)).ShouldBeFalse("it has changed");

        var stored = (await store.Alerts.ReadAsync("a", Cancellation)).ShouldNotBeNull();
        stored.Version.ShouldBe(2);
        stored.Condition.ShouldBe(AlertCondition.Firing);
    }

    [Fact]
    public async Task Of_many_who_save_at_once_exactly_one_wins()
    {
        var store = await OpenAsync();
        for (var version = 0; version < 5; version++)
        {
            var state = Plain("a") with { Version = version };
            var won = await Task.WhenAll(Enumerable.Range(0, 12).Select(
                number => Task.Run(() => store.Alerts.SaveAsync(state with { Count = number }, Cancellation))));
            won.Count(each => each).ShouldBe(1);
            (await store.Alerts.ReadAsync("a", Cancellation)).ShouldNotBeNull().Count.ShouldBe(Array.IndexOf(won, true));
        }
    }

    private static void ShouldBe(AlertState stored, AlertState saved)
    {
        stored.Notices.ShouldBe(saved.Notices);
        stored.ShouldBe(saved with { Version = saved.Version + 1, Notices = stored.Notices });
    }

    private static AlertState Plain(string name) => new() { Name = name, Since = Some.Time, OpenedAt = Some.Time };

    private static AlertState Full(string name) => new()
    {
        Name = name,
        Condition = AlertCondition.Firing,
        Since = Some.At(1),
        OpenedAt = Some.At(2),
        CheckedAt = Some.At(3),
        Value = 1 / 3d,
        Count = 4,
        Breach = "alert_5",
        Notices =
        [
            new("alert_5", Some.Json("""{"alert":"\u00e9 \"a\"","ids":["log_1"]}"""), Some.At(6), 7),
            new("alert_5-recovered", Some.Json("{}"), Some.At(8)),
        ],
    };
}
