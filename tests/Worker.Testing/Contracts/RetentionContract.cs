using Microsoft.Extensions.Time.Testing;
using Worker.Ingestion;
using Worker.Reading;

namespace Worker.Testing.Contracts;

/// <summary>
/// Traces that are old enough go whole and leave nothing, whoever is killed at it; and so does what a person asks for.
/// </summary>
public abstract class RetentionContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    private static readonly string[] Trace = ["f", "inner", "t1", "t2", "t3"];

    private readonly FakeTimeProvider _time = new(Some.Time);

    [Fact]
    public async Task An_old_trace_goes_whole_with_all_that_hangs_on_it_and_a_young_one_stays()
    {
        var (store, ingestion, world) = await WorldAsync();
        await LogAsync(store, ingestion, "old-");
        _time.Advance(TimeSpan.FromDays(20));
        await LogAsync(store, ingestion, "young-");
        _time.Advance(TimeSpan.FromDays(11));
        world.Rule("all", ("After", "30d"));

        var planned = await world.SweepAsync(dryRun: true);
        (await StandingAsync(store, "old-")).ShouldBe(Trace.Append("v"), ignoreOrder: true);
        var report = await world.SweepAsync();

        report.Rules.ShouldBe(planned.Rules);
        (report.Rules["all"].Traces, report.Rules["all"].Logs).ShouldBe((1, 5));
        report.Rules["all"].Bytes.ShouldBeGreaterThan(100);
        (await StandingAsync(store, "old-")).ShouldBeEmpty();
        (await StandingAsync(store, "young-")).ShouldBe(Trace.Append("v"), ignoreOrder: true);
        await NothingIsLeftAsync(store, "old-");
        (await store.Verdicts.ReadAsync(["young-f"], Cancellation)).Count.ShouldBe(1);
        (await world.SweepAsync()).Rules.ShouldBeEmpty();
    }

    [Fact]
    public async Task Killed_before_any_call_and_made_again_it_ends_in_the_same_state()
    {
        var (store, ingestion, world) = await WorldAsync();
        world.Rule("all", ("After", "1d"));
        var isOver = true;
        for (var calls = Random.Shared.Next(TStore.KillEvery); isOver; calls += TStore.KillEvery)
        {
            var prefix = $"k{calls}-";
            await LogAsync(store, ingestion, prefix);
            _time.Advance(TimeSpan.FromDays(2));
            var life = new Life(calls);
            try
            {
                await world.SweepAsync(life: life);
            }
            catch (Errors.StoreUnavailableException)
            {
            }

            isOver = life.IsOver;
            var standing = await StandingAsync(store, prefix);
            if (standing.Contains("f"))
                standing.ShouldBe(Trace.Append("v"), ignoreOrder: true, "no Log goes before its living trace");

            await world.SweepAsync();
            (await StandingAsync(store, prefix)).ShouldBeEmpty();
            await NothingIsLeftAsync(store, prefix);
            (await store.Removals.OpenAsync(Cancellation)).ShouldBeEmpty();
            calls.ShouldBeLessThan(200);
        }
    }

    [Fact]
    public async Task What_is_delivered_again_is_absorbed_and_what_is_new_is_a_trace_of_its_own()
    {
        var (store, ingestion, world) = await WorldAsync();
        await LogAsync(store, ingestion, "");
        _time.Advance(TimeSpan.FromDays(2));
        world.Rule("all", ("After", "1d"));
        await world.SweepAsync();

        (await ingestion.SendAsync(Tool("t1", "f"))).ShouldBe(new ChunkResult { Absorbed = 1 });
        (await ingestion.SendAsync(Tool("t9", "f"))).ShouldBe(new ChunkResult { Stored = 1 });
        (await StandingAsync(store, "")).ShouldBe(["t9"]);

        _time.Advance(TimeSpan.FromDays(11));
        var report = await world.SweepAsync();
        (report.Rules["all"].Traces, report.Tombstones).ShouldBe((1, 6));
        (await store.Logs.ReadAsync(["f", "t1", "v"], Cancellation)).ShouldBeEmpty();
        (await ingestion.SendAsync(Tool("t1", "f"))).ShouldBe(new ChunkResult { Stored = 1 });
    }

    [Fact]
    public async Task The_newest_content_counts_and_a_pin_anywhere_in_the_trace()
    {
        var (store, ingestion, world) = await WorldAsync();
        world.Rule("all", ("After", "30d"));
        await LogAsync(store, ingestion, "a-");
        await LogAsync(store, ingestion, "b-");
        _time.Advance(TimeSpan.FromDays(29));
        await ingestion.SendAsync(Tool("a-late", "a-inner"));
        await store.Pins.PinAsync(new("b-t1", Some.At(0)), Cancellation);
        _time.Advance(TimeSpan.FromDays(2));

        var report = await world.SweepAsync();
        (report.Rules.Count, report.Pinned).ShouldBe((0, 1));
        (await StandingAsync(store, "a-")).Count.ShouldBe(7);

        await store.Pins.UnpinAsync("b-t1", Cancellation);
        _time.Advance(TimeSpan.FromDays(29));
        (await world.SweepAsync()).Rules["all"].Traces.ShouldBe(2);
        (await StandingAsync(store, "")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rules_choose_by_what_the_outermost_log_says_and_what_keeps_wins()
    {
        var (store, ingestion, world) = await WorldAsync();
        foreach (var name in new[] { "a-", "b-", "c-", "d-" })
            await LogAsync(store, ingestion, name, path: name[..1] + "/flow", judgment: name == "d-" ? "\"bad\"" : "true");
        _time.Advance(TimeSpan.FromDays(10));
        world.Rule("by-path", ("After", "5d"), ("Path", "a/**"), ("Kind", "flow"));
        world.Rule("by-label", ("After", "5d"), ("Environment", "b"));
        world.Rule("by-verdict", ("After", "5d"), ("Verdict", "bad"));
        world.Rule("by-size", ("After", "5d"), ("LargerThan", "100000"));
        world.Rule("kept", ("After", "20d"), ("Keep", "true"), ("Path", "b/*"));

        (await world.SweepAsync()).Rules.Keys.ShouldBe(["by-path", "by-verdict"]);
        _time.Advance(TimeSpan.FromDays(11));
        (await world.SweepAsync()).Rules.Keys.ShouldBe(["by-label"]);
        (await StandingAsync(store, "")).ShouldAllBe(id => id.StartsWith("c-"));
    }

    [Fact]
    public async Task A_conversation_goes_with_its_turns_and_comes_again_when_it_goes_on()
    {
        var (store, _, world) = await WorldAsync();
        var ingestion = new TestIngestion(store, _time) { Conversations = new() { By = "user" } };
        world.Rule("all", ("After", "5d"));
        await ingestion.SendAsync(Flow("turn-1"), Flow("turn-2"));
        var talk = (await store.Logs.ReadAsync(["turn-1"], Cancellation))["turn-1"].ParentId.ShouldNotBeNull();
        _time.Advance(TimeSpan.FromDays(6));

        (await world.SweepAsync()).Rules["all"].ShouldSatisfyAllConditions(all => all.Traces.ShouldBe(1), all => all.Logs.ShouldBe(3));
        (await store.Logs.ReadAsync([talk], Cancellation)).ShouldBeEmpty();

        await ingestion.SendAsync(Flow("turn-3"));
        (await store.Traces.AllMembersAsync(talk, Cancellation)).Select(log => log.Id).ShouldBe([talk, "turn-3"]);
    }

    [Fact]
    public async Task A_trace_larger_than_a_slice_goes_whole_from_wherever_it_was_left()
    {
        var (store, ingestion, world) = await WorldAsync();
        await ingestion.SendAsync(Flow("f"));
        foreach (var part in Enumerable.Range(0, 1_300).Chunk(650))
            await ingestion.SendAsync([.. part.Select(n => Tool($"t{n}", n < 10 ? "f" : $"t{n % 10}"))]);
        _time.Advance(TimeSpan.FromDays(6));
        world.Rule("all", ("After", "5d"));

        await Should.ThrowAsync<Errors.StoreUnavailableException>(() => world.SweepAsync(life: new Life(12)));
        var left = (await StandingAsync(store, "")).Count;
        left.ShouldBeInRange(1, 1_300);
        (await world.SweepAsync()).Resumed.ShouldBeGreaterThanOrEqualTo(left);
        (await StandingAsync(store, "")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_store_that_is_too_large_loses_the_oldest_that_nothing_keeps()
    {
        var (store, ingestion, world) = await WorldAsync();
        var payload = new string('x', 100_000);
        for (var n = 0; n < 60; n++)
        {
            await ingestion.SendAsync(("tool.logged", $$"""{"log_id":"t{{n:00}}","path":"tools/a","output":"{{payload}}"}"""));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        await store.Pins.PinAsync(new("t00", Some.At(0)), Cancellation);
        world.Options.MaxBytes = 3_000_000;
        await world.SweepAsync();

        // A server sees to its space by itself: there nothing goes.
        var standing = await StandingAsync(store, "");
        if (store.Space is null)
        {
            standing.Count.ShouldBe(60);
            return;
        }

        standing.Count.ShouldBeInRange(2, 50);
        standing.Order(StringComparer.Ordinal).ShouldBe(
            Enumerable.Range(60 - standing.Count + 1, standing.Count - 1).Select(n => $"t{n:00}").Prepend("t00"));
    }

    [Fact]
    public async Task What_a_person_asks_for_goes_with_its_letters_and_the_trace_above_is_looked_at_again()
    {
        var (store, ingestion, world) = await WorldAsync();
        await LogAsync(store, ingestion, "");
        await store.DeadLetters.AddAsync(
            [
                Some.DeadLetter("by-id") with { LogId = "t1" },
                Some.DeadLetter("by-body", """{"trace_parent_id":"inner","x":1}"""),
                Some.DeadLetter("broken", "{\"trace_parent_id\":\"inner\", x"),
                Some.DeadLetter("other", """{"trace_parent_id":"f"}"""),
            ],
            Cancellation);
        var run = (await store.Runs.ReadAsync("f", Cancellation)).ShouldNotBeNull();

        var planned = await world.EraseAsync(["inner", "nobody"], dryRun: true);
        var receipt = await world.EraseAsync(["inner", "nobody"]);

        foreach (var each in new[] { planned, receipt })
        {
            each.NotFound.ShouldBe(["nobody"]);
            each.LogIds.ShouldBe(["inner", "t1", "t2"], ignoreOrder: true);
            (each.Logs["flow"], each.Logs["tool"], each.Runs, each.VerdictsFromOutside).ShouldBe((1, 2, 1, 1));
            each.DeadLetterIds.ShouldBe(["by-id", "by-body", "broken"], ignoreOrder: true);
        }

        (await StandingAsync(store, "")).ShouldBe(["f", "t3"], ignoreOrder: true);
        (await store.DeadLetters.ListAsync(Cancellation).Select(letter => letter.DeadLetterId).ToListAsync(Cancellation)).ShouldBe(["other"]);
        (await store.Runs.ReadAsync("f", Cancellation))!.Version.ShouldBeGreaterThan(run.Version);
        (await ingestion.SendAsync(Tool("t1", "inner"))).ShouldBe(new ChunkResult { Absorbed = 1 });
        (await world.EraseAsync(["inner"])).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Of_a_user_every_trace_goes_whole_and_of_others_none()
    {
        var (store, _, world) = await WorldAsync();
        var ingestion = new TestIngestion(store, _time) { Conversations = new() { By = "metadata.room" } };
        await ingestion.SendAsync(
            Flow("mine", "ann", "room"), Flow("theirs", "bob", "room"), Flow("alone", "ann", "cell"), Tool("t", "theirs-2"),
            ("tool.logged", """{"log_id":"deep","path":"tools/a","trace_parent_id":"theirs-2","user":"ann","output":"o"}"""),
            Flow("theirs-2", "bob"));
        await store.DeadLetters.AddAsync([Some.DeadLetter("of-ann", """{"user":"ann"}"""), Some.DeadLetter("not", """{"path":"ann"}""")], Cancellation);
        var talks = (await store.Logs.ReadAsync(["theirs", "alone"], Cancellation)).ToDictionary(log => log.Key, log => log.Value.ParentId!);

        var receipt = await world.EraseAsync([], ["ann", "eve"]);

        receipt.NotFound.ShouldBe(["eve"]);
        receipt.LogIds.ShouldBe(["mine", "alone", "theirs-2", "t", "deep"], ignoreOrder: true);
        receipt.DeadLetterIds.ShouldBe(["of-ann"]);
        (await StandingAsync(store, "")).ShouldBe(["theirs", talks["theirs"]], ignoreOrder: true);
        (await store.Logs.ReadAsync([talks["alone"]], Cancellation)).ShouldBeEmpty();
    }

    private static (string Type, string Body) Tool(string id, string parent) =>
        ("tool.logged", $$"""{"log_id":"{{id}}","path":"tools/a","trace_parent_id":"{{parent}}","output":"o"}""");

    private static (string Type, string Body) Flow(string id, string user = "ann", string? room = null) =>
        ("flow.logged", $$$"""{"log_id":"{{{id}}}","path":"chat","user":"{{{user}}}","metadata":{"room":"{{{room ?? id}}}"},"trace_status":"complete","output":"o"}""");

    /// <summary>A trace of two Flow Logs and three Tool Logs, judged, and a verdict from outside on one of them.</summary>
    private static async Task LogAsync(
        StoreUnderTest store, TestIngestion ingestion, string name, string path = "a/flow", string judgment = "true")
    {
        await ingestion.SendAsync(
            ("flow.logged", $$"""{"log_id":"{{name}}f","path":"{{path}}","environment":"{{name.Trim('-')}}","trace_status":"complete","output":"{{new string('x', 100)}}"}"""),
            ("flow.logged", $$"""{"log_id":"{{name}}inner","path":"inner","trace_parent_id":"{{name}}f","trace_status":"complete","output":"o"}"""),
            Tool(name + "t1", name + "inner"),
            Tool(name + "t2", name + "t1"),
            Tool(name + "t3", name + "f"),
            ("evaluator.logged", $$"""{"log_id":"{{name}}v","path":"people","parent_id":"{{name}}t1","judgment":true}"""));
        var run = (await store.Runs.ReadAsync(name + "f", Cancellation)).ShouldNotBeNull();
        (await store.Runs.SaveAsync(run, [Some.Decision(name + "f")], Cancellation)).ShouldBeTrue();
        await store.Verdicts.AddAsync([Some.EvaluatorLog(name + "f", judgment: judgment)], Cancellation);
    }

    private async Task<(StoreUnderTest Store, TestIngestion Ingestion, RetentionWorld World)> WorldAsync()
    {
        var store = await OpenAsync();
        var ingestion = new TestIngestion(store, _time);
        return (store, ingestion, new(store, _time, ingestion));
    }

    private static async Task<List<string>> StandingAsync(StoreUnderTest store, string prefix) =>
        await store.Ages.OldestAsync(Cancellation).SelectMany(page => page)
            .Where(log => log.Id.StartsWith(prefix, StringComparison.Ordinal))
            .Select(log => log.Id[prefix.Length..]).ToListAsync(Cancellation);

    private static async Task NothingIsLeftAsync(StoreUnderTest store, string prefix)
    {
        string[] ids = [.. Trace.Append("v").Select(id => prefix + id)];
        (await store.Verdicts.ReadAsync(ids, Cancellation)).ShouldBeEmpty();
        (await store.Posted.JudgedAmongAsync(ids, Cancellation)).ShouldBeEmpty();
        foreach (var id in ids)
        {
            (await store.Runs.ReadAsync(id, Cancellation)).ShouldBeNull();
            (await store.Runs.DecisionsAsync(id, Cancellation)).ShouldBeEmpty();
        }

        var check = new LeftoverCheck(
            store.Traces,
            store.Logs,
            store.Runs,
            store.Verdicts,
            store.Posted,
            new(store.Runs, store.Verdicts, new(store.Runs, store.Verdicts, new FakeTimeProvider(Some.Time), new(Some.Timers, default, TimeSpan.FromSeconds(30)))));
        (await check.CheckAsync(new StoreCounts(), Cancellation).ToListAsync(Cancellation)).ShouldBeEmpty();
    }
}
