using System.Net;
using Worker.Storage;

namespace Worker.Tests.Front;

/// <summary>What is asked for by HTTP and changes something is written down.</summary>
public sealed class RequestAuditTests
{
    private const string Evaluator = """{"path":"judge","spec":{"evaluator_type":"external","arguments_type":"target_free","return_type":"boolean"}}""";

    [Fact]
    public async Task Deletions_deployments_and_evaluators_are_written_down_and_what_is_logged_is_not()
    {
        await using var world = await FrontWorld.StartAsync();
        await world.PostAsync("/v5/tools/log", """{"path":"t","log_id":"a","output":"o"}""");
        var (_, tool) = await world.PostAsync("/v5/tools", """{"path":"t","function":{"name":"f","description":"d"}}""");
        await world.DrainAsync();
        await world.SendAsync(HttpMethod.Post, $"/v5/tools/{tool!["id"]}/environments/staging?version_id={tool["version_id"]}");
        await world.SendAsync(HttpMethod.Delete, $"/v5/tools/{tool["id"]}/environments/staging");
        (await world.PostAsync("/v5/evaluators", Evaluator)).Status.ShouldBe(HttpStatusCode.OK);
        await world.DrainAsync();
        (await world.PostAsync("/v5/evaluators", Evaluator.Replace("boolean", "number", StringComparison.Ordinal))).Status.ShouldBe(HttpStatusCode.OK);
        (await world.SendAsync(HttpMethod.Delete, "/v5/logs?id=a&id=b")).Status.ShouldBe(HttpStatusCode.NoContent);

        var entries = world.Store.StoredAudit;
        entries.Select(entry => entry.Act).ShouldBe(
            [
                AuditAct.VersionDeployed, AuditAct.VersionUndeployed, AuditAct.EvaluatorAdded,
                AuditAct.EvaluatorChanged, AuditAct.LogsDeleted,
            ],
            ignoreOrder: true);
        entries.ShouldAllBe(entry => entry.Outcome == AuditOutcome.Done && entry.Actor == "anybody on this machine"
            && entry.Origin.StartsWith("http ", StringComparison.Ordinal));
        entries.Single(entry => entry.Act == AuditAct.LogsDeleted).Subjects.ShouldBe(["a", "b"]);
        entries.Single(entry => entry.Act == AuditAct.VersionDeployed).Note.ShouldBe("staging");
    }

    [Fact]
    public async Task Whoever_has_a_key_is_named_by_it()
    {
        await using var world = await FrontWorld.StartAsync();
        var key = await world.KeyAsync(KeyRoles.Admin);

        (await world.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/v5/logs?id=a") { Headers = { { "X-API-KEY", key } } })).Status.ShouldBe(HttpStatusCode.NoContent);

        var entry = world.Store.StoredAudit.ShouldHaveSingleItem();
        (entry.Actor, entry.KeyId is not null).ShouldBe(("somebody", true));
        $"{entry}".ShouldNotContain(key);
    }
}
