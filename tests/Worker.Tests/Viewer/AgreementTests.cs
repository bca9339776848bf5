using System.Net;
using System.Text.Json.Nodes;
using Worker.Assessment;
using Worker.Evaluation;
using Worker.Runs;
using Worker.Storage;
using Worker.Testing.Processes;
using Worker.Tests.Front;
using Worker.Traces;

namespace Worker.Tests.Viewer;

/// <summary>What an Evaluator said in a time, beside what people say of the same Logs.</summary>
public sealed class AgreementTests : IDisposable
{
    private const string Day = "since=2026-01-02T00:00:00Z&until=2026-01-03T00:00:00Z";

    private const string Human = "path: feedback/ok\nkind: human\nreturn_type: boolean\nattach: [{ kind: flow, path: '**' }]";

    private static readonly DateTimeOffset Midnight = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Categories_are_told_in_the_shape_of_the_command_with_the_logs_on_which_they_differ()
    {
        await using var world = await StartAsync(Judge("boolean"), Human);
        for (var i = 0; i < 24; i++)
        {
            await JudgedAsync(world, $"f{i:00}", i % 2 == 0 ? "true" : "false");
            await SaidAsync(world, $"f{i:00}", i is 3 or 4 or 9 ? (i % 2 == 1 ? "true" : "false") : i % 2 == 0 ? "true" : "false");
        }

        await SaidAsync(world, "f00", "true", user: "ben");
        await JudgedAsync(world, "by nobody else", "true");
        await JudgedAsync(world, "the day before", "true", hour: -1);
        await SaidAsync(world, "the day before", "false");
        await SaidAsync(world, "not judged", "false");

        var answer = await JsonAsync(world, "checks/it");

        (Text(answer, "evaluator"), Text(answer, "returns"), Number(answer, "looked_at"), Number(answer, "judged_by_people")).ShouldBe(("checks/it", "boolean", 25, 24));
        (Number(answer, "verdicts"), Number(answer, "by_several"), Number(answer, "by_several_alike")).ShouldBe((24, 1, 1));
        (Flag(answer, "stale"), Flag(answer, "by_people"), Flag(answer, "is_cut")).ShouldBe((false, false, false));
        var comparison = answer["comparison"]!;
        (Number(comparison, "pairs"), Number(comparison, "agreement"), Number(comparison, "differing")).ShouldBe((24, 0.875, 3));
        Number(comparison, "kappa").ShouldBe(0.75, 0.01);
        comparison["matrix"]!.AsArray().Select(cell => (Text(cell!, "evaluator"), Text(cell!, "people"), Number(cell!, "count")))
            .ShouldBe([("false", "false", 10), ("false", "true", 2), ("true", "false", 1), ("true", "true", 11)]);
        comparison["differences"]!.AsArray().Select(each => (Text(each!, "log_id"), Text(each!, "evaluator"), Text(each!, "people")))
            .ShouldBe([("f03", "false", "true"), ("f04", "true", "false"), ("f09", "false", "true")]);
    }

    [Fact]
    public async Task Numbers_have_means_and_a_correlation()
    {
        await using var world = await StartAsync(Judge("number"), Human);
        for (var i = 0; i < 20; i++)
        {
            await JudgedAsync(world, $"f{i:00}", $"{i}");
            await SaidAsync(world, $"f{i:00}", $"{i + 1}");
        }

        var comparison = (await JsonAsync(world, "checks/it"))["comparison"]!;

        (Number(comparison, "pairs"), Number(comparison, "mean_absolute_difference"), Number(comparison, "differing")).ShouldBe((20, 1, 20));
        (Number(comparison["means"]!, "evaluator"), Number(comparison["means"]!, "people")).ShouldBe((9.5, 10.5));
        Number(comparison, "correlation").ShouldBe(1, 0.001);
    }

    [Fact]
    public async Task Where_nobody_judged_there_is_no_comparison_and_text_is_said_to_be_text()
    {
        await using var world = await StartAsync(Judge("text"), Human);
        await JudgedAsync(world, "f", "\"so\"");
        var nobody = await JsonAsync(world, "checks/it");
        await SaidAsync(world, "f", "\"so\"");
        var text = await JsonAsync(world, "checks/it");

        (Number(nobody, "looked_at"), Number(nobody, "judged_by_people"), Text(nobody, "returns")).ShouldBe((1, 0, "text"));
        nobody.AsObject().ContainsKey("comparison").ShouldBeFalse();
        (Number(text, "judged_by_people"), Number(text["comparison"]!, "pairs"), Text(text, "returns")).ShouldBe((1, 0, "text"));
    }

    [Fact]
    public async Task What_is_left_out_is_counted_and_another_version_is_stale()
    {
        await using var world = await StartAsync(Judge("boolean"), Human);
        await JudgedAsync(world, "abstains", null, version: "evv_old");
        await JudgedAsync(world, "odd", "true", version: "evv_old");
        await JudgedAsync(world, "again", "true", version: "evv_old");
        await JudgedAsync(world, "again", "true", version: "evv_old", hour: 30, revision: 2);
        foreach (var id in new[] { "abstains", "again" })
            await SaidAsync(world, id, "true");
        await SaidAsync(world, "odd", "\"perhaps\"");

        var answer = await JsonAsync(world, "checks/it");

        (Flag(answer, "stale"), Text(answer, "version_id"), Text(answer, "current_version_id")).ShouldBe((true, "evv_old", Evaluator(world, "checks/it").VersionId));
        (Number(answer, "abstained"), Number(answer, "not_comparable"), Number(answer, "without_verdict")).ShouldBe((1, 1, 1));
    }

    [Fact]
    public async Task It_is_asked_for_by_id_too_and_who_is_peoples_own_is_told()
    {
        await using var world = await StartAsync(Judge("boolean"), Human);
        await JudgedAsync(world, "f", "true");
        await SaidAsync(world, "f", "true");
        await SaidAsync(world, "f", "true", path: "feedback/by-message", spec: """{"evaluator_type":"human","return_type":"boolean"}""");
        await ((IFileStore)world.Store).AddAsync([new("ev-imported", LogKind.Evaluator, "old/judge"), new("fl-1", LogKind.Flow, "flow")], [], Token);

        Text(await JsonAsync(world, Evaluator(world, "checks/it").Id), "evaluator").ShouldBe("checks/it");
        Text(await JsonAsync(world, "ev-imported"), "evaluator").ShouldBe("old/judge");
        Flag(await JsonAsync(world, "feedback/ok"), "by_people").ShouldBeTrue();
        Flag(await JsonAsync(world, "feedback/by-message"), "by_people").ShouldBeTrue();
        foreach (var unknown in new[] { "nobody", "fl-1" })
        {
            using var response = await world.Browser.GetAsync(Address(unknown), Token);
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await response.Content.ReadAsStringAsync(Token)).ShouldContain($"No Evaluator {unknown} is in the files or in the store");
        }

        var listed = JsonNode.Parse(await world.Browser.GetStringAsync($"/ui/api/verdicts?{Day}", Token))!["evaluators"]!.AsArray();
        listed.Where(each => Flag(each!, "is_human")).ShouldHaveSingleItem().ShouldNotBeNull();
    }

    [Fact]
    public async Task What_is_asked_amiss_is_refused()
    {
        await using var world = await StartAsync(Judge("boolean"));

        foreach (var (query, status) in new[] { ($"?{Day}", 422), ($"?evaluator=checks/it&since=soon", 400) })
        {
            using var response = await world.Browser.GetAsync("/ui/api/verdicts/agreement" + query, Token);
            ((int)response.StatusCode).ShouldBe(status);
        }
    }

    [Theory]
    [InlineData("Read", null, 200)]
    [InlineData("Read", "checks", 403)]
    [InlineData("Admin", null, 200)]
    [InlineData("Review", null, 403)]
    public async Task It_is_for_whoever_may_see_all_files(string roles, string? path, int status)
    {
        await using var world = await StartAsync(Judge("boolean"), Human);
        world.Browser.DefaultRequestHeaders.Add("X-API-KEY", await world.KeyAsync(Enum.Parse<KeyRoles>(roles), path));

        using var response = await world.Browser.GetAsync(Address("checks/it"), Token);

        ((int)response.StatusCode).ShouldBe(status);
    }

    [Theory]
    [InlineData(3, 100, 2, true)]
    [InlineData(100, 2, 2, true)]
    [InlineData(100, 3, 3, false)]
    public async Task The_latest_are_looked_at_and_read_up_to_a_bound_that_is_told(int mostVerdicts, int mostLogs, int people, bool isCut)
    {
        await using var world = await StartAsync(Judge("boolean"), Human);
        for (var i = 0; i < 5; i++)
        {
            await JudgedAsync(world, $"f{i}", "true", hour: i);
            if (i is not 2 and not 0)
                await SaidAsync(world, $"f{i}", "false");
        }

        using var report = new AgreementReport(world.Service<AgreementReader>(), world.Store, world.Store, world.Store)
        {
            MostVerdicts = mostVerdicts, MostLogs = mostLogs,
        };
        var found = (await report.ReadAsync("checks/it", new(Midnight, Midnight.AddDays(1)), Token)).ShouldNotBeNull();

        string[] judged = ["f1", "f3", "f4"];
        (found.Agreement.JudgedByPeople, found.IsCut).ShouldBe((people, isCut));
        found.Agreement.Judged!.Comparison.Differences.Select(each => each.LogId).ShouldBe(judged[^people..]);
    }

    /// <summary>None of these is run here; who judges in the process has a Version that the files hold.</summary>
    private static string Judge(string returns) =>
        $"path: checks/it\nreturn_type: {returns}\nattach: [{{ kind: flow, path: '**' }}]\n" + returns switch
        {
            "boolean" => "kind: rules\nrule: { any: { of: head } }",
            "number" => "kind: rules\nrule: { count: { of: descendants } }",
            _ => "kind: external",
        };

    private async Task<FrontWorld> StartAsync(params string[] evaluators)
    {
        foreach (var (at, yaml) in evaluators.Index())
            await File.WriteAllTextAsync(Path.Combine(_folder.Path, $"{at}.yaml"), yaml, Token);
        var world = await FrontWorld.StartWithViewerAsync(("Evaluation:Evaluators", _folder.Path));
        await world.Service<EvaluatorVersions>().StoreAsync(Token);
        return world;
    }

    private static Worker.Evaluation.Evaluator Evaluator(FrontWorld world, string path) =>
        world.Service<EvaluatorCatalog>().All.Single(each => each.Path == path);

    private static async Task JudgedAsync(
        FrontWorld world, string logId, string? judgment, double hour = 1, string? version = null, int revision = 1)
    {
        var judge = Evaluator(world, "checks/it");
        await world.Store.WakeAsync([new Wake(logId, Complete: true)], Some.Timers, Some.Time, Token);
        var run = (await ((IRunStore)world.Store).ReadAsync(logId, Token))!;
        (await world.Store.SaveAsync(run with { Revision = revision, State = RunState.Judged, Due = null }, [], Token)).ShouldBeTrue();
        await world.Store.AddAsync(
            [
                Some.EvaluatorLog(logId, revision, judge.Id, judgment) with
                {
                    EvaluatorVersionId = version ?? judge.VersionId,
                    Path = judge.Path,
                    Spec = judge.Spec,
                    Details = null,
                    StartTime = Midnight.AddHours(hour),
                    EndTime = Midnight.AddHours(hour),
                },
            ],
            Token);
    }

    private static async Task SaidAsync(
        FrontWorld world, string logId, string judgment, string user = "ann", string path = "feedback/ok", string? spec = null)
    {
        var body = new JsonObject
        {
            ["log_id"] = $"{path} of {logId} by {user}", ["parent_id"] = logId, ["path"] = path, ["user"] = user, ["judgment"] = JsonNode.Parse(judgment),
            ["created_at"] = Midnight.AddHours(2).ToString("O"),
        };
        if (spec is not null)
            body["spec"] = JsonNode.Parse(spec);
        var ingestion = new TestIngestion(StoreUnderTest.Of(world.Store), TimeProvider.System);
        await ingestion.SendAsync(("evaluator.logged", body.ToJsonString()));
        ingestion.DeadLetters.ShouldBeEmpty();
    }

    private static string Address(string evaluator) => $"/ui/api/verdicts/agreement?evaluator={Uri.EscapeDataString(evaluator)}&{Day}";

    private static async Task<JsonNode> JsonAsync(FrontWorld world, string evaluator) =>
        JsonNode.Parse(await world.Browser.GetStringAsync(Address(evaluator), Token))!;

    private static double Number(JsonNode json, string name) => json[name]!.GetValue<double>();

    private static bool Flag(JsonNode json, string name) => json[name]!.GetValue<bool>();

    private static string? Text(JsonNode json, string name) => (string?)json[name];
}
