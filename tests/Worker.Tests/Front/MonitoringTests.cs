using System.Net;
using System.Text.Json.Nodes;
using Worker.Files;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Front;

/// <summary>Evaluators are attached to Files by HTTP, and taken from them.</summary>
public sealed class MonitoringTests
{
    private const string File = "tl_1";

    private const string Rules = """{"kind":"rules","return_type":"boolean"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_evaluator_is_attached_by_version_or_by_environment_and_taken_away_again()
    {
        await using var world = await StartAsync();

        var (status, attached) = await world.PostAsync($"/v5/tools/{File}/evaluators", """{"activate":[{"evaluator_version_id":"evv_1"},{"evaluator_id":"ev_2","environment_id":"production"}]}""");

        status.ShouldBe(HttpStatusCode.OK, attached?.ToJsonString());
        string[] both = ["version ev_1 evv_1 active", "environment ev_2 evv_2 active"];
        Evaluators(attached).ShouldBe(both);
        await world.DrainAsync();
        Evaluators((await world.GetAsync($"/v5/tools/{File}")).Json).ShouldBe(both);

        var (_, taken) = await world.PostAsync($"/v5/tools/{File}/evaluators", """{"deactivate":[{"evaluator_version_id":"evv_1"}],"activate":null}""");
        string[] one = ["version ev_1 evv_1 inactive", "environment ev_2 evv_2 active"];
        Evaluators(taken).ShouldBe(one);
        await world.DrainAsync();
        Evaluators((await world.GetAsync($"/v5/tools/{File}")).Json).ShouldBe(one);
        (await ((IMonitoringStore)world.Store).ReadAsync(null, Token)).Count.ShouldBe(2);
        world.Store.StoredAudit.SelectMany(entry => entry.Counts).Select(count => $"{count.Key} {count.Value}").ShouldBe(
            ["attached 2", "detached 1"], ignoreOrder: true);
        world.Store.StoredAudit.ShouldAllBe(entry =>
            entry.Act == AuditAct.EvaluatorsAttached && entry.Outcome == AuditOutcome.Done && entry.Subjects[0] == File);
    }

    [Theory]
    [InlineData("/v5/tools/nothing/evaluators", """{"activate":[{"evaluator_version_id":"evv_1"}]}""", 404)]
    [InlineData("/v5/flows/tl_1/evaluators", """{"activate":[{"evaluator_version_id":"evv_1"}]}""", 404)]
    [InlineData("/v5/tools/tl_1/evaluators", """{"activate":[{"evaluator_version_id":"nothing"}]}""", 404)]
    [InlineData("/v5/tools/tl_1/evaluators", """{"activate":[{"evaluator_version_id":"tlv_1"}]}""", 404)]
    [InlineData("/v5/tools/tl_1/evaluators", """{"activate":[{"evaluator_version_id":"evv_h"}]}""", 409)]
    [InlineData("/v5/tools/tl_1/evaluators", """{"activate":[{"evaluator_id":"ev_2"}]}""", 422)]
    [InlineData("/v5/tools/tl_1/evaluators", """{"activate":["evv_1"]}""", 422)]
    [InlineData("/v5/tools/tl_1/evaluators", """{"deactivate":{}}""", 422)]
    [InlineData("/v5/tools/tl_1/evaluators", "{}", 422)]
    [InlineData("/v5/tools/tl_1/evaluators", "[", 422)]
    public async Task What_cannot_be_attached_is_refused_and_not_taken(string path, string body, int expected)
    {
        await using var world = await StartAsync();

        var (status, answer) = await world.PostAsync(path, body);

        ((int)status).ShouldBe(expected, answer?.ToJsonString());
        world.Intake.Taken.ShouldBeEmpty();
        world.Store.StoredAudit.ShouldBeEmpty();
    }

    /// <summary>A Tool; Evaluators of the worker's own files as it stores them at its start; one that people judge.</summary>
    private static async Task<FrontWorld> StartAsync()
    {
        var world = await FrontWorld.StartAsync();
        await ((IFileStore)world.Store).AddAsync(
            [new(File, LogKind.Tool, "p"), Evaluator("ev_1"), Evaluator("ev_2"), Evaluator("ev_h")],
            [
                new("tlv_1", File, Some.Json("{}")),
                new("evv_1", "ev_1", Some.Json(Rules)),
                new("evv_2", "ev_2", Some.Json(Rules)),
                new("evv_h", "ev_h", Some.Json("""{"evaluator_type":"human"}""")),
            ],
            Token);
        return world;

        static LoggedFile Evaluator(string id) => new(id, LogKind.Evaluator, "checks/" + id);
    }

    private static IEnumerable<string> Evaluators(JsonNode? file) => file!["evaluators"]!.AsArray().Select(each =>
    {
        var reference = each!["version_reference"]!;
        return $"{reference["type"]} {(reference["version"] ?? reference["file"])!["id"]} {each["version"]!["version_id"]} {each["state"]}";
    });
}
