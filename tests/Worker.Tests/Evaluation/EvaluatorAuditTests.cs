using Worker.Evaluation;

namespace Worker.Tests.Evaluation;

public sealed class EvaluatorAuditTests
{
    private readonly InMemoryStore _store = new();
    private readonly EvaluatorAudit _audit;

    public EvaluatorAuditTests() => _audit = new(Trails.Of(_store, TimeProvider.System), _store);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_new_at_a_start_is_written_down_once()
    {
        await StoreAsync(Rules.Evaluator(path: "one"), Rules.Evaluator(path: "two"));
        await StoreAsync(Rules.Evaluator(path: "one"), Rules.Evaluator(path: "two"));
        Written().ShouldBe(["EvaluatorAdded one, two"]);

        await StoreAsync(Rules.Evaluator(path: "one"), Rules.Evaluator("count: { of: logs }", "two", "number"));
        Written().ShouldBe(["EvaluatorAdded one, two", "EvaluatorChanged two"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_different_in_the_files_while_a_worker_runs_is_written_down()
    {
        await _audit.NoteAsync(
            [
                Rules.Evaluator(path: "gone"), Rules.Evaluator(path: "same"), Rules.Evaluator(path: "judges"),
                Rules.Evaluator(path: "attached"), Rules.Evaluator(path: "sampled"),
            ],
            [
                Rules.Evaluator(path: "same"), Rules.Evaluator("count: { of: logs }", "judges", "number"),
                Rules.Evaluator(path: "attached", attach: "{ kind: tool, path: '**' }"),
                Rules.Evaluator(path: "sampled") with { Sampling = new(0.5) }, Rules.Evaluator(path: "new"),
            ]);

        Written().ShouldBe(
            ["EvaluatorAdded new", "EvaluatorChanged judges, attached, sampled", "EvaluatorRemoved gone"], ignoreOrder: true);
    }

    private Task StoreAsync(params Worker.Evaluation.Evaluator[] evaluators) =>
        new EvaluatorVersions(new EvaluatorCatalog(evaluators), _store, Rules.Reader, audit: _audit).StoreAsync(Token);

    private IEnumerable<string> Written() => _store.StoredAudit.Select(entry => $"{entry.Act} {entry.Note}");
}
