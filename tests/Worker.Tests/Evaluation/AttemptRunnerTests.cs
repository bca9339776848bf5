using Microsoft.Extensions.Time.Testing;
using Worker.Evaluation;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;
using Evaluator = Worker.Evaluation.Evaluator;

namespace Worker.Tests.Evaluation;

public sealed class AttemptRunnerTests
{
    private readonly InMemoryStore _store = new();
    private readonly FakeTimeProvider _time = new(Some.Time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_evaluator_that_throws_fails_alone()
    {
        var broken = Rules.Evaluator(path: "broken").With(() => throw new InvalidOperationException("It broke."));
        await BeginAsync(broken, Rules.Evaluator(path: "good"));

        (await RunAsync(new EvaluatorCatalog([broken, Rules.Evaluator(path: "good")]))).ShouldBeTrue();

        Verdicts().ShouldBe(
            [("broken", null, "InvalidOperationException: It broke."), ("good", "true", null)], ignoreOrder: true);
    }

    [Fact]
    public async Task Memory_that_the_machine_lacks_is_no_verdict()
    {
        var greedy = Rules.Evaluator(path: "greedy").With(() => throw new InsufficientMemoryException());
        await BeginAsync(greedy);

        await Should.ThrowAsync<InsufficientMemoryException>(() => RunAsync(new EvaluatorCatalog([greedy])));

        Verdicts().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_judgment_that_is_not_accepted_is_a_failure()
    {
        var limited = Rules.Evaluator("count: { of: logs }", "limited", "number");
        limited = limited with { Judging = limited.Judging with { Returns = limited.Judging.Returns with { Max = 0 } } };
        await BeginAsync(limited);

        await RunAsync(new EvaluatorCatalog([limited]));

        Verdicts().ShouldBe([("limited", null, "The judgment 1 is above the greatest accepted number, 0.")]);
    }

    [Fact]
    public async Task An_abstention_is_a_verdict_without_judgment_or_error()
    {
        var abstains = Rules.Evaluator(
            "ratio: { of: tools, where: { field: error, exists: true } }", "abstains", "number");
        await BeginAsync(abstains);

        await RunAsync(new EvaluatorCatalog([abstains]));

        Verdicts().ShouldBe([("abstains", null, null)]);
    }

    [Fact]
    public async Task A_version_that_was_pinned_before_its_file_changed_still_runs()
    {
        var before = Rules.Evaluator("any: { of: tools }", "changing");
        var after = Rules.Evaluator("any: { of: head }", "changing");
        await BeginAsync(before);
        await new EvaluatorVersions(new EvaluatorCatalog([before]), _store, Rules.Reader).StoreAsync(Token);

        await RunAsync(new EvaluatorCatalog([after]));

        Verdicts().ShouldBe([("changing", "false", null)]);
        _store.StoredVerdicts.Single().EvaluatorVersionId.ShouldBe(before.VersionId);
        _store.StoredVerdicts.Single().Id.ShouldBe(DerivedIds.EvaluatorLog("f", 1, before.Id, before.VersionId));
    }

    [Fact]
    public async Task A_version_that_nobody_knows_is_a_failure()
    {
        var forgotten = Rules.Evaluator(path: "forgotten");
        await BeginAsync(forgotten);

        await RunAsync(new EvaluatorCatalog([]));

        Verdicts().Single().Error!.ShouldStartWith(
            $"Version {forgotten.VersionId} of this Evaluator is neither in the files nor stored");
    }

    [Fact]
    public async Task An_attempt_whose_content_has_changed_is_dropped()
    {
        var evaluator = Rules.Evaluator();
        await BeginAsync(evaluator);
        await _store.WriteAsync([Some.Log("late", "f")], Token);

        (await RunAsync(new EvaluatorCatalog([evaluator]))).ShouldBeFalse();

        _store.StoredVerdicts.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_attempt_at_another_revision_is_dropped()
    {
        var evaluator = Rules.Evaluator();
        await BeginAsync(evaluator);

        (await RunAsync(new EvaluatorCatalog([evaluator]), revision: 2)).ShouldBeFalse();
    }

    private async Task BeginAsync(params Evaluator[] evaluators)
    {
        await _store.WriteAsync([Some.FlowLog("f", complete: true)], Token);
        await ((IRunStore)_store).WakeAsync([new Wake("f", true)], Some.Timers, Some.Time, Token);
        var run = (await ((IRunStore)_store).ReadAsync("f", Token))!;
        var content = await ((ITraceStore)_store).ContentAsync("f", evaluators);
        var change = EvaluationProgress.WhenDue(
            run, content, [], new(Some.Timers, LatePolicy.Rejudge, TimeSpan.FromSeconds(30)), Some.At(500));
        await ((IRunStore)_store).SaveAsync(change.Run, change.Decisions, Token);
    }

    /// <summary>An attempt at each Evaluator of the run; true where all came to a verdict.</summary>
    private async Task<bool> RunAsync(EvaluatorCatalog catalog, int revision = 1)
    {
        var versions = new EvaluatorVersions(catalog, _store, Rules.Reader);
        var run = (await ((IRunStore)_store).ReadAsync("f", Token))!;
        var done = true;
        foreach (var pin in run.Pins)
        {
            done &= await Runners.Of(_store, _time).RunAsync(
                new Attempt("f", revision, pin.EvaluatorId, pin.EvaluatorVersionId),
                await versions.FindAsync(pin, Token),
                calls: null,
                Token);
        }

        return done;
    }

    private IEnumerable<(string Path, string? Judgment, string? Error)> Verdicts() =>
        _store.StoredVerdicts.Select(verdict => (verdict.Path, verdict.Judgment?.ToString(), verdict.Error));
}
