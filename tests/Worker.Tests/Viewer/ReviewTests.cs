using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Worker.Evaluation;
using Worker.Runs;
using Worker.Storage;
using Worker.Testing.Processes;
using Worker.Tests.Front;
using Worker.Traces;

namespace Worker.Tests.Viewer;

/// <summary>What waits for a person, and what becomes of a verdict that is given.</summary>
public sealed class ReviewTests : IDisposable
{
    private const string Rating = """
        path: feedback/rating
        kind: human
        return_type: select
        options: [good, bad]
        attach: [{ kind: flow, path: "desk/**" }, { kind: tool, path: "tools/check" }]
        """;

    private static readonly string Evaluator = DerivedIds.File(LogKind.Evaluator, "feedback/rating");

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_finished_where_the_evaluator_is_attached_waits_until_a_person_has_judged_it()
    {
        await using var world = await StartAsync(Rating);
        await LogAsync(world, "flows", "old", "desk/a", 1);
        await LogAsync(world, "flows", "new", "desk/b", 3);
        await LogAsync(world, "tools", "tool", "tools/check", 2);
        await LogAsync(world, "tools", "other-tool", "tools/other", 4);
        await LogAsync(world, "flows", "other", "else/a", 5);
        await world.PostAsync("/v5/flows/log", """{"log_id":"open","path":"desk/a"}""");
        await world.DrainAsync();

        (await IdsAsync(world)).ShouldBe(["new", "tool", "old"]);
        (await IdsAsync(world, "q=path:desk/a")).ShouldBe(["old"]);
        (await IdsAsync(world, "q=since:2026-01-02T00:00:02Z+until:2026-01-02T00:00:03Z")).ShouldBe(["tool"]);
        (await IdsAsync(world, "q=\"of+old\"")).ShouldBe(["old"]);

        (await GiveAsync(world, "new", "good")).ShouldBe(HttpStatusCode.OK);
        await world.PostAsync("/v5/evaluators/log", """{"log_id":"by-other","path":"feedback/other","parent_id":"old","judgment":true}""");
        await world.DrainAsync();

        (await IdsAsync(world)).ShouldBe(["tool", "old"]);
        (await IdsAsync(world, "judged=true")).ShouldBe(["new"]);
        var verdict = (await ListAsync(world, "judged=true"))["items"]![0]!["verdicts"]!.AsArray().ShouldHaveSingleItem()!;
        (verdict["user"]!.GetValue<string>(), verdict["judgment"]!.GetValue<string>()).ShouldBe(("ann", "good"));
    }

    [Fact]
    public async Task It_is_a_verdict_as_any_other_that_is_posted_and_given_again_it_is_the_same_log()
    {
        await using var world = await StartAsync(Rating);
        await LogAsync(world, "flows", "f", "desk/a", 1);
        await world.DrainAsync();
        var before = world.Intake.Taken.Count;

        await GiveAsync(world, "f", "good");
        await GiveAsync(world, "f", "bad");
        await GiveAsync(world, "f", "good", user: "ben");
        await world.DrainAsync();

        world.Intake.Taken.Skip(before).Select(message => message.Type).ShouldAllBe(type => type == "evaluator.logged");
        var (_, log) = await world.GetAsync("/v5/logs/f");
        log!["evaluator_logs"]!.AsArray()
            .Select(each => (each!["user"]!.GetValue<string>(), each["judgment"]!.GetValue<string>(), each["evaluator"]!["path"]!.GetValue<string>()))
            .ShouldBe([("ann", "bad", "feedback/rating"), ("ben", "good", "feedback/rating")], ignoreOrder: true);
        var stored = (await world.LogsAsync(DerivedIds.Review("f", Evaluator, "ann"))).Values.ShouldHaveSingleItem();
        stored.Resolution!.FileId.ShouldBe(Evaluator);
    }

    [Fact]
    public async Task What_was_taken_back_waits_again()
    {
        await using var world = await StartAsync(Rating);
        await LogAsync(world, "flows", "f", "desk/a", 1);
        await world.DrainAsync();
        await DecideAsync(world, Some.Decision("f", 1, Evaluator, Outcome.Waiting));
        await GiveAsync(world, "f", "good");
        await world.DrainAsync();
        (await IdsAsync(world)).ShouldBeEmpty();
        (await OutcomeAsync(world)).ShouldBe("ran");

        await GiveAsync(world, "f", null);
        await world.DrainAsync();

        (await IdsAsync(world)).ShouldBe(["f"]);
        (await IdsAsync(world, "judged=true")).ShouldBeEmpty();
        (await OutcomeAsync(world)).ShouldBe("waiting");
    }

    [Theory]
    [InlineData("Waiting", true)]
    [InlineData("Filtered", false)]
    [InlineData("SampledOut", false)]
    public async Task What_the_newest_revision_has_decided_counts(string outcome, bool waits)
    {
        await using var world = await StartAsync(Rating + "\nsample: 0.000001");
        await LogAsync(world, "flows", "f", "desk/a", 1);
        await world.DrainAsync();
        (await IdsAsync(world)).ShouldBeEmpty("nothing was decided, and it is no part of the sample");
        await DecideAsync(
            world,
            Some.Decision("f", 1, Evaluator, waits ? Outcome.Filtered : Outcome.Waiting),
            Some.Decision("f", 2, Evaluator, Enum.Parse<Outcome>(outcome)));

        (await IdsAsync(world)).Count.ShouldBe(waits ? 1 : 0);
    }

    [Theory]
    [InlineData("""{"evaluator_id":"EV","log_id":"f","judgment":"better","user":"ann"}""", 400, "not one of the options")]
    [InlineData("""{"evaluator_id":"EV","log_id":"f","judgment":true,"user":"ann"}""", 400, "return_type")]
    [InlineData("""{"evaluator_id":"EV","log_id":"f","judgment":"good"}""", 400, "somebody's")]
    [InlineData("""{"evaluator_id":"EV","log_id":"f","judgment":"good","user":"  "}""", 400, "somebody's")]
    [InlineData("""{"evaluator_id":"EV","judgment":"good","user":"ann"}""", 400, "The body has to be")]
    [InlineData("""{"evaluator_id":"ev_other","log_id":"f","judgment":"good","user":"ann"}""", 404, "no Evaluator")]
    public async Task What_cannot_be_a_verdict_is_refused_and_nothing_is_sent(string body, int status, string sentence)
    {
        await using var world = await StartAsync(Rating);
        await LogAsync(world, "flows", "f", "desk/a", 1);

        using var response = await PostAsync(world, JsonNode.Parse(body.Replace("EV", Evaluator, StringComparison.Ordinal))!);

        ((int)response.StatusCode).ShouldBe(status);
        (await response.Content.ReadAsStringAsync(Token)).ShouldContain(sentence);
        world.Intake.Taken.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Another_pages_request_is_refused()
    {
        await using var world = await StartAsync(Rating);
        using var response = await world.Browser.PostAsJsonAsync(
            "/ui/api/review", new { evaluator_id = Evaluator, log_id = "f", judgment = "good", user = "ann" }, Token);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        world.Intake.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_says_who_it_is_and_one_for_a_path_is_for_what_is_under_it()
    {
        await using var world = await StartAsync(Rating, Rating
            .Replace("feedback/rating", "desk/rating", StringComparison.Ordinal)
            .Replace("desk/**", "**", StringComparison.Ordinal));
        await LockAsync(world, KeyRoles.Review | KeyRoles.Read, path: "desk");
        await LogAsync(world, "flows", "own", "desk/a", 1);
        await LogAsync(world, "flows", "others", "else/a", 2);
        await world.DrainAsync();
        var desk = DerivedIds.File(LogKind.Evaluator, "desk/rating");

        var list = await ListAsync(world);
        list["who"]!.GetValue<string>().ShouldBe("somebody");
        list["evaluators"]!.AsArray().ShouldHaveSingleItem()!["path"]!.GetValue<string>().ShouldBe("desk/rating");
        list["items"]!.AsArray().ShouldHaveSingleItem()!["id"]!.GetValue<string>().ShouldBe("own");
        (await GiveAsync(world, "others", "good", evaluator: desk)).ShouldBe(HttpStatusCode.NotFound);
        (await GiveAsync(world, "own", "good")).ShouldBe(HttpStatusCode.NotFound, "that Evaluator is not under the path");
        (await GiveAsync(world, "own", "good", user: "another", evaluator: desk)).ShouldBe(HttpStatusCode.OK);
        await world.DrainAsync();

        var stored = (await world.LogsAsync(DerivedIds.Review("own", desk, "somebody"))).Values.ShouldHaveSingleItem();
        stored.Text(LogFields.User).ShouldBe("somebody");
    }

    [Theory]
    [InlineData("Read", 403, 403)]
    [InlineData("Review", 403, 200)]
    [InlineData("Read, Review", 200, 200)]
    [InlineData("Admin", 200, 200)]
    [InlineData("Ingest", 403, 403)]
    public async Task Each_role_does_what_it_is_for(string roles, int lists, int gives)
    {
        await using var world = await StartAsync(Rating);
        await LockAsync(world, Enum.Parse<KeyRoles>(roles));
        await LogAsync(world, "flows", "f", "desk/a", 1);
        await world.DrainAsync();

        using var response = await world.Browser.GetAsync("/ui/api/review", Token);
        ((int)response.StatusCode).ShouldBe(lists);
        ((int)await GiveAsync(world, "f", "good")).ShouldBe(gives);
    }

    [Fact]
    public async Task It_is_read_page_by_page()
    {
        await using var world = await StartAsync(Rating);
        for (var i = 0; i < 5; i++)
            await LogAsync(world, "flows", $"f{i}", "desk/a", i);
        await world.DrainAsync();

        var (seen, after) = (new List<string>(), "");
        do
        {
            var page = await ListAsync(world, $"limit=2{after}");
            seen.AddRange(Ids(page));
            after = page["next"] is { } next ? $"&after={Uri.EscapeDataString(next.GetValue<string>())}" : "";
        }
        while (after.Length > 0);
        seen.ShouldBe(["f4", "f3", "f2", "f1", "f0"]);
    }

    private async Task<FrontWorld> StartAsync(params string[] evaluators)
    {
        foreach (var (at, yaml) in evaluators.Index())
            await File.WriteAllTextAsync(Path.Combine(_folder.Path, $"{at}.yaml"), yaml, Token);
        var world = await FrontWorld.StartWithViewerAsync(("Evaluation:Evaluators", _folder.Path));
        await world.Service<EvaluatorVersions>().StoreAsync(Token);
        return world;
    }

    private static async Task DecideAsync(FrontWorld world, params Decision[] decisions)
    {
        await world.Store.WakeAsync([new Wake("f", Complete: true)], Some.Timers, Some.Time, Token);
        var run = (await ((IRunStore)world.Store).ReadAsync("f", Token))!;
        (await world.Store.SaveAsync(run with { Revision = decisions[^1].Revision }, decisions, Token)).ShouldBeTrue();
    }

    private static async Task<string> OutcomeAsync(FrontWorld world) =>
        JsonNode.Parse(await world.Browser.GetStringAsync("/ui/api/explain?id=f", Token))!["decisions"]![0]!["outcome"]!.GetValue<string>();

    /// <summary>The page is asked with a key for those roles; what is logged, with one for everything.</summary>
    private static async Task LockAsync(FrontWorld world, KeyRoles roles, string? path = null)
    {
        world.Browser.DefaultRequestHeaders.Add("X-API-KEY", await world.KeyAsync(roles, path));
        world.Client.DefaultRequestHeaders.Add("X-API-KEY", await world.KeyAsync(KeyRoles.Admin));
    }

    private static async Task LogAsync(FrontWorld world, string kind, string id, string path, int second) => await world.PostAsync(
        $"/v5/{kind}/log",
        $$"""{"log_id":"{{id}}","path":"{{path}}","created_at":"2026-01-02T00:00:0{{second}}Z","output":"of {{id}}"{{(kind == "flows" ? ",\"trace_status\":\"complete\"" : "")}}}""");

    private static async Task<HttpStatusCode> GiveAsync(
        FrontWorld world, string logId, string? judgment, string user = "ann", string? evaluator = null)
    {
        using var response = await PostAsync(world, new JsonObject
        {
            ["evaluator_id"] = evaluator ?? Evaluator, ["log_id"] = logId, ["judgment"] = judgment, ["user"] = user,
        });
        return response.StatusCode;
    }

    private static Task<HttpResponseMessage> PostAsync(FrontWorld world, JsonNode body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/ui/api/review") { Content = JsonContent.Create(body) };
        request.Headers.Add("Worker-Page", "1");
        return world.Browser.SendAsync(request, Token);
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(FrontWorld world, string query = "") => Ids(await ListAsync(world, query));

    private static IReadOnlyList<string> Ids(JsonNode page) =>
        [.. page["items"]!.AsArray().Select(item => item!["id"]!.GetValue<string>())];

    private static async Task<JsonNode> ListAsync(FrontWorld world, string query = "") =>
        JsonNode.Parse(await world.Browser.GetStringAsync($"/ui/api/review?{query}", Token))!;
}
