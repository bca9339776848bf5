using System.Net;
using System.Text.Json.Nodes;
using Worker.Traces;

namespace Worker.Tests.Front;

/// <summary>Files by HTTP: saved, read, listed, and deployed for Logs that ask for an Environment.</summary>
public sealed class FilesTests
{
    private const string Search = """{"function":{"name":"search","description":"finds"},"attributes":{"n":1}}""";

    [Theory]
    [InlineData("tool", """{"path":"support/find","function":{"name":"search","description":"finds"},"attributes":{"n":1},"version_name":"one"}""", Search)]
    [InlineData("flow", """{"path":"support/find","attributes":{"n":1},"description":"d"}""", """{"attributes":{"n":1}}""")]
    [InlineData("prompt", """{"path":"support/find","model":"m","template":"{{q}}","temperature":null}""", """{"model":"m","template":"{{q}}"}""")]
    public async Task A_saved_version_is_the_one_that_logging_its_details_finds(string kind, string body, string details)
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, saved) = await world.PostAsync($"/v5/{kind}s", body);
        status.ShouldBe(HttpStatusCode.OK);
        ((string)saved!["path"]!).ShouldBe("support/find");
        ((string)saved["name"]!).ShouldBe("find");
        ((string)saved["type"]!).ShouldBe(kind);
        await world.DrainAsync();
        var (_, logged) = await world.PostAsync($"/v5/{kind}s/log", $$"""{"path":"support/find","{{kind}}":{{details}}}""");

        ((string)logged![$"{kind}_id"]!).ShouldBe((string)saved["id"]!);
        ((string)logged["version_id"]!).ShouldBe((string)saved["version_id"]!);
        var (_, read) = await world.GetAsync($"/v5/{kind}s/{saved["id"]}");
        foreach (var name in new[] { "id", "path", "version_id", "attributes", "model", "template", "function" })
            read![name]?.ToJsonString().ShouldBe(saved[name]?.ToJsonString());
    }

    [Fact]
    public async Task Versions_are_listed_newest_first_and_read_by_id()
    {
        await using var world = await FrontWorld.StartAsync();
        var first = await SaveAsync(world, "flows", """{"path":"p","attributes":{"n":1}}""");
        var second = await SaveAsync(world, "flows", """{"path":"p","attributes":{"n":2}}""");
        var file = (string)first["id"]!;

        var versions = (await world.GetAsync($"/v5/flows/{file}/versions")).Json!["records"]!.AsArray();

        versions.Select(version => (string)version!["version_id"]!).Order()
            .ShouldBe(new[] { (string)first["version_id"]!, (string)second["version_id"]! }.Order());
        var (_, read) = await world.GetAsync($"/v5/flows/{file}?version_id={first["version_id"]}");
        ((int)read!["attributes"]!["n"]!).ShouldBe(1);
        (await world.GetAsync($"/v5/flows/{file}?version_id=nothing")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await world.GetAsync($"/v5/tools/{file}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await world.GetAsync("/v5/flows/nothing")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Files_that_are_known_from_their_logs_are_read_and_counted()
    {
        await using var world = await FrontWorld.StartAsync();
        for (var number = 1; number <= 3; number++)
            await world.PostAsync("/v5/tools/log", $$"""{"path":"support/find","created_at":"2026-01-0{{number}}T00:00:00Z","tool":{{Search}}}""");
        await world.DrainAsync();

        var file = (await world.GetAsync("/v5/tools")).Json!["records"]!.AsArray().ShouldHaveSingleItem()!;

        ((int)file["total_logs_count"]!).ShouldBe(3);
        ((string)file["last_used_at"]!).ShouldStartWith("2026-01-03");
        ((string)file["function"]!["name"]!).ShouldBe("search");
    }

    [Fact]
    public async Task A_log_that_asks_for_an_environment_is_resolved_by_the_deployment_before_it_and_after_it()
    {
        await using var world = await FrontWorld.StartAsync();
        var tool = await SaveAsync(world, "tools", """{"path":"support/find","attributes":{"n":1}}""");
        var (file, version) = ((string)tool["id"]!, (string)tool["version_id"]!);
        var (_, before) = await world.PostAsync("/v5/tools/log?environment=staging", """{"log_id":"before","path":"support/find","output":"x"}""");
        ((string)before!["version_id"]!).ShouldBeEmpty();
        await world.DrainAsync();
        (await world.LogsAsync("before"))["before"].Resolution!.Waits.ShouldBeTrue();

        var (status, deployed) = await world.SendAsync(HttpMethod.Post, $"/v5/tools/{file}/environments/staging?version_id={version}");
        status.ShouldBe(HttpStatusCode.OK);
        Environments(deployed).ShouldBe(["staging"]);
        await world.DrainAsync();
        var (_, after) = await world.PostAsync("/v5/tools/log?environment=staging", """{"log_id":"after","path":"support/find","output":"x"}""");
        ((string)after!["version_id"]!).ShouldBe(version);
        await world.DrainAsync();

        foreach (var log in (await world.LogsAsync("before", "after")).Values)
            log.Resolution.ShouldBe(new Resolution(file, version, VersionSource.Environment, null));
        var places = (await world.GetAsync($"/v5/tools/{file}/environments")).Json!.AsArray();
        places.Select(place => ((string)place!["name"]!, (string)place["tag"]!, (string?)place["file"]?["version_id"]))
            .ShouldBe([("production", "default", null), ("staging", "other", version)]);
        Environments((await world.GetAsync($"/v5/tools/{file}?environment=staging")).Json).ShouldBe(["staging"]);

        (await world.SendAsync(HttpMethod.Delete, $"/v5/tools/{file}/environments/staging")).Status.ShouldBe(HttpStatusCode.NoContent);
        await world.DrainAsync();
        Environments((await world.GetAsync($"/v5/tools/{file}")).Json).ShouldBeEmpty();
        ((string)(await world.PostAsync("/v5/tools/log?environment=staging", """{"path":"support/find"}""")).Json!["version_id"]!).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_deployed_by_default_is_what_a_file_shows_and_what_logs_without_details_find()
    {
        await using var world = await FrontWorld.StartAsync();
        var old = await SaveAsync(world, "prompts", """{"path":"p","model":"old"}""");
        await SaveAsync(world, "prompts", """{"path":"p","model":"new"}""");
        ((string)(await world.GetAsync($"/v5/prompts/{old["id"]}")).Json!["model"]!).ShouldBeOneOf("old", "new");

        await world.SendAsync(HttpMethod.Post, $"/v5/prompts/{old["id"]}/environments/production?version_id={old["version_id"]}");
        await world.DrainAsync();

        ((string)(await world.GetAsync($"/v5/prompts/{old["id"]}")).Json!["model"]!).ShouldBe("old");
        ((string)(await world.PostAsync("/v5/prompts/log", """{"path":"p"}""")).Json!["version_id"]!).ShouldBe((string)old["version_id"]!);
    }

    [Fact]
    public async Task Ids_and_environments_may_hold_anything()
    {
        await using var world = await FrontWorld.StartAsync();
        const string Id = "a/b c?d%2F#é";
        var escaped = Uri.EscapeDataString(Id);
        var tool = await SaveAsync(world, "tools", new JsonObject { ["id"] = Id, ["path"] = "p" }.ToJsonString());

        await world.SendAsync(HttpMethod.Post, $"/v5/tools/{escaped}/environments/{escaped}?version_id={tool["version_id"]}");
        await world.DrainAsync();

        var (_, read) = await world.GetAsync($"/v5/tools/{escaped}?environment={escaped}");
        ((string)read!["id"]!).ShouldBe(Id);
        Environments(read).ShouldBe([Id]);
    }

    [Fact]
    public async Task What_was_just_taken_is_waited_for()
    {
        await using var world = await FrontWorld.StartAsync();
        var (_, tool) = await world.PostAsync("/v5/tools", """{"path":"p","attributes":{"n":1}}""");

        var deploying = world.SendAsync(HttpMethod.Post, $"/v5/tools/{tool!["id"]}/environments/staging?version_id={tool["version_id"]}");
        deploying.IsCompleted.ShouldBeFalse();
        await world.DrainAsync();

        (await deploying).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/v5/tools", "{}", 422)]
    [InlineData("/v5/tools", """{"path":"//"}""", 422)]
    [InlineData("/v5/tools", "[]", 422)]
    [InlineData("/v5/tools", "{", 422)]
    [InlineData("/v5/tools", """{"id":"nothing"}""", 404)]
    [InlineData("/v5/evaluators", """{"path":"e"}""", 422)]
    [InlineData("/v5/evaluators", """{"path":"e","spec":{"evaluator_type":"llm"}}""", 403)]
    [InlineData("/v5/tools/nothing/environments/staging?version_id=v", "", 404)]
    [InlineData("/v5/tools/nothing/environments/staging", "", 422)]
    [InlineData("/v5/files/retrieve-by-path", "{}", 422)]
    [InlineData("/v5/files/retrieve-by-path", "{", 422)]
    [InlineData("/v5/files/retrieve-by-path", """{"path":"nothing"}""", 404)]
    public async Task What_cannot_be_is_refused_and_not_taken(string path, string body, int expected)
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, answer) = await world.PostAsync(path, body);

        ((int)status).ShouldBe(expected, answer?.ToJsonString());
        answer!["detail"].ShouldNotBeNull();
        world.Intake.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_is_of_one_kind_and_stays()
    {
        await using var world = await FrontWorld.StartAsync();
        await SaveAsync(world, "tools", """{"id":"x","path":"p"}""");

        (await world.PostAsync("/v5/flows", """{"id":"x","path":"p"}""")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await world.SendAsync(HttpMethod.Delete, "/v5/tools/x")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await world.SendAsync(HttpMethod.Delete, "/v5/tools/y")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await world.PostAsync("/v5/tools", """{"id":"x","attributes":{"n":2}}""")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_evaluator_that_runs_elsewhere_is_saved()
    {
        await using var world = await FrontWorld.StartAsync();

        var saved = await SaveAsync(world, "evaluators", """{"path":"e","spec":{"evaluator_type":"human","arguments_type":"target_free","return_type":"boolean"}}""");

        var (_, read) = await world.GetAsync($"/v5/evaluators/{saved["id"]}");
        ((string)read!["spec"]!["evaluator_type"]!).ShouldBe("human");
        ((string)read["version_id"]!).ShouldBe((string)saved["version_id"]!);
    }

    [Theory]
    [InlineData("""{"evaluator_type":"python","arguments_type":"target_free","return_type":"boolean","code":"def f(log):\n    return True"}""", "python")]
    [InlineData("""{"evaluator_type":"Python","code":"x"}""", "Python")]
    [InlineData("""{"kind":"python","return_type":"boolean","code":"x"}""", "python")]
    [InlineData("""{"kind":"javascript","return_type":"boolean","code":"x"}""", "javascript")]
    [InlineData("""{"kind":"webhook","return_type":"boolean","url":"https://checks.example.com","secret":"s"}""", "webhook")]
    [InlineData("""{"evaluator_type":"human","kind":"webhook","return_type":"boolean","url":"https://checks.example.com","secret":"s"}""", "webhook")]
    [InlineData("""{"kind":"rules","kind":"webhook","evaluator_type":"external"}""", "webhook")]
    public async Task What_runs_code_or_calls_hosts_is_taken_only_where_that_is_allowed(string spec, string kind)
    {
        var body = $$"""{"path":"e","spec":{{spec}}}""";
        await using var world = await FrontWorld.StartAsync();
        var (status, answer) = await world.PostAsync("/v5/evaluators", body);

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var fault = answer!["detail"]![0]!;
        ((string)fault["msg"]!).ShouldBe(
            $"An Evaluator of the kind {kind} runs code or calls a host, and is taken from the worker's files alone: " +
            "write it into config/evaluators, or set Evaluation:AllowRemoteCode.");
        fault["loc"]!.ToJsonString().ShouldBe("""["body","spec"]""");
        world.Intake.Taken.ShouldBeEmpty();

        await using var open = await FrontWorld.StartAsync(("Evaluation:AllowRemoteCode", "true"));
        (await open.PostAsync("/v5/evaluators", body)).Status.ShouldBe(HttpStatusCode.OK);
        open.Intake.Taken.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Files_of_every_kind_are_listed_and_found_by_path()
    {
        await using var world = await FrontWorld.StartAsync();
        var prompt = await SaveAsync(world, "prompts", """{"path":"support/answer","model":"some-model","temperature":0.5,"provider":"openai","stop":["no"],"template":[{"role":"system","content":"You help {{ name }}.\nShortly."},{"role":"user","content":"{{question}}"}]}""");
        await SaveAsync(world, "tools", """{"path":"support/find"}""");
        await SaveAsync(world, "flows", """{"path":"sales"}""");
        await world.SendAsync(HttpMethod.Post, $"/v5/prompts/{prompt["id"]}/environments/staging?version_id={prompt["version_id"]}");
        await world.DrainAsync();

        Paths((await world.GetAsync("/v5/files?sort_by=name")).Json).ShouldBe(["sales", "support/answer", "support/find"]);
        Paths((await world.GetAsync("/v5/files?sort_by=name&order=desc&size=1&page=2")).Json).ShouldBe(["support/answer"]);
        Paths((await world.GetAsync("/v5/files?type=tool&type=flow&sort_by=name")).Json).ShouldBe(["sales", "support/find"]);
        Paths((await world.GetAsync("/v5/files?path=/support/&sort_by=name")).Json).ShouldBe(["support/answer", "support/find"]);
        Paths((await world.GetAsync("/v5/files?name=FIND")).Json).ShouldBe(["support/find"]);
        Paths((await world.GetAsync("/v5/files?environment=staging")).Json).ShouldBe(["support/answer"]);
        Paths((await world.GetAsync("/v5/files?template=true")).Json).ShouldBeEmpty();
        (await world.GetAsync("/v5/files?sort_by=size")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        var (_, found) = await world.PostAsync("/v5/files/retrieve-by-path?environment=staging&include_raw_file_content=true", """{"path":"support/answer"}""");
        ((string)found!["id"]!).ShouldBe((string)prompt["id"]!);
        found["inputs"]!.AsArray().Select(input => (string)input!["name"]!).ShouldBe(["name", "question"]);
        ((string)found["raw_file_content"]!).ShouldBe(
            """
            ---
            model: some-model
            temperature: 0.5
            provider: openai
            stop: ["no"]
            ---
            <system>
              You help {{ name }}.
              Shortly.
            </system>

            <user>
              {{question}}
            </user>

            """);
        (await world.PostAsync("/v5/files/retrieve-by-path?environment=production", """{"path":"support/answer"}""")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<JsonNode> SaveAsync(FrontWorld world, string kind, string body)
    {
        var (status, saved) = await world.PostAsync("/v5/" + kind, body);
        status.ShouldBe(HttpStatusCode.OK, saved?.ToJsonString());
        await world.DrainAsync();
        return saved!;
    }

    private static IEnumerable<string> Environments(JsonNode? file) =>
        file!["environments"]!.AsArray().Select(environment => (string)environment!["id"]!);

    private static IEnumerable<string> Paths(JsonNode? page) => page!["records"]!.AsArray().Select(file => (string)file!["path"]!);
}
