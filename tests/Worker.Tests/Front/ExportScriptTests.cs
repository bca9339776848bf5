using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Worker.Storage;
using Worker.Testing.Transfer;
using Worker.Tests.Evaluation;

namespace Worker.Tests.Front;

/// <summary>Nobody is locked in: the service's own export script is answered, and what it writes is imported again.</summary>
public sealed class ExportScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_the_services_export_script_writes_is_what_is_stored()
    {
        await using var world = await FilledAsync();

        await new ExportScript(world, _folder.Path).RunAsync();

        var stored = new TransferWorld(StoreUnderTest.Of(world.Store), new FakeTimeProvider(Some.Time));
        var again = new TransferWorld(StoreUnderTest.Of(new InMemoryStore()), new FakeTimeProvider(Some.Time.AddYears(1)));
        var counts = await again.ImportAsync(_folder.Path);
        again.Faults.ShouldBeEmpty();
        counts.Logs.ShouldBeGreaterThan(150);
        var (before, after) = (await Snapshot.OfAsync(stored, logsSayWhen: false), await Snapshot.OfAsync(again, logsSayWhen: false));
        after.Keys.ShouldBe(before.Keys);
        foreach (var (what, shown) in before)
            (after[what] == shown).ShouldBeTrue($"{what}\nwas {shown}\nis  {after[what]}");
    }

    [Fact]
    public async Task Directories_follow_from_the_paths_of_files()
    {
        await using var world = await FilledAsync();

        var root = (await world.GetAsync("/v5/directories/root")).Json!;
        ((string)root["path"]!).ShouldBe("");
        root["parent_id"].ShouldBeNull();
        Names(root["subdirectories"]!).ShouldBe(["quality", "support"]);
        Names(root["files"]!).ShouldBe(["alone"]);

        var support = (await world.GetAsync($"/v5/directories/{(string)root["subdirectories"]![1]!["id"]!}")).Json!;
        ((string)support["path"]!).ShouldBe("support");
        ((string)support["parent_id"]!).ShouldBe((string)root["id"]!);
        Names(support["parents"]!).ShouldBe([""]);
        Names(support["subdirectories"]!).ShouldBe(["\u00e9t\u00e9"]);
        Names(support["files"]!).ShouldBe(["answer", "find"]);

        var structure = (await world.GetAsync("/v5/directories/structure")).Json!;
        Names(structure["subdirectories"]![1]!["subdirectories"]!).ShouldBe(["\u00e9t\u00e9"]);
    }

    [Theory]
    [InlineData("dir_")]
    [InlineData("dir_!")]
    [InlineData("dir_bm93aGVyZQ")]
    [InlineData("dir_root0")]
    [InlineData("elsewhere")]
    public async Task What_is_no_directory_is_not_found(string id)
    {
        await using var world = await FrontWorld.StartAsync();

        (await world.GetAsync($"/v5/directories/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Who_may_see_some_files_sees_their_directories_and_no_other()
    {
        await using var world = await FrontWorld.StartAsync();
        var confined = await world.KeyAsync(KeyRoles.Read, "quality");
        world.Client.DefaultRequestHeaders.Add("X-API-KEY", await world.KeyAsync(KeyRoles.Admin));
        await FillAsync(world);
        world.Client.DefaultRequestHeaders.Remove("X-API-KEY");
        world.Client.DefaultRequestHeaders.Add("X-API-KEY", confined);

        var root = (await world.GetAsync("/v5/directories/root")).Json!;

        Names(root["subdirectories"]!).ShouldBe(["quality"]);
        root["files"]!.AsArray().ShouldBeEmpty();
        (await world.GetAsync("/v5/directories/dir_c3VwcG9ydA")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/v5/evaluations?file_id=pr_1&page=1&size=100", "records")]
    [InlineData("/v5/evaluations/evr_1/logs?size=100", "records")]
    [InlineData("/v5/evaluations/evr_1/runs", "runs")]
    [InlineData("/v5/datasets/ds_1/versions", "records")]
    [InlineData("/v5/datasets/ds_1/datapoints?version_id=dsv_1&size=1000", "records")]
    public async Task There_are_none_of_what_the_service_had_besides(string path, string list)
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, json) = await world.GetAsync(path);

        status.ShouldBe(HttpStatusCode.OK);
        json![list]!.AsArray().ShouldBeEmpty();
    }

    private static async Task<FrontWorld> FilledAsync()
    {
        var world = await FrontWorld.StartAsync();
        await FillAsync(world);
        return world;
    }

    /// <summary>More than a page of Logs; a trace in it, with verdicts; Versions and what is deployed.</summary>
    private static async Task FillAsync(FrontWorld world)
    {
        await OkAsync(world.PostAsync("/v5/flows/log", """{"log_id":"f1","path":"support/\u00e9t\u00e9/ticket","start_time":"2026-01-01T00:00:01Z","inputs":{"q":1},"output":"o","trace_status":"complete","batch_id":"b","flow":{"attributes":{"v":1}}}"""));
        await OkAsync(world.PostAsync("/v5/prompts/log", """{"log_id":"p1","path":"support/answer","trace_parent_id":"f1","output":"a","prompt_tokens":7,"end_time":"2026-01-01T00:00:05Z","prompt":{"model":"m","template":"Hi {{name}}"}}"""));
        await OkAsync(world.PostAsync("/v5/tools/log", """{"log_id":"t1","path":"support/find","trace_parent_id":"p1","error":"e","tool":{"function":{"name":"find","description":"d"}}}"""));
        await OkAsync(world.PostAsync("/v5/flows/log", """{"log_id":"f2","path":"alone","trace_parent_id":"f1","output":"o","log_status":"complete","save":false}"""));
        await OkAsync(world.PostAsync("/v5/evaluators/log", """{"log_id":"v1","parent_id":"f1","path":"quality/human","judgment":"fine","spec":{"arguments_type":"target_free","return_type":"text","evaluator_type":"human"}}"""));
        await OkAsync(world.PostAsync("/v5/evaluators/log", """{"log_id":"v2","parent_id":"t1","path":"quality/plain","judgment":null,"error":"it failed"}"""));
        for (var number = 0; number < 150; number++)
            await OkAsync(world.PostAsync("/v5/tools/log", $$$"""{"log_id":"n{{{number}}}","path":"support/find","output":"{{{number}}}","created_at":"2026-01-02T00:00:00.{{{number:000}}}Z"}"""));
        var saved = (await world.PostAsync("/v5/prompts", """{"path":"support/answer","model":"m2","template":"Bye {{name}}"}""")).Json!;
        await world.DrainAsync();
        await OkAsync(world.PostAsync($"/v5/prompts/{(string)saved["id"]!}/environments/production?version_id={(string)saved["version_id"]!}", ""));
        await world.DrainAsync();
    }

    private static async Task OkAsync(Task<(HttpStatusCode Status, JsonNode? Json)> answer)
    {
        var (status, json) = await answer;
        status.ShouldBe(HttpStatusCode.OK, json?.ToJsonString());
    }

    private static IEnumerable<string> Names(JsonNode list) => list.AsArray().Select(item => (string)item!["name"]!);
}
