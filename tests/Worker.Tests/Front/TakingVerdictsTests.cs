using System.Net;
using System.Text;
using Worker.Traces;

namespace Worker.Tests.Front;

/// <summary><c>POST /v5/evaluators/log</c>, and what is read after it.</summary>
public sealed class TakingVerdictsTests
{
    [Fact]
    public async Task A_verdict_is_answered_with_the_ids_that_the_worker_gives_it()
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, answer) = await world.PostAsync(
            "/v5/evaluators/log",
            """{"parent_id":"t","path":"/feedback/rating/","judgment":"good","spec":{"evaluator_type":"human","arguments_type":"target_free","return_type":"select"}}""");
        await world.DrainAsync();

        status.ShouldBe(HttpStatusCode.OK);
        var id = (string)answer!["id"]!;
        var stored = (await world.LogsAsync(id))[id];
        ((string)answer["parent_id"]!).ShouldBe("t");
        ((string)answer["evaluator_id"]!).ShouldBe(stored.Resolution!.FileId);
        ((string)answer["version_id"]!).ShouldBe(stored.Resolution.VersionId);
        answer.AsObject().ContainsKey("session_id").ShouldBeTrue();
        answer["session_id"].ShouldBeNull();
        (stored.Kind, stored.JudgedId, stored.Judgment.ToString()).ShouldBe((LogKind.Evaluator, "t", "\"good\""));
    }

    [Fact]
    public async Task The_query_names_the_version_and_the_environment()
    {
        await using var world = await FrontWorld.StartAsync();

        await world.PostAsync("/v5/evaluators/log?version_id=evv_1&environment=staging", """{"parent_id":"t","environment":"label"}""");

        var body = world.OnlyBody();
        ((string)body["version_id"]!).ShouldBe("evv_1");
        ((string)body["version_environment"]!).ShouldBe("staging");
        ((string)body["environment"]!).ShouldBe("label");
        world.Intake.Taken[0].Type.ShouldBe("evaluator.logged");
    }

    [Theory]
    [InlineData("{}", "parent_id", "value_error.missing")]
    [InlineData("""{"parent_id":null,"judgment":true}""", "parent_id", "value_error.missing")]
    [InlineData("""{"parent_id":3}""", "parent_id", "type_error.str")]
    [InlineData("""{"parent_id":"t","judgment":{}}""", "judgment", "value_error")]
    [InlineData("""{"parent_id":"t","judgment":NaN}""", "judgment", "value_error")]
    [InlineData("""{"parent_id":"t","judgment":3,"spec":{"return_type":"number","number_limits":{"max":1}}}""", "judgment", "value_error")]
    public async Task What_is_no_verdict_is_told_before_it_is_taken(string body, string field, string type)
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, answer) = await world.PostAsync("/v5/evaluators/log", body);

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var fault = answer!["detail"]!.AsArray().ShouldHaveSingleItem()!;
        fault["loc"]!.ToJsonString().ShouldBe($"""["body","{field}"]""");
        ((string)fault["type"]!).ShouldBe(type);
        world.Intake.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_a_verdict_that_is_not_to_be_saved_texts_do_not_leave_the_front()
    {
        await using var world = await FrontWorld.StartAsync();

        await world.PostAsync("/v5/evaluators/log", """{"log_id":"text","parent_id":"t","judgment":"secret","output":"secret","save":false}""");
        await world.PostAsync("/v5/evaluators/log", """{"log_id":"option","parent_id":"t","judgment":"good","spec":{"return_type":"select","options":[{"name":"good"}]},"stdout":"secret","save":false}""");
        await world.PostAsync("/v5/evaluators/log", """{"log_id":"number","parent_id":"t","judgment":0.5,"save":false}""");
        await world.DrainAsync();

        foreach (var message in world.Intake.Taken)
            Encoding.UTF8.GetString(message.Body.Span).ShouldNotContain("secret");
        var logs = await world.LogsAsync("text", "option", "number");
        logs["text"].Judgment.ShouldBeNull();
        logs["text"].HadOutput.ShouldBeTrue();
        logs["option"].Judgment!.Value.ToString().ShouldBe("\"good\"");
        logs["number"].Judgment!.Value.ToString().ShouldBe("0.5");
    }

    [Fact]
    public async Task A_verdict_is_read_under_its_log_and_by_its_own_id_and_deleted_by_it()
    {
        await using var world = await FrontWorld.StartAsync();
        await world.PostAsync("/v5/evaluators/log", """{"log_id":"v","parent_id":"t","path":"feedback/plain","judgment":["a","b"],"user":"ann"}""");
        await world.PostAsync("/v5/tools/log", """{"log_id":"t"}""");
        await world.DrainAsync();

        var (_, log) = await world.GetAsync("/v5/logs/t");
        var verdict = log!["evaluator_logs"]!.AsArray().ShouldHaveSingleItem()!;
        verdict["judgment"]!.ToJsonString().ShouldBe("""["a","b"]""");
        ((string)verdict["evaluator"]!["path"]!).ShouldBe("feedback/plain");
        verdict["evaluator"]!["spec"]!.ToJsonString().ShouldBe("""{"arguments_type":"target_free","evaluator_type":"external","return_type":"multi_select"}""");

        var (_, alone) = await world.GetAsync("/v5/logs/v");
        ((string)alone!["parent_id"]!).ShouldBe("t");
        alone["judgment"]!.ToJsonString().ShouldBe("""["a","b"]""");
        ((string)alone["evaluator"]!["id"]!).ShouldStartWith("ev_");

        (await world.SendAsync(HttpMethod.Delete, "/v5/logs?id=v")).Status.ShouldBe(HttpStatusCode.NoContent);
        await world.DrainAsync();
        (await world.GetAsync("/v5/logs/t")).Json!["evaluator_logs"]!.AsArray().ShouldBeEmpty();
        (await world.GetAsync("/v5/logs/v")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_update_is_answered_with_the_verdicts_on_its_log()
    {
        await using var world = await FrontWorld.StartAsync();
        await world.PostAsync("/v5/flows/log", """{"log_id":"f"}""");
        await world.PostAsync("/v5/evaluators/log", """{"log_id":"v","parent_id":"f","judgment":true}""");
        await world.DrainAsync();

        var (_, answer) = await world.PatchAsync("/v5/flows/logs/f", """{"output":"o"}""");

        ((string)answer!["evaluator_logs"]!.AsArray().ShouldHaveSingleItem()!["id"]!).ShouldBe("v");
    }
}
