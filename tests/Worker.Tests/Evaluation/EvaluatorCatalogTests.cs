using Worker.Evaluation;
using Worker.Runs;
using Worker.Traces;
using Evaluator = Worker.Evaluation.Evaluator;

namespace Worker.Tests.Evaluation;

public sealed class EvaluatorCatalogTests
{
    private readonly EvaluatorCatalog _catalog = new(
    [
        Rules.Evaluator(path: "flows", attach: "{ kind: flow, path: '**' }"),
        Rules.Evaluator(
            path: "support", attach: "{ kind: flow, path: 'support/*' }, { kind: tool, path: 'support/*' }"),
        Rules.Evaluator(path: "one-file", attach: "{ id: fl_1 }"),
    ]);

    [Fact]
    public void Logs_are_judged_by_what_covers_their_kind_and_path()
    {
        Attached(LogOf(LogKind.Flow, "support/a")).ShouldBe(["flows", "support"]);
        Attached(LogOf(LogKind.Flow, "support/a/b")).ShouldBe(["flows"]);
        Attached(LogOf(LogKind.Tool, "support/a")).ShouldBe(["support"]);
        Attached(LogOf(LogKind.Prompt, "support/a")).ShouldBeEmpty();
        Attached(Some.FlowLog()).ShouldBe(["flows"]);
        _catalog.Attaches(LogOf(LogKind.Tool, "support/a")).ShouldBeTrue();
        _catalog.Attaches(LogOf(LogKind.Tool, "sales/a")).ShouldBeFalse();
    }

    [Fact]
    public void One_file_is_found_by_its_id_however_the_log_named_it()
    {
        Attached(Some.FlowLog() with { Resolution = new Resolution("fl_1", null, VersionSource.Empty, null) }).ShouldBe(
            ["flows", "one-file"]);
        Attached(Some.FlowLog(fields: [(LogFields.FileId, "\"fl_1\"")]) with { Resolution = null }).ShouldBe(
            ["flows", "one-file"]);
    }

    [Fact]
    public void A_kind_that_nothing_may_be_attached_to_need_not_be_looked_at()
    {
        var catalog = new EvaluatorCatalog(
            [Rules.Evaluator(attach: "{ kind: flow, path: '**' }, { kind: prompt, path: 'a' }")]);

        Enum.GetValues<LogKind>().Where(catalog.MayAttach).ShouldBe([LogKind.Flow, LogKind.Prompt], ignoreOrder: true);
        Enum.GetValues<LogKind>().Where(_catalog.MayAttach).ShouldBe(
            Enum.GetValues<LogKind>(), "a File may be of any kind");
    }

    [Fact]
    public void Verdicts_are_judged_by_what_covers_their_evaluator_but_never_by_that_itself()
    {
        var own = Rules.Evaluator(path: "checks/one", attach: "{ kind: evaluator, path: '**' }");
        var catalog = new EvaluatorCatalog(
        [
            own,
            Rules.Evaluator(path: "by-id", attach: $"{{ id: {own.Id} }}"),
            Rules.Evaluator(path: "flows", attach: "{ kind: flow, path: '**' }"),
        ]);
        IEnumerable<string> On(Evaluator evaluator) => catalog.AttachedTo(VerdictLog.Of(new()
        {
            Id = "v",
            LogId = "f",
            Revision = 1,
            EvaluatorId = evaluator.Id,
            EvaluatorVersionId = evaluator.VersionId,
            Path = evaluator.Path,
            StartTime = Some.Time,
            EndTime = Some.Time,
        })).Select(each => each.Path);

        On(own).ShouldBe(["by-id"]);
        On(Rules.Evaluator(path: "other")).ShouldBe(["checks/one"]);
    }

    [Fact]
    public void One_version_or_environment_of_a_file_can_be_meant()
    {
        var catalog = new EvaluatorCatalog(
        [
            Rules.Evaluator(path: "version", attach: "{ kind: flow, path: '**', version: flv_1 }"),
            Rules.Evaluator(path: "live", attach: "{ id: fl_1, environment: live }"),
            Rules.Evaluator(path: "both", attach: "{ kind: flow, path: '**', version: flv_1, environment: live }"),
        ]);
        IEnumerable<string> On(string version, params (Field, string)[] fields) => catalog.AttachedTo(
            Some.FlowLog(fields: fields) with { Resolution = new("fl_1", version, VersionSource.Inline, null) })
            .Select(evaluator => evaluator.Path);

        On("flv_1").ShouldBe(["version"]);
        On("flv_2").ShouldBeEmpty();
        On("flv_2", (LogFields.VersionEnvironment, "\"live\"")).ShouldBe(["live"]);
        On("flv_1", (LogFields.Environment, "\"live\"")).ShouldBe(["both", "live", "version"]);
        On("flv_1", (LogFields.Environment, "\"test\"")).ShouldBe(["version"]);
    }

    private static Log LogOf(LogKind kind, string path) =>
        Some.Log(kind: kind, fields: [(LogFields.Path, $"\"{path}\"")]);

    private IEnumerable<string> Attached(Log log) => _catalog.AttachedTo(log).Select(evaluator => evaluator.Path);
}
