using System.Net;
using System.Text;
using Worker.Storage;
using Worker.Tests.Evaluation.Models;
using Worker.Traces;
using static Worker.Tests.Evaluation.Models.FakeModelServer;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Worker.Tests.Front.Calls;

public sealed class CallTests
{
    private const string Inline =
        """
        {"path":"support/answer","prompt":{"model":"m","provider":"openai","template":[{"role":"system","content":"You are {{ who }}."}],"temperature":0.5,"max_tokens":-1,"top_p":0.9,"stop":["."],"presence_penalty":0.1,"frequency_penalty":0.2,"seed":7,"response_format":{"type":"json_object"},"other":{"top_k":3,"stream":true},"attributes":{"a":1},"tools":[{"name":"find","description":"finds","strict":true,"parameters":{"type":"object"}}]},
         "inputs":{"who":"a {{clerk}}"},"messages":[{"role":"user","content":"Where is it?","name":null}],"tool_choice":"auto","logprobs":2}
        """;

    [Fact]
    public async Task The_provider_is_sent_what_the_prompt_says_with_its_inputs_and_the_messages()
    {
        await using var world = await CallWorld.StartAsync(Says("On its way."));

        (await world.CallAsync(Inline)).Status.ShouldBe(HttpStatusCode.OK);

        world.Asked.Path.ShouldBe("/v1/chat/completions");
        world.Asked.Authorization.ShouldBe($"Bearer {CallWorld.OperatorsKey}");
        JsonNode.DeepEquals(JsonNode.Parse(world.Asked.Body.GetRawText()), JsonNode.Parse(
            """
            {"model":"m","messages":[{"role":"system","content":"You are a {{clerk}}."},{"role":"user","content":"Where is it?"}],
             "temperature":0.5,"top_p":0.9,"stop":["."],"presence_penalty":0.1,"frequency_penalty":0.2,"seed":7,"response_format":{"type":"json_object"},
             "tools":[{"type":"function","function":{"name":"find","description":"finds","strict":true,"parameters":{"type":"object"}}}],
             "tool_choice":"auto","logprobs":true,"top_logprobs":2,"top_k":3}
            """)).ShouldBeTrue(world.Asked.Body.GetRawText());
    }

    [Fact]
    public async Task The_answer_is_what_clients_read_and_the_log_says_the_same()
    {
        await using var world = await CallWorld.StartAsync(Says("On its way."));

        var (status, answer) = await world.CallAsync(
            """{"path":"support/answer","prompt":{"model":"m","template":"{{a.b}} {{n}}"},"inputs":{"a":{"b":"x"},"n":{"k":[1]}},"user":"ann","source":"s","metadata":{"m":1},"environment":"label","source_datapoint_id":"d","start_time":"2026-01-02T03:04:05Z","log_status":"incomplete"}""");

        status.ShouldBe(HttpStatusCode.OK);
        world.Asked.Message(0).ShouldBe("""x {"k":[1]}""");
        var sample = answer!["logs"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)sample["output"]!).ShouldBe("On its way.");
        ((string)sample["output_message"]!["content"]!).ShouldBe("On its way.");
        ((string)sample["finish_reason"]!).ShouldBe("stop");
        ((int)sample["prompt_tokens"]!).ShouldBe(1000);
        ((double)sample["prompt_cost"]!).ShouldBe(0.002);
        ((double)sample["output_cost"]!).ShouldBe(0.0002);
        ((int)sample["index"]!).ShouldBe(0);
        ((string)answer["prompt"]!["path"]!).ShouldBe("support/answer");
        ((string)answer["prompt"]!["template"]!).ShouldBe("{{a.b}} {{n}}");
        ((string)answer["start_time"]!).ShouldBe("2026-01-02T03:04:05Z");
        ((string)answer["log_status"]!).ShouldBe("incomplete");
        ((string)answer["environment"]!).ShouldBe("label");

        await world.Front.DrainAsync();
        var log = (await world.Front.GetAsync($"/v5/logs/{answer["id"]}")).Json!;
        ((string)log["output"]!).ShouldBe("On its way.");
        ((string)log["user"]!).ShouldBe("ann");
        ((string)log["prompt"]!["version_id"]!).ShouldBe((string)answer["prompt"]!["version_id"]!);
        ((string)log["prompt"]!["id"]!).ShouldBe((string)answer["prompt"]!["id"]!);
        ((string)log["provider_request"]!["model"]!).ShouldBe("m");
        ((string)log["provider_response"]!["id"]!).ShouldBe("c1");
        ((double)log["output_cost"]!).ShouldBe(0.0002);
        ((double)log["provider_latency"]!).ShouldBeGreaterThan(0);
        log["end_time"].ShouldNotBeNull();
        log["problems"].ShouldBeNull();
    }

    [Fact]
    public async Task A_stored_prompt_is_called_by_path_id_version_or_environment_and_the_log_is_pinned_to_it()
    {
        await using var world = await CallWorld.StartAsync(Says("yes"));
        var first = await SaveAsync(world, "one");
        var second = await SaveAsync(world, "two");
        var id = (string)first["id"]!;
        await world.Front.PostAsync($"/v5/prompts/{id}/environments/staging?version_id={first["version_id"]}", "");
        await world.Front.DrainAsync();

        foreach (var (body, query, template) in new[]
        {
            ("""{"path":"a/b"}""", "", "two"),
            ($$"""{"id":"{{id}}"}""", "", "two"),
            ($$$"""{"id":"{{{id}}}","prompt":{"model":"m","template":"inline"}}""", "", "inline"),
            ("""{"path":"a/b"}""", $"?version_id={first["version_id"]}", "one"),
            ("{}", $"?version_id={first["version_id"]}", "one"),
            ("""{"path":"a/b","prompt":{"model":"n"}}""", "?environment=staging", "one"),
        })
        {
            var (status, answer) = await world.CallAsync(body, query);
            status.ShouldBe(HttpStatusCode.OK, answer?.ToJsonString());
            world.Model.Requests[^1].Message(0).ShouldBe(template);
            ((string)answer!["prompt"]!["template"]!).ShouldBe(template);
            await world.Front.DrainAsync();
            var log = (await world.Front.GetAsync($"/v5/logs/{answer["id"]}")).Json!;
            ((string)log["prompt"]!["version_id"]!).ShouldBe((string)answer["prompt"]!["version_id"]!);
            ((string)log["prompt"]!["id"]!).ShouldBe(id);
        }

        ((string)second["version_id"]!).ShouldNotBe((string)first["version_id"]!);
    }

    /// <summary>Its ids are the service's, and not made of its path.</summary>
    [Theory]
    [InlineData("""{"path":"/old/prompt"}""", "")]
    [InlineData("""{"id":"pr_old"}""", "")]
    [InlineData("""{"path":"old/prompt"}""", "?version_id=prv_old")]
    public async Task A_prompt_that_was_imported_is_called(string body, string query)
    {
        await using var world = await CallWorld.StartAsync(Says("yes"));
        var details = """{"model":"m","provider":"openai","endpoint":"chat","template":[{"role":"user","content":"old"}],"max_tokens":null}""";
        await ((IFileStore)world.Front.Store).AddAsync(
            [new("pr_old", LogKind.Prompt, "old/prompt")],
            [new("prv_old", "pr_old", new JsonValue(Encoding.UTF8.GetBytes(details)))],
            TestContext.Current.CancellationToken);

        var (status, answer) = await world.CallAsync(body, query);

        status.ShouldBe(HttpStatusCode.OK, answer?.ToJsonString());
        world.Asked.Message(0).ShouldBe("old");
        ((string)answer!["prompt"]!["version_id"]!).ShouldBe("prv_old");
        await world.Front.DrainAsync();
        var log = (await world.Front.GetAsync($"/v5/logs/{answer["id"]}")).Json!;
        ((string)log["prompt"]!["id"]!).ShouldBe("pr_old");
        ((string)log["prompt"]!["version_id"]!).ShouldBe("prv_old");
    }

    [Theory]
    [InlineData("""{"path":"p","prompt":{"model":"m","template":"{{who}}"}}""", "who")]
    [InlineData("""{"path":"p","prompt":{"model":"m","template":"{{who}}"},"inputs":{"who":null}}""", "who")]
    [InlineData("""{"path":"p","prompt":{"template":"x"}}""", "model")]
    [InlineData("""{"path":"p","prompt":{"model":"m","template":"x","provider":"elsewhere"}}""", "elsewhere")]
    [InlineData("""{"path":"p","prompt":{"model":"m","template":"x","endpoint":"http://evil.example/v1"}}""", "address")]
    [InlineData("""{"path":"p","prompt":{"model":"m","template":"x"},"provider_api_keys":{"openai":"k","openai_endpoint":"http://evil.example"}}""", "address")]
    [InlineData("""{"path":"p","prompt":{"model":"m","template":"x"},"provider_api_keys":{"openai":"k\r\nX: y"}}""", "ASCII")]
    [InlineData("""{"path":"p","prompt":{"model":"m","template":"x","template_language":"jinja"}}""", "{{name}}")]
    [InlineData("""{"path":"p","prompt":{"model":"m","template":"x"},"num_samples":2}""", "sample")]
    [InlineData("""{"path":"p","prompt":{"model":"m","template":"x"},"suffix":"s"}""", "suffix")]
    [InlineData("""{"path":"p","prompt":{"model":"m"}}""", "messages")]
    [InlineData("""{"path":"p","prompt":{"model":"m"},"messages":[{"content":"x"}]}""", "role")]
    [InlineData("""{"path":"p","prompt":"text"}""", "object")]
    [InlineData("""{"path":"p","prompt":{"model":"m","template":"x"},"inputs":[1]}""", "object")]
    [InlineData("""{"prompt":null}""", "path")]
    [InlineData("""{"path":"p","prompt":{"model":"m","template":"x"},"log_id":7}""", "log_id")]
    [InlineData("[]", "object")]
    public async Task What_cannot_be_called_is_told_before_anybody_is_asked(string body, string word)
    {
        await using var world = await CallWorld.StartAsync(Says("yes"));

        var (status, answer) = await world.CallAsync(body);

        status.ShouldBe(HttpStatusCode.UnprocessableEntity, answer?.ToJsonString());
        ((string)answer!["detail"]![0]!["msg"]!).ShouldContain(word);
        world.Model.Requests.ShouldBeEmpty();
        world.Front.Intake.Taken.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"path":"nowhere"}""", "")]
    [InlineData("""{"id":"pr_nowhere"}""", "")]
    [InlineData("""{"id":"pr_nowhere","prompt":{"model":"m","template":"x"}}""", "")]
    [InlineData("{}", "?version_id=prv_nowhere")]
    public async Task A_prompt_that_is_not_there_is_not_found(string body, string query)
    {
        await using var world = await CallWorld.StartAsync(Says("yes"));

        (await world.CallAsync(body, query)).Status.ShouldBe(HttpStatusCode.NotFound);

        world.Model.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_to_be_saved_is_called_and_nothing_is_taken()
    {
        await using var world = await CallWorld.StartAsync(Says("yes"), Fails(500, "no"));

        var (status, answer) = await world.CallAsync("""{"path":"p","prompt":{"model":"m","template":"x"},"save":false,"inputs":{"a":1}}""");
        var failed = await world.CallAsync("""{"path":"p","prompt":{"model":"m","template":"x"},"save":"what"}""");

        status.ShouldBe(HttpStatusCode.OK);
        ((bool)answer!["save"]!).ShouldBeFalse();
        ((int)answer["inputs"]!["a"]!).ShouldBe(1);
        ((string)answer["logs"]![0]!["output"]!).ShouldBe("yes");
        failed.Status.ShouldBe(HttpStatusCode.BadGateway);
        world.Front.Intake.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task Inputs_are_not_returned_where_that_is_asked_for_and_are_logged()
    {
        await using var world = await CallWorld.StartAsync(Says("yes"));

        var (_, answer) = await world.CallAsync("""{"path":"p","prompt":{"model":"m","template":"{{a}}"},"return_inputs":false,"inputs":{"a":1}}""");

        answer!["inputs"]!.AsObject().ShouldBeEmpty();
        ((int)world.Front.OnlyBody()["inputs"]!["a"]!).ShouldBe(1);
    }

    [Fact]
    public async Task A_model_that_calls_functions_says_so_in_its_message()
    {
        await using var world = await CallWorld.StartAsync(FakeModelServer.Calls("""{"x":1}"""));

        var (_, answer) = await world.CallAsync("""{"path":"p","prompt":{"model":"m","template":"x","tools":[{"name":"judge"}]},"tool_choice":{"type":"function","function":{"name":"judge"}}}""");

        var sample = answer!["logs"]![0]!;
        ((string)sample["output"]!).ShouldBeEmpty();
        var call = sample["output_message"]!["tool_calls"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)call["id"]!).ShouldBe("call_1");
        ((string)call["function"]!["arguments"]!).ShouldBe("""{"x":1}""");
        ((string)answer["tool_choice"]!["function"]!["name"]!).ShouldBe("judge");
        ((string)world.Front.OnlyBody()["finish_reason"]!).ShouldBe("tool_calls");
    }

    [Fact]
    public async Task Tools_that_a_prompt_names_are_looked_up()
    {
        await using var world = await CallWorld.StartAsync(Says("yes"));
        var tool = (await world.Front.PostAsync("/v5/tools", """{"path":"t","function":{"name":"find","description":"d"}}""")).Json!;
        await world.Front.DrainAsync();

        var (status, _) = await world.CallAsync($$$"""{"path":"p","prompt":{"model":"m","template":"x","linked_tools":["{{{tool["id"]}}}",{"id":"tl_2","version_id":"tlv_2","name":"told"}]}}""");

        status.ShouldBe(HttpStatusCode.OK);
        world.Asked.Body.GetProperty("tools").EnumerateArray().Select(each => each.GetProperty("function").GetProperty("name").GetString())
            .ShouldBe(["find", "told"]);
    }

    [Fact]
    public async Task The_trace_is_that_of_the_parent()
    {
        await using var world = await CallWorld.StartAsync(Says("yes"));
        await world.Front.PostAsync("/v5/flows/log", """{"log_id":"f"}""");
        await world.Front.PostAsync("/v5/tools/log", """{"log_id":"t","trace_parent_id":"f"}""");
        await world.Front.DrainAsync();

        var (_, answer) = await world.CallAsync("""{"log_id":"mine","path":"p","prompt":{"model":"m","template":"x"},"trace_parent_id":"t"}""");

        ((string)answer!["trace_id"]!).ShouldBe("f");
        ((string)answer["trace_parent_id"]!).ShouldBe("t");
        ((string)answer["id"]!).ShouldBe("mine");
        await world.Front.DrainAsync();
        (await world.Front.LogsAsync("mine"))["mine"].ParentId.ShouldBe("t");
    }

    [Fact]
    public async Task An_answer_larger_than_a_log_is_answered_whole_and_kept_in_part()
    {
        var text = new string('ä', 40_000);
        await using var world = await CallWorld.StartAsync([("Ingestion:MaxMessageBytes", "32768")], Says(text));

        var (status, answer) = await world.CallAsync("""{"path":"p","prompt":{"model":"m","template":"x"}}""");

        status.ShouldBe(HttpStatusCode.OK, answer?.ToJsonString());
        ((string)answer!["logs"]![0]!["output"]!).ShouldBe(text);
        var log = world.Front.OnlyBody();
        ((string)log["output"]!).ShouldContain("bytes are left out here");
        ((string)log["error"]!).ShouldContain("kept in part");
        log["provider_response"].ShouldBeNull();
    }

    [Fact]
    public async Task A_request_that_leaves_no_room_for_an_answer_is_too_large()
    {
        await using var world = await CallWorld.StartAsync([("Ingestion:MaxMessageBytes", "32768")], Says("yes"));

        var (status, _) = await world.CallAsync($$$"""{"path":"p","prompt":{"model":"m","template":"{{{new string('x', 32_000)}}}"}}""");

        status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        world.Model.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_that_only_newer_models_know_is_found_out()
    {
        await using var world = await CallWorld.StartAsync(
            Fails(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."), Says("yes"));

        (await world.CallAsync("""{"path":"p","prompt":{"model":"m","template":"x","max_tokens":9}}""")).Status.ShouldBe(HttpStatusCode.OK);

        world.Model.Requests[1].Body.GetProperty("max_completion_tokens").GetInt32().ShouldBe(9);
        world.Model.Requests[1].Has("max_tokens").ShouldBeFalse();
    }

    private static async Task<JsonNode> SaveAsync(CallWorld world, string template)
    {
        var saved = (await world.Front.PostAsync("/v5/prompts", $$"""{"path":"a/b","model":"m","template":"{{template}}"}""")).Json!;
        await world.Front.DrainAsync();
        return saved;
    }
}
