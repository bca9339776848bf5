using Worker.Runs;
using Worker.Storage;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="Storage.IRunStore"/> promises.</summary>
public abstract class RunStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    private static readonly WakeTimers Patient = new(
        TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1));

    [Fact]
    public async Task A_wake_makes_a_run_and_its_due_durable()
    {
        await WakeAsync(await OpenAsync(), "flow", complete: true);

        (await ReadAsync(await ReopenAsync(), "flow")).ShouldBeRun(
            new Run { LogId = "flow", Version = 1, Complete = true, OpenedAt = Some.Time, Due = Some.At(500) });
    }

    [Fact]
    public async Task There_is_no_run_that_nobody_woke()
    {
        var store = await OpenAsync();

        (await store.Runs.ReadAsync("flow", Cancellation)).ShouldBeNull();
        (await store.Runs.DecisionsAsync("flow", Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_wake_raises_the_version_and_puts_due_off()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: true);

        await WakeAsync(store, "flow", complete: true, at: 100);

        var run = await ReadAsync(store, "flow");
        run.Version.ShouldBe(2);
        run.Due.ShouldBe(Some.At(600));
        run.OpenedAt.ShouldBe(Some.Time);
    }

    [Fact]
    public async Task Complete_is_never_undone()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: false, timers: Patient);
        (await ReadAsync(store, "flow")).Complete.ShouldBeFalse();
        await WakeAsync(store, "flow", complete: true, at: 10, timers: Patient);

        await WakeAsync(store, "flow", complete: false, at: 20, timers: Patient);

        var run = await ReadAsync(store, "flow");
        run.Complete.ShouldBeTrue();
        run.Due.ShouldBe(Some.At(520));
    }

    [Fact]
    public async Task Due_is_what_the_timers_say_for_every_revision()
    {
        WakeTimers[] all = [Patient, Some.Timers, Some.Timers with { Settle = TimeSpan.FromMinutes(7) }, Patient with { MaxAge = null }, Patient with { Quiet = null }];
        var store = await OpenAsync();
        foreach (var timers in all)
        {
            foreach (var revision in (int[])[0, 1, 2, 5, 9, 10, 11, 33, 1_000])
            {
                foreach (var complete in new[] { false, true })
                {
                    var id = $"{Array.IndexOf(all, timers)}-{revision}-{complete}";
                    await WakeAsync(store, id, complete: false, timers: timers);
                    var run = await ReadAsync(store, id);
                    (await store.Runs.SaveAsync(run with { Revision = revision, Due = null }, [], Cancellation)).ShouldBeTrue();

                    await WakeAsync(store, id, complete, at: 3_599_000, timers);

                    (await ReadAsync(store, id)).Due.ShouldBe(
                        timers.Due(Some.At(3_599_000), complete, revision, run.OpenedAt), id);
                }
            }
        }
    }

    [Fact]
    public async Task A_wake_that_gives_no_time_leaves_the_standing_one()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: false, timers: Patient);
        var due = (await ReadAsync(store, "flow")).Due;

        await WakeAsync(store, "flow", complete: false, at: 10, timers: Some.Timers);

        (await ReadAsync(store, "flow")).Due.ShouldBe(due);
    }

    [Fact]
    public async Task A_wake_leaves_the_state_and_the_claim_alone()
    {
        var store = await OpenAsync();
        var run = await FullRunAsync(store, "flow");

        await WakeAsync(store, "flow", complete: false, at: 1_000);

        (await ReadAsync(store, "flow")).ShouldBeRun(run with { Version = run.Version + 1, Due = Some.Timers.Due(Some.At(1_000), true, run.Revision, run.OpenedAt) });
    }

    [Fact]
    public async Task A_saved_run_is_read_whole_and_outlives_the_worker()
    {
        var saved = await FullRunAsync(await OpenAsync(), "flow");

        (await ReadAsync(await ReopenAsync(), "flow")).ShouldBeRun(saved);
    }

    [Fact]
    public async Task No_members_and_members_that_are_none_are_told_apart()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: true);
        var run = await ReadAsync(store, "flow");
        run.Members.ShouldBeNull();

        await store.Runs.SaveAsync(run with { Members = [] }, [], Cancellation);

        (await ReadAsync(store, "flow")).Members!.Value.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_save_over_another_version_is_lost_and_changes_nothing()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: true);
        var read = await ReadAsync(store, "flow");
        (await store.Runs.SaveAsync(read with { Revision = 1 }, [], Cancellation)).ShouldBeTrue();

        (await store.Runs.SaveAsync(read with { Revision = 7 }, [], Cancellation)).ShouldBeFalse();

        var run = await ReadAsync(store, "flow");
        run.Revision.ShouldBe(1);
        run.Version.ShouldBe(read.Version + 1);
    }

    [Fact]
    public async Task A_run_that_does_not_exist_cannot_be_saved()
    {
        var store = await OpenAsync();

        (await store.Runs.SaveAsync(Some.Run("flow"), [], Cancellation)).ShouldBeFalse();
        (await store.Runs.SaveAsync(Some.Run("flow") with { Version = 1 }, [], Cancellation)).ShouldBeFalse();

        (await store.Runs.ReadAsync("flow", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_wake_between_reading_and_saving_wins()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: true);
        var read = await ReadAsync(store, "flow");

        await WakeAsync(store, "flow", complete: true, at: 100);

        (await store.Runs.SaveAsync(read with { Revision = 1, Due = null }, [], Cancellation)).ShouldBeFalse();
        (await ReadAsync(store, "flow")).Due.ShouldBe(Some.At(600));
    }

    [Fact]
    public async Task A_wake_between_claim_and_save_wins_though_a_claim_does_not_touch_the_version()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: true);
        var before = await ReadAsync(store, "flow");
        (await ClaimAsync(store, at: 600)).ShouldBe(["flow"]);
        var claimed = await ReadAsync(store, "flow");
        claimed.Version.ShouldBe(before.Version);

        await WakeAsync(store, "flow", complete: true, at: 610);

        (await store.Runs.SaveAsync(claimed with { State = RunState.Evaluating }, [], Cancellation)).ShouldBeFalse();
        (await ReadAsync(store, "flow")).State.ShouldBe(RunState.Settling);
    }

    [Fact]
    public async Task Of_two_workers_that_save_one_version_exactly_one_wins()
    {
        var one = await OpenAsync();
        var two = await OpenAsync();
        await WakeAsync(one, "flow", complete: true);

        for (var round = 1; round <= 20; round++)
        {
            var read = await ReadAsync(one, "flow");
            var won = await Task.WhenAll(
                Task.Run(() => one.Runs.SaveAsync(read with { Digest = "one" }, [], Cancellation), Cancellation),
                Task.Run(() => two.Runs.SaveAsync(read with { Digest = "two" }, [], Cancellation), Cancellation));

            won.Count(outcome => outcome).ShouldBe(1);
            (await ReadAsync(one, "flow")).Digest.ShouldBe(won[0] ? "one" : "two");
        }
    }

    [Fact]
    public async Task Wakes_of_many_workers_are_all_counted()
    {
        var stores = new[] { await OpenAsync(), await OpenAsync(), await OpenAsync() };

        await Task.WhenAll(stores.Select(store => Task.Run(
            async () =>
            {
                for (var number = 0; number < 20; number++)
                    await WakeAsync(store, "flow", complete: true);
            },
            Cancellation)));

        (await ReadAsync(stores[0], "flow")).Version.ShouldBe(60);
    }

    [Fact]
    public async Task Due_runs_are_claimed_oldest_first_up_to_the_limit()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "third", complete: true, at: 20);
        await WakeAsync(store, "first", complete: true, at: 0);
        await WakeAsync(store, "second", complete: true, at: 10);
        await WakeAsync(store, "not yet", complete: true, at: 1_000);

        (await ClaimAsync(store, at: 1_000, limit: 2)).ShouldBe(["first", "second"]);
        (await ClaimAsync(store, at: 1_000)).ShouldBe(["third"]);
        (await ClaimAsync(store, at: 1_500)).ShouldBe(["not yet"], "a run is due at the very time");
    }

    [Fact]
    public async Task The_backlog_is_what_is_due_and_the_oldest_of_it()
    {
        var store = await OpenAsync();
        (await store.Runs.BacklogAsync(Some.At(10_000), 10, Cancellation)).ShouldBe((0L, null));
        await WakeAsync(store, "late", complete: true, at: 200);
        await WakeAsync(store, "early", complete: true);
        await WakeAsync(store, "not yet", complete: true, at: 9_900);
        await ClaimAsync(store, at: 500, limit: 1);

        (await store.Runs.BacklogAsync(Some.At(499), 10, Cancellation)).ShouldBe((0L, null));
        (await store.Runs.BacklogAsync(Some.At(10_000), 10, Cancellation)).ShouldBe((2L, Some.At(500)), "claimed or not");
        (await store.Runs.BacklogAsync(Some.At(20_000), 2, Cancellation)).ShouldBe((2L, Some.At(500)), "counted to two");
    }

    [Fact]
    public async Task A_claim_stands_until_its_lease_has_lapsed()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: true);
        (await ClaimAsync(store, at: 500, owner: "one", lease: 1_000)).ShouldBe(["flow"]);

        var claimed = await ReadAsync(store, "flow");
        claimed.Owner.ShouldBe("one");
        claimed.LeaseUntil.ShouldBe(Some.At(1_000));
        (await ClaimAsync(store, at: 999, owner: "two")).ShouldBeEmpty();
        (await ClaimAsync(store, at: 1_000, owner: "two", lease: 2_000)).ShouldBe(["flow"]);
        (await ReadAsync(store, "flow")).Owner.ShouldBe("two");
    }

    [Fact]
    public async Task A_claim_is_renewed_by_its_owner_alone_and_without_a_new_version()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: true);
        await ClaimAsync(store, at: 500, owner: "one", lease: 1_000);
        var claimed = await ReadAsync(store, "flow");

        await store.Runs.RenewAsync("flow", "one", Some.At(2_000), Cancellation);
        await store.Runs.RenewAsync("flow", "another", Some.At(9_000), Cancellation);
        await store.Runs.RenewAsync("never there", "one", Some.At(9_000), Cancellation);

        (await ReadAsync(store, "flow")).ShouldBeRun(claimed with { LeaseUntil = Some.At(2_000) });
        (await ClaimAsync(store, at: 1_999, owner: "two")).ShouldBeEmpty();
        (await ClaimAsync(store, at: 2_000, owner: "two", lease: 3_000)).ShouldBe(["flow"]);
        await store.Runs.RenewAsync("flow", "one", Some.At(9_000), Cancellation);
        (await ReadAsync(store, "flow")).LeaseUntil.ShouldBe(Some.At(3_000));
    }

    [Fact]
    public async Task A_claim_that_was_given_up_stays_so()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: true);
        await ClaimAsync(store, at: 500, owner: "one", lease: 1_000);
        await store.Runs.SaveAsync(
            await ReadAsync(store, "flow") with { Owner = null, LeaseUntil = null }, [], Cancellation);

        await store.Runs.RenewAsync("flow", "one", Some.At(9_000), Cancellation);

        (await ReadAsync(store, "flow")).LeaseUntil.ShouldBeNull();
    }

    [Fact]
    public async Task A_due_that_no_setting_can_have_set_is_void_and_its_run_is_claimed()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "before the clock was set back", complete: true, at: 3_600_000);
        await WakeAsync(store, "at the latest", complete: true, at: 399_500);
        await WakeAsync(store, "due", complete: true, at: 0);

        (await ClaimAsync(store, at: 500, lease: 600, latestDue: 400_000)).ShouldBe(
            ["due", "before the clock was set back"]);
        (await ClaimAsync(store, at: 500, lease: 600, latestDue: 400_000)).ShouldBeEmpty("they are under a lease");
        (await ClaimAsync(store, at: 600, lease: 700, latestDue: 400_000)).ShouldBe(
            ["due", "before the clock was set back"], "it has lapsed");
        (await ClaimAsync(store, at: 700, limit: 1, latestDue: 399_999)).ShouldBe(["due"], "what is due comes first");
        (await ReadAsync(store, "before the clock was set back")).Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_wake_takes_a_void_due_away()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: true, at: 3_600_000);
        await WakeAsync(store, "flow", complete: true, at: 0);

        (await ClaimAsync(store, at: 0, latestDue: 400_000)).ShouldBeEmpty();
        (await ClaimAsync(store, at: 500, latestDue: 400_000)).ShouldBe(["flow"]);
    }

    [Fact]
    public async Task A_lease_that_was_taken_before_the_clock_was_set_back_holds_nothing()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: true);
        (await ClaimAsync(store, at: 3_600_000, owner: "one", lease: 3_630_000)).ShouldBe(["flow"]);

        (await ClaimAsync(store, at: 1_000, owner: "two", lease: 31_000)).ShouldBe(["flow"]);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(30_000, true)]
    [InlineData(60_000, true)]
    [InlineData(60_001, false)]
    public async Task Clocks_of_workers_may_differ_by_a_minute_before_a_fresh_lease_is_void(double ahead, bool holds)
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: true);
        (await ClaimAsync(store, at: 1_000 + ahead, owner: "ahead", lease: 31_000 + ahead)).ShouldBe(["flow"]);

        (await ClaimAsync(store, at: 1_000, owner: "behind", lease: 31_000)).ShouldBe(holds ? [] : ["flow"]);
    }

    [Fact]
    public async Task Of_several_workers_exactly_one_claims_a_run_that_a_clock_has_left_behind()
    {
        var ids = Enumerable.Range(0, 30).Select(number => $"flow-{number}").ToArray();
        var stores = new[] { await OpenAsync(), await OpenAsync(), await OpenAsync() };
        await stores[0].Runs.WakeAsync(
            [.. ids.Select(id => new Wake(id, Complete: true))], Some.Timers, Some.At(3_600_000), Cancellation);
        await ClaimAsync(stores[0], at: 3_601_000, lease: 3_631_000);

        var claims = await Task.WhenAll(stores.Select((store, worker) => Task.Run(
            () => ClaimAsync(store, at: 600, owner: $"worker-{worker}", lease: 30_600, latestDue: 400_000), Cancellation)));

        claims.SelectMany(claimed => claimed).ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public async Task A_run_without_due_is_never_claimed()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: true);
        await store.Runs.SaveAsync(await ReadAsync(store, "flow") with { Due = null }, [], Cancellation);

        (await ClaimAsync(store, at: 1e9)).ShouldBeEmpty();
        (await ClaimAsync(store, at: 0, latestDue: 1)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Claims_of_several_workers_never_overlap_and_leave_nothing()
    {
        var ids = Enumerable.Range(0, 200).Select(number => $"flow-{number}").ToArray();
        var stores = new[] { await OpenAsync(), await OpenAsync(), await OpenAsync() };
        await stores[0].Runs.WakeAsync(
            [.. ids.Select(id => new Wake(id, Complete: true))], Some.Timers, Some.Time, Cancellation);

        var claims = await Task.WhenAll(stores.Select((store, worker) => Task.Run(
            async () =>
            {
                var claimed = new List<string>();
                while (await ClaimAsync(store, at: 600, owner: $"worker-{worker}", limit: 7) is { Count: > 0 } more)
                    claimed.AddRange(more);
                return claimed;
            },
            Cancellation)));

        claims.SelectMany(claimed => claimed).ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public async Task Decisions_are_read_by_revision_and_evaluator_and_the_last_of_each_stands()
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: true);
        var waiting = Some.Decision("flow", 2, "ev-a", Outcome.Waiting, "It has begun.");
        await store.Runs.SaveAsync(
            await ReadAsync(store, "flow"),
            [waiting, Some.Decision("flow", 1, "ev-b"), Some.Decision("flow", 1, "ev-a")],
            Cancellation);

        var ran = Some.Decision("flow", 2, "ev-a", Outcome.Ran) with { EvaluatorVersionId = "ev-a-v2", At = Some.At(7) };
        await store.Runs.SaveAsync(await ReadAsync(store, "flow"), [ran], Cancellation);

        store = await ReopenAsync();
        (await store.Runs.DecisionsAsync("flow", Cancellation)).ShouldBe(
            [Some.Decision("flow", 1, "ev-a"), Some.Decision("flow", 1, "ev-b"), ran]);
        (await store.Runs.DecisionsAsync("other", Cancellation)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData((int)Outcome.OverBudget, (int)Outcome.Waiting)]
    [InlineData((int)Outcome.Paused, (int)Outcome.OverBudget)]
    [InlineData((int)Outcome.Paused, (int)Outcome.Superseded)]
    [InlineData((int)Outcome.OverBudget, (int)Outcome.Failed)]
    public async Task What_is_said_of_an_evaluator_that_is_put_off_stands_until_the_next_is_said(int before, int after)
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: true);
        var first = Some.Decision("flow", 1, "ev-a", (Outcome)before, "It is put off.");
        await store.Runs.SaveAsync(await ReadAsync(store, "flow"), [first], Cancellation);

        var next = Some.Decision("flow", 1, "ev-a", (Outcome)after, "It is something else.");
        await store.Runs.SaveAsync(await ReadAsync(store, "flow"), [next], Cancellation);

        (await store.Runs.DecisionsAsync("flow", Cancellation)).ShouldBe([next]);
    }

    [Theory]
    [InlineData((int)Outcome.Waiting)]
    [InlineData((int)Outcome.OverBudget)]
    [InlineData((int)Outcome.Paused)]
    [InlineData((int)Outcome.Superseded)]
    public async Task What_a_lost_save_says_of_an_evaluator_does_not_hide_its_outcome(int stale)
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: true);
        var run = await ReadAsync(store, "flow");
        var ran = Some.Decision("flow", 1, "ev-a", Outcome.Ran);
        (await store.Runs.SaveAsync(run, [ran], Cancellation)).ShouldBeTrue();

        (await store.Runs.SaveAsync(run, [Some.Decision("flow", 1, "ev-a", (Outcome)stale)], Cancellation)).ShouldBeFalse();

        (await store.Runs.DecisionsAsync("flow", Cancellation)).ShouldBe([ran]);
    }

    [Theory]
    [InlineData(Outcome.Waiting)]
    [InlineData(Outcome.Ran)]
    [InlineData(Outcome.Failed)]
    [InlineData(Outcome.Filtered)]
    [InlineData(Outcome.SampledOut)]
    [InlineData(Outcome.OverBudget)]
    [InlineData(Outcome.Paused)]
    [InlineData(Outcome.Superseded)]
    [InlineData(Outcome.Late)]
    public async Task Every_outcome_can_be_decided(int outcome)
    {
        var store = await OpenAsync();
        await WakeAsync(store, "flow", complete: true);
        var decision = Some.Decision(outcome: (Outcome)outcome) with { LogId = "flow" };

        await store.Runs.SaveAsync(await ReadAsync(store, "flow"), [decision], Cancellation);

        (await store.Runs.DecisionsAsync("flow", Cancellation)).ShouldBe([decision]);
    }

    [Fact]
    public async Task A_dropped_run_takes_everything_with_it_and_leaves_the_others()
    {
        var store = await OpenAsync();
        foreach (var id in new[] { "gone", "stays" })
        {
            await WakeAsync(store, id, complete: true);
            await store.Runs.SaveAsync(await ReadAsync(store, id), [Some.Decision(id)], Cancellation);
            await store.Verdicts.AddAsync([Some.EvaluatorLog(id)], Cancellation);
            await store.Attempts.TryTakeAsync("attempt-" + id, id, "one", Some.Time, Some.At(1_000), Cancellation);
        }

        var read = await ReadAsync(store, "gone");
        await store.Runs.DropAsync(["gone", "never there"], Cancellation);
        await store.Runs.DropAsync(["gone"], Cancellation);

        (await store.Runs.ReadAsync("gone", Cancellation)).ShouldBeNull();
        (await store.Runs.DecisionsAsync("gone", Cancellation)).ShouldBeEmpty();
        (await store.Verdicts.ReadAsync(["gone"], Cancellation)).ShouldBeEmpty();
        (await store.Attempts.TryTakeAsync("attempt-gone", "gone", "two", Some.Time, Some.At(1_000), Cancellation)).ShouldBeTrue();
        (await store.Runs.SaveAsync(read, [], Cancellation)).ShouldBeFalse();
        (await ClaimAsync(store, at: 1e6)).ShouldBe(["stays"]);
        (await store.Runs.DecisionsAsync("stays", Cancellation)).Count.ShouldBe(1);
        (await store.Verdicts.ReadAsync(["stays"], Cancellation)).Count.ShouldBe(1);
        (await store.Attempts.TryTakeAsync("attempt-stays", "stays", "two", Some.Time, Some.At(1_000), Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_many_saves_at_once_exactly_those_are_done_that_nobody_overtook()
    {
        var store = await OpenAsync();
        var ids = Enumerable.Range(0, 60).Select(number => $"flow-{number:00}").ToArray();
        foreach (var id in ids)
            await WakeAsync(store, id, complete: true);
        var read = await Task.WhenAll(ids.Select(id => Task.Run(() => ReadAsync(store, id), Cancellation)));
        read.Select(run => run.LogId).ShouldBe(ids);
        var overtaken = ids.Where((_, number) => number % 3 == 0).ToHashSet();
        var dropped = ids.Where((_, number) => number % 10 == 7).ToHashSet();
        foreach (var id in overtaken)
            await WakeAsync(store, id, complete: true);
        await store.Runs.DropAsync(dropped, Cancellation);

        // Each twice, as if two steps had been made from one version: one of them is done.
        var saved = await Task.WhenAll(read.SelectMany(run => new[] { run with { Digest = "one" }, run with { Digest = "two" } })
            .Select(run => Task.Run(async () => (run.LogId, run.Digest, IsDone: await store.Runs.SaveAsync(run, [Some.Decision(run.LogId)], Cancellation)), Cancellation)));

        foreach (var id in ids)
        {
            var done = saved.Where(save => save.LogId == id && save.IsDone).ToList();
            done.Count.ShouldBe(overtaken.Contains(id) || dropped.Contains(id) ? 0 : 1, id);
            (await store.Runs.ReadAsync(id, Cancellation))?.Digest.ShouldBe(done.SingleOrDefault().Digest, id);
            if (dropped.Contains(id))
                (await store.Runs.DecisionsAsync(id, Cancellation)).ShouldBeEmpty(id);
        }
    }

    [Fact]
    public async Task Every_log_with_a_run_or_decisions_is_gone_through_once_in_order()
    {
        var store = await OpenAsync();
        var ids = Enumerable.Range(0, 1_100).Select(number => $"flow-{number}").Append("\ud7ff").Append("\ue000").Append("\U00010000").ToList();
        await store.Runs.WakeAsync(
            [.. ids.Select(id => new Wake(id, Complete: true))], Some.Timers, Some.Time, Cancellation);

        // One Log alone has more decisions than a page.
        await Task.WhenAll(ids.Select(async id => (await store.Runs.SaveAsync(
            await ReadAsync(store, id),
            [.. Enumerable.Range(1, id == ids[5] ? 1_500 : 1).Select(revision => Some.Decision(id, revision))],
            Cancellation)).ShouldBeTrue()));

        var expected = ids.Order(Utf8Order.Instance).ToList();
        (await store.Runs.LogsWithRunsAsync(Cancellation).ToListAsync(Cancellation)).ShouldBe(expected);
        (await store.Runs.LogsWithDecisionsAsync(Cancellation).ToListAsync(Cancellation)).ShouldBe(expected);

        await store.Runs.DropAsync([ids[5]], Cancellation);
        (await store.Runs.LogsWithRunsAsync(Cancellation).CountAsync(Cancellation)).ShouldBe(ids.Count - 1);
        (await store.Runs.LogsWithDecisionsAsync(Cancellation).CountAsync(Cancellation)).ShouldBe(ids.Count - 1);
    }

    private static Task WakeAsync(
        StoreUnderTest store, string id, bool complete, double at = 0, WakeTimers? timers = null) =>
        store.Runs.WakeAsync([new Wake(id, complete)], timers ?? Some.Timers, Some.At(at), Cancellation);

    private static Task<IReadOnlyList<string>> ClaimAsync(
        StoreUnderTest store,
        double at,
        string owner = "one",
        double lease = 1e10,
        int limit = 1_000,
        double latestDue = 1e12) =>
        store.Runs.ClaimDueAsync(Some.At(at), Some.At(latestDue), owner, Some.At(lease), limit, Cancellation);

    private static async Task<Run> ReadAsync(StoreUnderTest store, string id) =>
        (await store.Runs.ReadAsync(id, Cancellation)).ShouldNotBeNull();

    private static async Task<Run> FullRunAsync(StoreUnderTest store, string id)
    {
        await WakeAsync(store, id, complete: true);
        var run = Some.FullRun(id) with { Version = 1 };
        (await store.Runs.SaveAsync(run, [], Cancellation)).ShouldBeTrue();
        return run with { Version = 2 };
    }
}
