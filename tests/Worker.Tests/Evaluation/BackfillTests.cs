using Microsoft.Extensions.Options;
using Worker.Evaluation;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;
using Evaluator = Worker.Evaluation.Evaluator;

namespace Worker.Tests.Evaluation;

public sealed class BackfillTests
{
    private static readonly BackfillFilter All = new(null, null, null, null, null, DryRun: false);

    private readonly InMemoryStore _store = new();
    private readonly Evaluator _old = Rules.Evaluator(path: "old");
    private readonly Evaluator _new = Rules.Evaluator("count: { of: logs }", "new", "number");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_judged_without_an_Evaluator_is_judged_by_it_in_the_same_revision()
    {
        await JudgeAsync("f", _old);

        var counts = await BackfillAsync(All, _old, _new);
        await using (var host = await TestHost.StartWithAsync(_store, _old, _new))
            await JudgedAsync(host, "f");

        (counts.Runs, counts.Logs, counts.Evaluations["new"]).ShouldBe((1, 1, 1));
        var run = (await ReadAsync("f"))!;
        (run.Revision, run.Due).ShouldBe((1, null));
        _store.StoredVerdicts.Select(verdict => (verdict.Path, verdict.Revision, verdict.Id)).ShouldBe(
            [
                ("old", 1, DerivedIds.EvaluatorLog("f", 1, _old.Id, _old.VersionId)),
                ("new", 1, DerivedIds.EvaluatorLog("f", 1, _new.Id, _new.VersionId)),
            ],
            ignoreOrder: true);
        (await BackfillAsync(All, _old, _new)).Logs.ShouldBe(0, "made again, it changes nothing");
    }

    [Fact]
    public async Task A_dry_run_counts_and_changes_nothing()
    {
        await JudgeAsync("f", _old);
        var before = await ReadAsync("f");

        (await BackfillAsync(All with { DryRun = true }, _old, _new)).Logs.ShouldBe(1);

        (await ReadAsync("f"))!.Version.ShouldBe(before!.Version);
    }

    [Fact]
    public async Task Only_what_the_filter_names_is_judged()
    {
        await JudgeAsync("f", _old);
        var opened = (await ReadAsync("f"))!.OpenedAt;

        (await BackfillAsync(All with { Evaluator = "old" }, _old, _new)).Logs.ShouldBe(0);
        (await BackfillAsync(All with { Path = new("support/**") }, _old, _new)).Logs.ShouldBe(0);
        (await BackfillAsync(All with { Since = opened.AddSeconds(1) }, _old, _new)).Logs.ShouldBe(0);
        (await BackfillAsync(All with { Until = opened }, _old, _new)).Logs.ShouldBe(0);
        (await BackfillAsync(All with { Evaluator = "new", Since = opened }, _old, _new)).Logs.ShouldBe(1);
    }

    [Fact]
    public async Task A_later_Version_judges_beside_the_earlier_one()
    {
        await JudgeAsync("f", _new);
        var changed = Rules.Evaluator("count: { of: tools }", "new", "number");

        await BackfillAsync(All, changed);
        await using (var host = await TestHost.StartWithAsync(_store, changed))
            await JudgedAsync(host, "f");

        _store.StoredVerdicts.Select(verdict => (verdict.EvaluatorVersionId, verdict.Judgment?.ToString())).ShouldBe(
            [(_new.VersionId, "2"), (changed.VersionId, "1")], ignoreOrder: true);
    }

    [Fact]
    public async Task Verdicts_that_were_given_before_anything_was_attached_to_them_are_judged()
    {
        await JudgeAsync("f", _old);
        var judge = Rules.Evaluator(path: "judge", attach: "{ kind: evaluator, path: 'old' }");
        var verdict = _store.StoredVerdicts.ShouldHaveSingleItem();

        (await BackfillAsync(All with { DryRun = true }, _old, judge)).Evaluations["judge"].ShouldBe(1);
        (await ReadAsync(verdict.Id)).ShouldBeNull("a dry run changes nothing");
        (await BackfillAsync(All with { Evaluator = "new" }, _old, judge)).Logs.ShouldBe(0);
        var counts = await BackfillAsync(All, _old, judge);
        await using (var host = await TestHost.StartWithAsync(_store, _old, judge))
            await JudgedAsync(host, verdict.Id);

        (counts.Logs, counts.Evaluations["judge"]).ShouldBe((1, 1));
        _store.StoredVerdicts.Where(each => each.LogId == verdict.Id).ShouldHaveSingleItem().Path.ShouldBe("judge");
        (await BackfillAsync(All, _old, judge)).Logs.ShouldBe(0, "made again, it changes nothing");

        var second = Rules.Evaluator(path: "second", attach: "{ kind: evaluator, path: 'old' }");
        (await BackfillAsync(All, _old, judge, second)).Evaluations["second"].ShouldBe(1);
        await using (var host = await TestHost.StartWithAsync(_store, _old, judge, second))
            await JudgedAsync(host, verdict.Id);
        _store.StoredVerdicts.Where(each => each.LogId == verdict.Id).Select(each => each.Path).ShouldBe(
            ["judge", "second"], ignoreOrder: true);
    }

    private Task<BackfillCounts> BackfillAsync(BackfillFilter filter, params Evaluator[] evaluators)
    {
        var catalog = new EvaluatorCatalog(evaluators);
        var versions = new EvaluatorVersions(catalog, _store, Rules.Reader);
        var counts = new BackfillCounts();
        return RunAsync();

        async Task<BackfillCounts> RunAsync()
        {
            await new Backfill(
                _store,
                _store,
                _store,
                new JudgedTraces(_store, _store),
                new VerdictRuns(
                    _store,
                    catalog,
                    new LocalDueTimes(TimeProvider.System),
                    new(new(TimeSpan.Zero, null, null), default, TimeSpan.FromMinutes(5)),
                    Options.Create(new EvaluationOptions()),
                    TimeProvider.System),
                catalog,
                versions,
                new StoredAttachments(_store, _store, catalog, versions),
                TimeProvider.System).RunAsync(filter, counts, () => { }, Token);
            return counts;
        }
    }

    private async Task JudgeAsync(string flow, params Evaluator[] evaluators)
    {
        await using var host = await TestHost.StartWithAsync(_store, evaluators);
        await _store.WriteAsync([Some.FlowLog(flow, complete: true), Some.Log(flow + "-tool", flow)], Token);
        await ((IRunStore)_store).WakeAsync(
            [new Wake(flow, true)], new(TimeSpan.Zero, null, null), TimeProvider.System.GetUtcNow(), Token);
        await JudgedAsync(host, flow);
    }

    private Task<Run?> ReadAsync(string flow) => ((IRunStore)_store).ReadAsync(flow, Token);

    private async Task JudgedAsync(TestHost host, string flow)
    {
        while ((await ReadAsync(flow))?.State != RunState.Judged)
            await host.ConsumedAsync<object>(Token);
    }
}
