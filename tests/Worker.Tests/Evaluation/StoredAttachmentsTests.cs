using Worker.Evaluation;
using Worker.Files;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Evaluation;

/// <summary>Who judges, by the files and by what was attached since.</summary>
public sealed class StoredAttachmentsTests
{
    private static readonly Evaluator Flows = Rules.Evaluator(path: "flows");
    private static readonly Evaluator Spare = Rules.Evaluator(path: "spare", attach: "{ kind: prompt, path: nothing }");
    private static readonly Evaluator Earlier = Rules.Evaluator("count: { of: logs }", "spare", "number", attach: "{ kind: prompt, path: nothing }");

    private readonly InMemoryStore _store = new();
    private readonly EvaluatorCatalog _catalog = new([Flows, Spare]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_evaluator_judges_the_logs_of_a_file_from_when_it_is_attached_until_it_is_taken_away()
    {
        var tool = Of(LogKind.Tool, "tl_1");
        _catalog.MayAttach(LogKind.Tool).ShouldBeFalse();

        await SaveAsync(new("tl_1", Spare.Id, Spare.VersionId, null, IsActive: true) { OccurredAt = 1 });
        _catalog.AttachedTo(tool).ShouldBe([Spare]);
        _catalog.Attaches(tool).ShouldBeTrue();
        _catalog.MayAttach(LogKind.Tool).ShouldBeTrue();
        _catalog.AttachedTo(Of(LogKind.Tool, "tl_2")).ShouldBeEmpty();

        await SaveAsync(new("tl_1", Spare.Id, Spare.VersionId, null, IsActive: false) { OccurredAt = 2 });
        _catalog.AttachedTo(tool).ShouldBeEmpty();
        _catalog.MayAttach(LogKind.Tool).ShouldBeFalse();
    }

    [Fact]
    public async Task It_judges_beside_those_of_the_files_and_once_where_it_is_one_of_them()
    {
        await SaveAsync(new("fl_1", Spare.Id, Spare.VersionId, null, IsActive: true));
        await SaveAsync(new("fl_1", Flows.Id, Flows.VersionId, null, IsActive: true));

        _catalog.AttachedTo(Of(LogKind.Flow, "fl_1")).ShouldBe([Flows, Spare]);
        _catalog.AttachedTo(Of(LogKind.Flow, "fl_2")).ShouldBe([Flows]);
    }

    [Fact]
    public async Task An_environment_stands_for_what_is_deployed_there_and_the_default_one_else_for_what_the_files_hold()
    {
        await new EvaluatorVersions(new EvaluatorCatalog([Earlier]), _store, Rules.Reader).StoreAsync(Token);
        var tool = Of(LogKind.Tool, "tl_1");
        await SaveAsync(new("tl_1", Spare.Id, null, "staging", IsActive: true) { OccurredAt = 1 });
        _catalog.AttachedTo(tool).ShouldBeEmpty();

        await ((IFileStore)_store).DeployAsync(new(Spare.Id, "staging", Earlier.VersionId), Token);
        await RefreshAsync();
        _catalog.AttachedTo(tool).ShouldHaveSingleItem().VersionId.ShouldBe(Earlier.VersionId);

        await SaveAsync(new("tl_1", Spare.Id, null, "production", IsActive: true) { OccurredAt = 2 });
        _catalog.AttachedTo(tool).ShouldBe([Spare]);
    }

    [Fact]
    public async Task What_nobody_here_can_run_judges_nothing()
    {
        await SaveAsync(new("tl_1", "ev_x", "evv_x", null, IsActive: true));

        _catalog.AttachedTo(Of(LogKind.Tool, "tl_1")).ShouldBeEmpty();
    }

    private static Log Of(LogKind kind, string file) =>
        Some.Log(kind: kind) with { Resolution = new(file, "v", VersionSource.Inline, null) };

    private async Task SaveAsync(Monitoring monitoring)
    {
        await ((IMonitoringStore)_store).SaveAsync(monitoring, Token);
        await RefreshAsync();
    }

    private Task<IReadOnlyCollection<(string FileId, Pin Pin)>> RefreshAsync() =>
        new StoredAttachments(_store, _store, _catalog, new EvaluatorVersions(_catalog, _store, Rules.Reader)).RefreshAsync(Token);
}
