using Worker.Reading;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="ITraceStore"/> promises.</summary>
public abstract class TraceStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    [Fact]
    public async Task Every_log_on_the_way_up_is_found_once()
    {
        var store = await StoredAsync(
            Some.FlowLog("outer", complete: true),
            Some.FlowLog("inner", parent: "outer"),
            Some.Log("step", parent: "inner", LogKind.Prompt),
            Some.Log("tool", parent: "step"),
            Some.Log("other", parent: "inner"),
            Some.FlowLog("aside", parent: "outer"));

        var above = await store.Traces.AncestorsAsync(["tool", "other", "tool", "nobody"], Cancellation);

        above.ShouldBe(
        [
            new("tool", LogKind.Tool, IsComplete: false),
            new("step", LogKind.Prompt, IsComplete: false),
            new("other", LogKind.Tool, IsComplete: false),
            new("inner", LogKind.Flow, IsComplete: false),
            new("outer", LogKind.Flow, IsComplete: true),
        ],
        ignoreOrder: true);
    }

    [Fact]
    public async Task A_log_is_itself_among_those_above_it()
    {
        var store = await StoredAsync(Some.FlowLog("flow", complete: true), Some.Log("tool"));

        (await store.Traces.AncestorsAsync(["flow"], Cancellation)).ShouldBe(
            [new Ancestor("flow", LogKind.Flow, IsComplete: true)]);
        (await store.Traces.AncestorsAsync(["tool"], Cancellation)).ShouldBe(
            [new Ancestor("tool", LogKind.Tool, IsComplete: false)]);
        (await store.Traces.AncestorsAsync([], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_way_up_ends_at_a_missing_parent()
    {
        var store = await StoredAsync(
            Some.FlowLog("outer"), Some.FlowLog("flow", parent: "missing"), Some.Log("tool", parent: "flow"));

        (await AboveAsync(store, "tool")).ShouldBe(["tool", "flow"], ignoreOrder: true);
        (await store.Traces.PathAboveAsync("tool", Cancellation)).Select(log => log.Id).ShouldBe(["tool", "flow"]);
    }

    [Fact]
    public async Task The_way_up_ends_at_a_tombstone()
    {
        var store = await StoredAsync(
            Some.FlowLog("outer"), Some.FlowLog("middle", parent: "outer"), Some.FlowLog("flow", parent: "middle"));
        await store.Logs.WriteAsync(
            [Some.Tombstone("middle", "outer") with { Kind = LogKind.Flow, Version = 1 }], Cancellation);

        (await AboveAsync(store, "flow")).ShouldBe(["flow"]);
        (await store.Traces.AncestorsAsync(["middle"], Cancellation)).ShouldBeEmpty();
        (await store.Traces.PathAboveAsync("flow", Cancellation)).Select(log => log.Id).ShouldBe(["flow"]);
        (await store.Traces.PathAboveAsync("middle", Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cycle_ends_every_walk()
    {
        var store = await StoredAsync(
            Some.FlowLog("a", parent: "c"),
            Some.FlowLog("b", parent: "a"),
            Some.FlowLog("c", parent: "b"),
            Some.FlowLog("self", parent: "self"),
            Some.Log("tool", parent: "c"));

        (await AboveAsync(store, "tool")).ShouldBe(["tool", "a", "b", "c"], ignoreOrder: true);
        (await AboveAsync(store, "self")).ShouldBe(["self"]);
        (await store.Traces.PathAboveAsync("tool", Cancellation)).Select(log => log.Id).ShouldBe(
            ["tool", "c", "b", "a"]);
        (await store.Traces.PathAboveAsync("self", Cancellation)).Select(log => log.Id).ShouldBe(["self"]);
        await ShouldHaveMembersAsync(store, "b", "a", "c", "tool");
        await ShouldHaveMembersAsync(store, "self");
    }

    [Fact]
    public async Task A_chain_of_a_thousand_is_walked_both_ways()
    {
        const int Depth = 1_000;
        var store = await StoredAsync([.. Enumerable.Range(0, Depth).Select(level => Some.FlowLog($"level-{level}", parent: level == 0 ? null : $"level-{level - 1}"))]);
        var ids = Enumerable.Range(0, Depth).Select(level => $"level-{level}").ToList();

        (await AboveAsync(store, ids[^1], ids[^2], ids[10])).ShouldBe(ids, ignoreOrder: true);
        (await store.Traces.PathAboveAsync(ids[^1], Cancellation)).Select(log => log.Id).ShouldBe(
            ids.AsEnumerable().Reverse());
        await ShouldHaveMembersAsync(store, [.. ids]);
    }

    [Fact]
    public async Task Ten_thousand_children_are_all_members()
    {
        var children = Enumerable.Range(0, 10_000).Select(number => $"child-{number}").ToArray();
        var store = await StoredAsync([Some.FlowLog("flow"), .. children.Select(id => Some.Log(id, parent: "flow"))]);

        await ShouldHaveMembersAsync(store, ["flow", .. children]);
    }

    [Fact]
    public async Task Members_are_the_log_itself_first_and_whole_and_everything_under_it()
    {
        var tool = Some.Log("tool", parent: "step", fields: [(LogFields.Output, "\"42\"")]);
        var store = await StoredAsync(
            tool,
            Some.Log("step", parent: "flow"),
            Some.FlowLog("flow", parent: "above"),
            Some.FlowLog("above"),
            Some.Log("elsewhere", parent: "above"));

        await ShouldHaveMembersAsync(store, "flow", "step", "tool");
        (await store.Traces.AllMembersAsync("flow", Cancellation)).Single(log => log.Id == "tool").ShouldBeLog(
            tool with { Version = 1 });
    }

    [Fact]
    public async Task An_outline_shows_the_same_tree_as_the_whole_and_holds_no_payload()
    {
        var full = Some.FullLog("full");
        var standing = new Log
        {
            Id = "standing", Kind = LogKind.Flow, Fields = full.Fields, Parents = full.Parents,
            Problems = full.Problems, HadError = true, OutcomeAt = full.OutcomeAt, FirstReceivedAt = Some.Micros(7),
        };
        var store = await StoredAsync(
            Some.FlowLog("flow", parent: "above", complete: true, (LogFields.Output, "\"done\""), (LogFields.Path, "\"chat\"")),
            Drawable("prompt", "flow", LogKind.Prompt, 5) with { HadOutput = true },
            Drawable("tool", "prompt", LogKind.Tool, 1) with { HadError = true, Problems = ["Odd."] },
            Some.Log("unfinished", parent: "flow", fields: [(LogFields.LogStatus, "\"incomplete\""), (LogFields.Inputs, "{\"a.b\":{\"$c\":1}}")]),
            full with { Parents = ["flow"], Fields = [.. full.Fields.Select(entry => entry.Field == LogFields.TraceParentId ? entry with { Value = JsonValue.FromText("flow") } : entry)] },
            standing,
            Some.Log("gone", parent: "flow"));
        await store.Logs.WriteAsync([Some.Tombstone("gone", "flow") with { Version = 1 }], Cancellation);

        foreach (var head in new[] { "flow", "tool", "standing", "gone", "never stored" })
        {
            var whole = (await store.Traces.AllMembersAsync(head, Cancellation)).OrderBy(log => log.Id, StringComparer.Ordinal).ToList();
            var drawn = await store.Traces.OutlineAsync(head, Cancellation).SelectMany(page => page).ToListAsync(Cancellation);

            drawn.FirstOrDefault()?.Id.ShouldBe(head);
            var inOrder = drawn.OrderBy(log => log.Id, StringComparer.Ordinal).ToList();
            inOrder.Select(Picture).ShouldBe(whole.Select(Picture));
            inOrder.SelectMany(log => log.Problems).ShouldBe(whole.SelectMany(log => log.Problems));
            drawn.ShouldAllBe(log => log.Fields.All(entry => LogFields.Drawn.Contains(entry.Field)));
        }
    }

    [Fact]
    public async Task An_outline_is_read_to_the_end_however_wide_and_deep()
    {
        var logs = Enumerable.Range(0, 3_000).Select(
            number => Some.Log($"{number}", number == 0 ? null : $"{(number < 2_500 ? 0 : number - 1)}"));
        var store = await StoredAsync([.. logs]);

        var drawn = await store.Traces.OutlineAsync("0", Cancellation).SelectMany(page => page).ToListAsync(Cancellation);

        var shape = WholeTraces.ShapeOf(drawn);
        shape.Count.ShouldBe(3_000);
        Enumerable.Range(1, 2_999).ShouldAllBe(place => shape[place].Parent >= 0);
    }

    private static Log Drawable(string id, string parent, LogKind kind, int second) => Some.Log(
        id,
        parent,
        kind,
        (LogFields.Path, $"\"{id}/path\""),
        (LogFields.StartTime, $"\"2026-01-02T03:04:0{second}.000001Z\""),
        (LogFields.EndTime, $"\"2026-01-02T03:04:0{second}.5Z\""),
        (LogFields.Inputs, "{\"question\":\"why\"}"),
        (LogFields.Output, "\"because\""),
        (LogFields.Metadata, "{\"a\":1}"),
        (LogFields.PromptTokens, "12"),
        (LogFields.OutputTokens, "3"),
        (LogFields.PromptCost, "0.25"));

    /// <summary>All that the picture of a trace is made of.</summary>
    private static (Log Log, string? Parent, LogSpan Span, OverviewLog Words) Picture(Log log) => (
        new Log { Id = log.Id, Kind = log.Kind, Version = log.Version, FirstReceivedAt = log.FirstReceivedAt },
        log.ParentId,
        LogSpan.From(log),
        OverviewLog.Of(log));

    [Fact]
    public async Task Traces_that_are_read_at_once_are_each_their_own()
    {
        var store = await StoredAsync(
        [
            .. Enumerable.Range(0, 40).SelectMany(trace => Enumerable.Range(1, trace % 4)
                .Select(depth => Some.Log($"{trace}-{depth}", parent: depth == 1 ? $"{trace}" : $"{trace}-{depth - 1}"))
                .Prepend(Some.FlowLog($"{trace}", parent: trace == 0 ? null : $"{trace / 2}"))),
        ]);

        var found = await Task.WhenAll(Enumerable.Range(0, 40).Select(trace => Task.Run(
            async () => (Members: await store.Traces.AllMembersAsync($"{trace}", Cancellation), Path: await store.Traces.PathAboveAsync($"{trace}", Cancellation)), Cancellation)));

        foreach (var (trace, (members, path)) in found.Index())
        {
            var under = Enumerable.Range(0, 40).Where(other => IsUnder(other, trace))
                .SelectMany(
                    other => Enumerable.Range(1, other % 4).Select(depth => $"{other}-{depth}").Prepend($"{other}"));
            members.Select(log => log.Id).ShouldBe(under, ignoreOrder: true);
            members[0].Id.ShouldBe($"{trace}");
            path.Select(log => log.Id).ShouldBe(Above(trace));
        }
    }

    private static bool IsUnder(int trace, int head) => trace == head || (trace > 0 && IsUnder(trace / 2, head));

    private static IEnumerable<string> Above(int trace) => trace == 0 ? ["0"] : Above(trace / 2).Prepend($"{trace}");

    [Fact]
    public async Task Deleted_logs_and_what_only_they_lead_to_are_no_members()
    {
        var store = await StoredAsync(
            Some.FlowLog("flow"),
            Some.Log("gone", parent: "flow"),
            Some.Log("under", parent: "gone"),
            Some.Log("stays", parent: "flow"));
        await store.Logs.WriteAsync([Some.Tombstone("gone", "flow") with { Version = 1 }], Cancellation);

        await ShouldHaveMembersAsync(store, "flow", "stays");
        await ShouldHaveMembersAsync(store, "under");
        (await store.Traces.AllMembersAsync("gone", Cancellation)).ShouldBeEmpty();
        (await store.Traces.AllMembersAsync("never stored", Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_child_that_moves_leaves_its_old_parent()
    {
        var store = await StoredAsync(Some.FlowLog("old"), Some.FlowLog("new"), Some.Log("tool", parent: "old"));

        await store.Logs.WriteAsync(
            [Some.Log("tool", parent: "new") with { Parents = ["new", "old"], Version = 1 }], Cancellation);

        await ShouldHaveMembersAsync(store, "old");
        await ShouldHaveMembersAsync(store, "new", "tool");
    }

    [Fact]
    public async Task Ids_with_nul_lead_up_and_down()
    {
        var store = await StoredAsync(Some.FlowLog("f\0a"), Some.FlowLog("f\0b"), Some.Log("t\0", parent: "f\0a"));

        (await AboveAsync(store, "t\0")).ShouldBe(["t\0", "f\0a"], ignoreOrder: true);
        await ShouldHaveMembersAsync(store, "f\0a", "t\0");
        await ShouldHaveMembersAsync(store, "f\0b");
    }

    [Fact]
    public async Task What_one_worker_wrote_is_on_the_path_that_another_reads()
    {
        var one = await StoredAsync(Some.FlowLog("flow", complete: true));
        var two = await OpenAsync();

        for (var number = 0; number < 20; number++)
        {
            await one.Logs.WriteAsync([Some.Log($"tool-{number}", parent: "flow")], Cancellation);
            (await two.Traces.AncestorsAsync([$"tool-{number}"], Cancellation)).ShouldContain(
                new Ancestor("flow", LogKind.Flow, IsComplete: true));
            (await two.Traces.AllMembersAsync("flow", Cancellation)).Count.ShouldBe(number + 2);
        }
    }

    [Fact]
    public async Task Logs_that_are_stored_and_not_deleted_stand()
    {
        var store = await StoredAsync([.. Enumerable.Range(0, 1_200).Select(number => Some.Log($"tool-{number}"))]);
        await store.Logs.WriteAsync([Some.Tombstone("tool-7") with { Version = 1 }], Cancellation);

        var standing = await store.Traces.StandingAsync(
            [.. Enumerable.Range(0, 1_300).Select(number => $"tool-{number}")], Cancellation);

        standing.Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 1_200).Where(number => number != 7).Select(number => $"tool-{number}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_label_stands_beside_the_log_and_outlives_the_worker()
    {
        var log = Some.Log("tool", parent: "flow");
        var store = await StoredAsync(log, Some.Log("plain"));
        var label = new TraceLabel("tool", "flow", "fl_1", Late: true);

        await store.Traces.LabelAsync([label, new TraceLabel("never stored", "flow", null, Late: false)], Cancellation);

        store = await ReopenAsync();
        var labels = await store.Traces.LabelsAsync(["tool", "plain", "never stored"], Cancellation);
        labels.ShouldBe([KeyValuePair.Create("tool", label)]);
        (await store.Logs.ReadAsync(["tool"], Cancellation))["tool"].ShouldBeLog(log with { Version = 1 });
    }

    [Fact]
    public async Task A_label_replaces_the_last_one_and_survives_a_write_of_its_log()
    {
        var store = await StoredAsync(Some.Log("tool", parent: "flow"));
        await store.Traces.LabelAsync([new TraceLabel("tool", "flow", "fl_1", Late: true)], Cancellation);

        await store.Traces.LabelAsync([new TraceLabel("tool", null, null, Late: false)], Cancellation);
        (await store.Logs.WriteAsync([Some.Log("tool", parent: "flow") with { Version = 1 }], Cancellation)).Lost.ShouldBeEmpty();

        (await store.Traces.LabelsAsync(["tool"], Cancellation))["tool"].ShouldBe(
            new TraceLabel("tool", null, null, Late: false));
    }

    [Fact]
    public async Task Complete_flows_are_walked_in_the_order_of_ids()
    {
        var complete = Enumerable.Range(0, 2_500).Select(number => $"flow-{number:0000}").ToArray();
        var store = await StoredAsync(
            [Some.FlowLog("unfinished"), Some.Log("tool"), Some.FlowLog("gone", complete: true), .. complete.Reverse().Select(id => Some.FlowLog(id, complete: true))]);
        await store.Logs.WriteAsync([Some.Tombstone("gone") with { Kind = LogKind.Flow, Version = 1 }], Cancellation);

        var walked = new List<string>();
        await foreach (var id in store.Traces.CompleteFlowsAsync(Cancellation))
            walked.Add(id);

        walked.ShouldBe(complete);
    }

    private async Task<StoreUnderTest> StoredAsync(params Log[] logs)
    {
        var store = await OpenAsync();
        (await store.Logs.WriteAsync(logs, Cancellation)).Lost.ShouldBeEmpty();
        return store;
    }

    private static async Task<IEnumerable<string>> AboveAsync(StoreUnderTest store, params string[] ids) =>
        (await store.Traces.AncestorsAsync(ids, Cancellation)).Select(ancestor => ancestor.LogId);

    private static async Task ShouldHaveMembersAsync(StoreUnderTest store, string head, params string[] others)
    {
        var members = (await store.Traces.AllMembersAsync(head, Cancellation)).Select(log => log.Id).ToList();
        members[0].ShouldBe(head);
        members[1..].Order(StringComparer.Ordinal).ShouldBe(others.Order(StringComparer.Ordinal));
    }

    private static Task ShouldHaveMembersAsync(StoreUnderTest store, string[] ids) =>
        ShouldHaveMembersAsync(store, ids[0], ids[1..]);
}
