using Worker.Storage;
using Worker.Traces;

namespace Worker.Testing.Contracts;

/// <summary>What <see cref="Storage.IPostedVerdictStore"/> promises, and what the others of verdicts that are Logs.</summary>
public abstract class PostedVerdictStoreContract<TStore> : StoreContract<TStore>
    where TStore : ITestStore, new()
{
    [Fact]
    public async Task Verdicts_are_found_by_the_log_that_they_are_on_whole_and_outlive_the_worker()
    {
        var verdict = Verdict("v-1", "tool", (LogFields.Judgment, "true"), (LogFields.Spec, """{"return_type":"boolean","$x":{"":1.0}}"""), (LogFields.MarkedCompleted, "true"));
        var text = Verdict("v-2", "tool", (LogFields.JudgmentText, """["a","é \u0000"]"""));
        await StoredAsync(Some.Log("tool"), verdict, text, Verdict("v-3", "other"));

        var store = await ReopenAsync();

        var found = await OnAsync(store, "tool");
        found.Select(log => log.Id).ShouldBe(["v-1", "v-2"], ignoreOrder: true);
        foreach (var log in found)
            log.ShouldBeLog((log.Id == "v-1" ? verdict : text) with { Version = 1 });
        (await OnAsync(store, "v-1")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_judged_is_known_whether_it_is_stored_or_not()
    {
        var store = await StoredAsync(Some.Log("tool"), Verdict("v-1", "tool"), Verdict("v-2", "tool"), Verdict("v-3", "not there"), Verdict("v-4", "v-1"));

        (await store.Posted.JudgedAmongAsync(["tool", "not there", "v-1", "v-2", "nobody"], Cancellation))
            .ShouldBe(["tool", "not there", "v-1"], ignoreOrder: true);
        (await store.Posted.JudgedAmongAsync([], Cancellation)).ShouldBeEmpty();
        (await store.Posted.JudgedByAsync(["v-3", "v-4", "v-4", "tool", "nobody"], Cancellation)).ShouldBe(
            new Dictionary<string, string> { ["v-3"] = "not there", ["v-4"] = "v-1" }, ignoreOrder: true);
        (await store.Posted.JudgedAsync(Cancellation).ToListAsync(Cancellation)).ShouldBe(["not there", "tool", "v-1"]);
    }

    [Fact]
    public async Task A_verdict_that_was_deleted_is_on_nothing_and_one_that_was_moved_is_on_what_it_names_now()
    {
        var store = await StoredAsync(Verdict("gone", "tool"), Verdict("moved", "tool"), Verdict("stays", "tool"));

        await store.Logs.WriteAsync([Some.Tombstone("gone") with { Version = 1 }, Verdict("moved", "elsewhere") with { Version = 1 }], Cancellation);

        (await OnAsync(store, "tool")).Select(log => log.Id).ShouldBe(["stays"]);
        (await OnAsync(store, "elsewhere")).Select(log => log.Id).ShouldBe(["moved"]);
    }

    [Fact]
    public async Task Any_number_of_verdicts_comes_in_pages()
    {
        var ids = Enumerable.Range(0, 2_500).Select(number => $"v-{number:0000}").ToList();
        var store = await StoredAsync([.. ids.Select(id => Verdict(id, "tool"))]);

        var pages = await store.Posted.OnAsync("tool", Cancellation).ToListAsync(Cancellation);

        pages.ShouldAllBe(page => page.Count <= MemberPage.MaxLogs);
        pages.SelectMany(page => page).Select(log => log.Id).ShouldBe(ids);
    }

    [Fact]
    public async Task A_verdict_is_a_member_of_no_trace_even_where_it_names_a_parent()
    {
        var verdict = Some.Log("verdict", parent: "flow", LogKind.Evaluator, (LogFields.JudgedId, "\"tool\"")) with { Parents = [] };
        var store = await StoredAsync(
            Some.FlowLog("flow"), Some.Log("tool", parent: "flow"), verdict, Some.Log("under it", parent: "verdict"));

        (await store.Traces.AllMembersAsync("flow", Cancellation)).Select(log => log.Id).ShouldBe(["flow", "tool"]);
        (await store.Traces.AncestorsAsync(["under it"], Cancellation)).Select(found => found.LogId).ShouldBe(
            ["under it", "verdict"], ignoreOrder: true);
        (await store.Traces.PathAboveAsync("verdict", Cancellation)).Select(log => log.Id).ShouldBe(["verdict"]);
        (await store.Traces.AllMembersAsync("verdict", Cancellation)).Select(log => log.Id).ShouldBe(["verdict", "under it"]);
        (await store.Logs.ReadAsync(["verdict"], Cancellation))["verdict"].ShouldBeLog(verdict with { Version = 1 });
    }

    private static Log Verdict(string id, string judged, params (Field Field, string Json)[] fields) =>
        Some.Log(id, parent: null, LogKind.Evaluator, [.. fields, (LogFields.JudgedId, JsonValue.FromText(judged).ToString())]);

    private static async Task<List<Log>> OnAsync(StoreUnderTest store, string logId) =>
        await store.Posted.OnAsync(logId, Cancellation).SelectMany(page => page).ToListAsync(Cancellation);

    private async Task<StoreUnderTest> StoredAsync(params Log[] logs)
    {
        var store = await OpenAsync();
        (await store.Logs.WriteAsync(logs, Cancellation)).Lost.ShouldBeEmpty();
        return store;
    }
}
