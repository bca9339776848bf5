using System.Net;
using System.Text.Json.Nodes;
using Worker.Files;
using Worker.Reading;
using Worker.Runs;
using Worker.Storage;
using Worker.Tests.Front;
using Worker.Traces;

namespace Worker.Tests.Viewer;

/// <summary>What Evaluators said in a time, summed.</summary>
public sealed class VerdictsTests
{
    private const string Day = "since=2026-01-02T00:00:00Z&until=2026-01-03T00:00:00Z";

    private static readonly DateTimeOffset Midnight = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verdicts_are_summed_by_evaluator_and_version()
    {
        await using var world = await StartAsync("a/check", "b/score");
        await GiveAsync(
            world,
            Verdict("1", "a/check", "true", hour: 1),
            Verdict("2", "a/check", "false", hour: 2),
            Verdict("3", "a/check", null, hour: 3) with { Error = "It broke." },
            Verdict("4", "a/check", null, hour: 4),
            Verdict("5", "a/check", "true", hour: 5, version: "v2"),
            Verdict("6", "a/check", "true", hour: 30),
            Verdict("1", "b/score", "0.5", hour: 1) with { Details = Some.Json("""{"cost":0.25,"input_tokens":7,"output_tokens":5}""") },
            Verdict("2", "b/score", "1.5", hour: 1) with { Details = Some.Json("""{"cost":0.5}""") },
            Verdict("3", "b/score", "\"late\"", hour: 1));

        var answer = await JsonAsync(world, Day);

        var evaluators = answer["evaluators"]!.AsArray();
        evaluators.Select(each => each!["path"]!.GetValue<string>()).ShouldBe(["a/check", "b/score"]);
        var versions = evaluators[0]!["versions"]!.AsArray();
        versions.Select(each => each!["version_id"]!.GetValue<string>()).ShouldBe(["v2", "v1"], "the last that judged is first");
        var first = versions[1]!;
        (Number(first, "count"), Number(first, "true"), Number(first, "false"), Number(first, "failed"), Number(first, "abstained"))
            .ShouldBe((4, 1, 1, 1, 1));
        first["against"]!.AsArray().Select(each => each!["log_id"]!.GetValue<string>()).ShouldBe(["3", "2"]);
        var trend = first["trend"]!.AsArray();
        trend.Count.ShouldBe(48);
        trend[2]!.ToJsonString().ShouldBe("[1,1,0]");
        trend[4]!.ToJsonString().ShouldBe("[1,0,0]");
        trend[6]!.ToJsonString().ShouldBe("[1,null,1]");
        var score = evaluators[1]!["versions"]![0]!;
        (Number(score, "numbers"), Number(score, "mean"), Number(score, "least"), Number(score, "most")).ShouldBe((2, 1, 0.5, 1.5));
        (Number(score, "cost"), Number(score, "tokens")).ShouldBe((0.75, 12));
        score["texts"]!.ToJsonString().ShouldBe("""[{"text":"late","count":1}]""");
    }

    [Fact]
    public async Task Of_one_log_the_latest_verdict_counts_and_the_others_are_told()
    {
        await using var world = await StartAsync("a/check");
        await GiveAsync(
            world,
            Verdict("1", "a/check", "false", hour: 1),
            Verdict("1", "a/check", "true", hour: 2) with { Id = "again", Revision = 2 });

        var evaluator = (await JsonAsync(world, Day))["evaluators"]![0]!;

        Number(evaluator, "superseded").ShouldBe(1);
        Number(evaluator["versions"]![0]!, "false").ShouldBe(0);
        Number(evaluator["versions"]![0]!, "true").ShouldBe(1);
    }

    [Fact]
    public async Task What_people_say_counts_and_any_number_of_it_on_one_log()
    {
        await using var world = await FrontWorld.StartWithViewerAsync();
        await world.PostAsync("/v5/flows/log", """{"log_id":"f","path":"chat","output":"x","trace_status":"complete"}""");
        for (var i = 0; i < 2; i++)
            await world.PostAsync("/v5/evaluators/log", $$$"""{"log_id":"v{{{i}}}","path":"people/good","parent_id":"f","judgment":{{{(i == 0 ? "true" : "false")}}},"spec":{"arguments_type":"target_free","return_type":"boolean","evaluator_type":"human"}}""");
        await world.DrainAsync();

        var version = (await JsonAsync(world, "since=1h"))["evaluators"]![0]!["versions"]![0]!;

        (Number(version, "true"), Number(version, "false")).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_path_asks_for_some_evaluators_and_a_time_has_to_be_one()
    {
        await using var world = await StartAsync("a/check", "b/score");
        await GiveAsync(world, Verdict("1", "a/check", "true", hour: 1), Verdict("1", "b/score", "1", hour: 1));

        (await JsonAsync(world, $"{Day}&path=b/**"))["evaluators"]!.AsArray()
            .ShouldHaveSingleItem()!["path"]!.GetValue<string>().ShouldBe("b/score");
        foreach (var wrong in new[] { "since=soon", "since=1h&until=2h" })
        {
            using var response = await world.Browser.GetAsync($"/ui/api/verdicts?{wrong}", Token);
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task The_list_shows_the_traces_that_a_verdict_was_given_on_in_a_time()
    {
        await using var world = await StartAsync("a/check");
        foreach (var id in new[] { "1", "2", "3" })
            await world.PostAsync("/v5/flows/log", $$"""{"log_id":"{{id}}","path":"chat","output":"x","trace_status":"complete"}""");
        await world.DrainAsync();
        await GiveAsync(
            world,
            Verdict("1", "a/check", "false", hour: 1),
            Verdict("2", "a/check", "false", hour: 2),
            Verdict("3", "a/check", "true", hour: 2));

        const string Search = "verdict.a/check:false given.a/check:2026-01-02T02:00:00Z..2026-01-02T03:00:00Z";
        var list = JsonNode.Parse(await world.Browser.GetStringAsync($"/ui/api/traces?q={Uri.EscapeDataString(Search)}", Token))!;

        list["traces"]!.AsArray().ShouldHaveSingleItem()!["id"]!.GetValue<string>().ShouldBe("2");
    }

    [Fact]
    public async Task Of_one_evaluator_they_are_summed_by_path_and_environment_of_what_was_judged_with_deployments_of_it()
    {
        await using var world = await StartAsync("a/check");
        foreach (var (id, more) in new[]
        {
            ("1", "\"path\":\"chat\",\"environment\":\"live\""), ("2", "\"path\":\"chat\",\"environment\":\"live\""),
            ("3", "\"path\":\"chat\",\"environment\":\"test\""), ("4", "\"path\":\"other\""),
        })
            await world.PostAsync("/v5/flows/log", $$"""{"log_id":"{{id}}",{{more}},"output":"x","trace_status":"complete"}""");
        await world.DrainAsync();
        var chat = DerivedIds.File(LogKind.Flow, "chat");
        foreach (var (slot, version, hour) in new[] { ("production", "v-now", 3), ("staging", "v-before", -3) })
        {
            await ((IFileStore)world.Store).DeployAsync(
                new(chat, slot, version) { OccurredAt = Timestamps.ToMicroseconds(Midnight.AddHours(hour)) }, Token);
        }

        await GiveAsync(
            world,
            Verdict("1", "a/check", "true", hour: 1),
            Verdict("2", "a/check", "false", hour: 2),
            Verdict("3", "a/check", "true", hour: 3),
            Verdict("4", "a/check", null, hour: 4),
            Verdict("gone", "a/check", "true", hour: 5),
            Verdict("gone", "a/check", "false", hour: 4) with { Id = "superseded" },
            Verdict("4", "a/other", "true", hour: 4));

        var answer = JsonNode.Parse(await world.Browser.GetStringAsync($"/ui/api/verdicts/parts?evaluator=ev-a/check&{Day}", Token))!;

        answer["is_cut"]!.GetValue<bool>().ShouldBeFalse();
        answer["parts"]!.AsArray().Select(part => (
            (string?)part!["path"], (string?)part["kind"], (string?)part["environment"], Number(part["sums"]!, "true"), Number(part["sums"]!, "count")))
            .ShouldBe(
                [("chat", "flow", "live", 1, 2), ("chat", "flow", "test", 1, 1), ("other", "flow", null, 0, 1), (null, null, null, 1, 1)],
                ignoreOrder: true);
        var deployed = answer["parts"]![0]!["deployments"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)deployed["environment"], (string?)deployed["version_id"], deployed["at"]!.GetValue<long>())
            .ShouldBe(("production", "v-now", Timestamps.ToMicroseconds(Midnight.AddHours(3))));
    }

    [Fact]
    public void The_last_part_of_a_time_ends_with_it()
    {
        var time = new VerdictTime(Midnight, Midnight.AddHours(24));

        time.PartOf(Midnight).ShouldBe(0);
        time.PartOf(Midnight.AddMinutes(29.999)).ShouldBe(0);
        time.PartOf(Midnight.AddMinutes(30)).ShouldBe(1);
        time.PartOf(Midnight.AddHours(24).AddTicks(-1)).ShouldBe(VerdictTime.Parts - 1);
    }

    private static async Task<FrontWorld> StartAsync(params string[] evaluators)
    {
        var world = await FrontWorld.StartWithViewerAsync();
        await ((IFileStore)world.Store).AddAsync(
            [.. evaluators.Select(path => new LoggedFile(IdOf(path), LogKind.Evaluator, path))], [], Token);
        return world;
    }

    private static async Task GiveAsync(FrontWorld world, params EvaluatorLog[] verdicts)
    {
        await world.Store.WakeAsync(
            [.. verdicts.Select(verdict => verdict.LogId).Distinct().Select(id => new Wake(id, Complete: true))],
            Some.Timers,
            Some.Time,
            Token);
        await world.Store.AddAsync(verdicts, Token);
    }

    private static EvaluatorLog Verdict(string log, string path, string? judgment, double hour, string version = "v1") =>
        Some.EvaluatorLog(log) with
        {
            Id = $"{log}-{path}",
            EvaluatorId = IdOf(path),
            EvaluatorVersionId = version,
            Path = path,
            Judgment = judgment is null ? null : Some.Json(judgment),
            Details = null,
            StartTime = Midnight.AddHours(hour),
            EndTime = Midnight.AddHours(hour),
        };

    private static string IdOf(string path) => $"ev-{path}";

    private static double Number(JsonNode json, string name) => json[name]!.GetValue<double>();

    private static async Task<JsonNode> JsonAsync(FrontWorld world, string query) =>
        JsonNode.Parse(await world.Browser.GetStringAsync($"/ui/api/verdicts?{query}", Token))!;
}
