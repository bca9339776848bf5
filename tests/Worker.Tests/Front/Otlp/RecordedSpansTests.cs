using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Worker.Traces;

namespace Worker.Tests.Front.Otlp;

/// <summary>The spans of the service's own client, as they were recorded, byte for byte.</summary>
public sealed class RecordedSpansTests
{
    [Fact]
    public async Task A_recorded_run_becomes_the_trace_that_it_was()
    {
        await using var world = await FrontWorld.StartAsync();
        var names = await ReplayAsync(world, "humanloop-node-0.8.20-support-agent.jsonl");

        var head = await LogAsync(world, names["log_answer-ticket_1"]);
        head.IsComplete.ShouldBeTrue();
        head.Text(LogFields.Output)!.ShouldStartWith("Your order A-1043");
        head[LogFields.Inputs].ShouldNotBeNull();
        var refund = await LogAsync(world, names["log_refund_1"]);
        refund.IsComplete.ShouldBeTrue();
        refund.ParentId.ShouldBe(head.Id);
        var paid = await LogAsync(world, names["log_issue-refund_1"]);
        paid.Kind.ShouldBe(LogKind.Tool);
        paid.ParentId.ShouldBe(refund.Id);
        paid.Path.ShouldBe("support/issue-refund");
        paid.Text(LogFields.Error).ShouldBe("payment gateway timed out");
        paid[LogFields.Output].ShouldBeNull();
        paid[LogFields.Metadata].ShouldBeNull();
        JsonNode.Parse(paid[LogFields.Inputs]!.Value.ToString())!.ToJsonString().ShouldBe("""{"amount":"49.9","order":"A-1043"}""");
        (paid.EndedAt - paid.StartedAt).ShouldBe(62_664);
        JsonNode.Parse(paid[LogFields.Tool]!.Value.ToString())!["function"]!["parameters"]!["properties"]!["amount"]!["type"]!
            .GetValue<string>().ShouldBe("number");
        paid.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_recorded_session_is_taken_with_its_ids_answered()
    {
        await using var world = await FrontWorld.StartAsync();

        var names = await ReplayAsync(world, "humanloop-node-0.8.20-session.jsonl");

        (await LogAsync(world, names["log_flow_1"])).IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task A_flow_that_only_ended_overwrites_no_output_that_it_was_given_meanwhile()
    {
        await using var world = await FrontWorld.StartAsync();
        var (_, flow) = await world.PostAsync("/v5/flows/log", """{"path":"f"}""");
        var id = (string)flow!["id"]!;
        await world.PatchAsync($"/v5/flows/logs/{id}", """{"output":"said"}""");

        await world.PostAsync("/v1/traces", Sdk("flow", ("humanloop.log.id", id), ("humanloop.log.log_status", "complete")));
        await world.DrainAsync();

        var log = await LogAsync(world, id);
        log.IsComplete.ShouldBeTrue();
        log.Text(LogFields.Output).ShouldBe("said");
    }

    [Fact]
    public async Task A_flow_that_returned_nothing_is_complete_all_the_same()
    {
        await using var world = await FrontWorld.StartAsync();
        var (_, flow) = await world.PostAsync("/v5/flows/log", """{"path":"f"}""");
        var id = (string)flow!["id"]!;

        await world.PostAsync("/v1/traces", Sdk("flow", ("humanloop.log.id", id), ("humanloop.log.log_status", "complete")));
        await world.DrainAsync();

        (await LogAsync(world, id)).IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task A_provider_call_inside_a_prompt_is_that_prompts_Log_with_all_that_was_used()
    {
        await using var world = await FrontWorld.StartAsync();

        var (status, answer) = await world.PostAsync("/v5/import/otel/v1/traces", Sdk(
            "prompt",
            ("humanloop.file.path", "support/write"),
            ("humanloop.file.template", "Answer {{question}}"),
            ("humanloop.log.trace_parent_id", "log_1"),
            ("gen_ai.system", "OpenAI"),
            ("gen_ai.request.model", "some-model"),
            ("gen_ai.request.temperature", "0.5"),
            ("llm.request.type", "chat"),
            ("gen_ai.prompt.0.role", "user"),
            ("gen_ai.prompt.0.content", "Where is it?"),
            ("gen_ai.completion.0.role", "assistant"),
            ("gen_ai.completion.0.content", "On its way."),
            ("gen_ai.completion.0.finish_reason", "stop"),
            ("gen_ai.usage.prompt_tokens", "7"),
            ("gen_ai.usage.completion_tokens", "3")));
        await world.DrainAsync();

        status.ShouldBe(HttpStatusCode.OK);
        var log = await LogAsync(world, (string)answer!["records"]![0]!);
        log.Kind.ShouldBe(LogKind.Prompt);
        log.Path.ShouldBe("support/write");
        log.ParentId.ShouldBe("log_1");
        log.Text(LogFields.Output).ShouldBe("On its way.");
        log.Text(LogFields.FinishReason).ShouldBe("stop");
        log[LogFields.PromptTokens].ToString().ShouldBe("7");
        log[LogFields.OutputTokens].ToString().ShouldBe("3");
        log[LogFields.Messages].ToString().ShouldBe("""[{"role":"user","content":"Where is it?"}]""");
        var prompt = JsonNode.Parse(log[LogFields.Prompt].ToString()!)!;
        ((string)prompt["model"]!).ShouldBe("some-model");
        ((string)prompt["template"]!).ShouldBe("Answer {{question}}");
        prompt["temperature"]!.ToJsonString().ShouldBe("0.5");
        log.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_Python_sends_is_the_same_Log_as_what_JavaScript_sends()
    {
        await using var world = await FrontWorld.StartAsync();

        var (_, python) = await world.PostAsync("/v1/traces", """
            {"resourceSpans":[{"resource":{},"scopeSpans":[{"scope":{"name":"humanloop.sdk.decorator"},"spans":[{
              "traceId":"1wZdLz6iXDBeWe1vYCcWAQ==","spanId":"sWcMpPH2rSQ=","name":"humanloop.tool","kind":"SPAN_KIND_INTERNAL",
              "startTimeUnixNano":"1795283077089000000","endTimeUnixNano":"1795283077089915400","status":{},
              "attributes":[{"key":"humanloop.file.type","value":{"stringValue":"tool"}},{"key":"humanloop.file.path","value":{"stringValue":"proj/calc"}},
                {"key":"humanloop.file.function.strict","value":{"stringValue":"True"}},
                {"key":"humanloop.log.inputs.xs.0","value":{"stringValue":"1"}},{"key":"humanloop.log.inputs.xs.1","value":{"stringValue":"2"}},
                {"key":"humanloop.log.output","value":{"stringValue":"3"}}]}]}]}]}
            """);
        await world.DrainAsync();

        var id = (string)python!["records"]![0]!;
        id.ShouldBe(DerivedIds.LogOfSpan("d7065d2f3ea25c305e59ed6f60271601", "b1670ca4f1f6ad24"));
        var log = await LogAsync(world, id);
        log[LogFields.Inputs].ToString().ShouldBe("""{"xs":["1","2"]}""");
        log[LogFields.Tool].ToString().ShouldBe("""{"function":{"strict":true}}""");
    }

    [Theory]
    [InlineData("false")]
    [InlineData("False")]
    public async Task What_is_not_to_be_saved_does_not_leave_the_front(string save)
    {
        await using var world = await FrontWorld.StartAsync();

        await world.PostAsync("/v1/traces", Sdk("tool", ("humanloop.log.save", save), ("humanloop.log.inputs.card", "secret"), ("humanloop.log.output", "secret")));

        Encoding.UTF8.GetString(world.Intake.Taken.ShouldHaveSingleItem().Body.Span).ShouldNotContain("secret");
    }

    /// <summary>Replays it with the ids that this front gives; by the name that each had when it was recorded.</summary>
    private static async Task<Dictionary<string, string>> ReplayAsync(FrontWorld world, string recording)
    {
        var names = new Dictionary<string, string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", recording)))
        {
            var recorded = JsonNode.Parse(line)!;
            var (url, body) = ((string)recorded["url"]!, (string)recorded["body"]!);
            if (url is not ("/v5/flows/log" or "/v5/import/otel/v1/traces"))
                continue;
            var isOurs = names.Count == 0 || !names.Keys.Any(name => body.Contains($"\"{name}\"", StringComparison.Ordinal));
            if (!isOurs)
                body = names.Aggregate(body, (text, name) => text.Replace($"\"{name.Key}\"", $"\"{name.Value}\"", StringComparison.Ordinal));
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "text/plain") };
            var (status, answer) = await world.SendAsync(request);

            status.ShouldBe(HttpStatusCode.OK);
            var id = (string)(answer!["id"] ?? answer["records"]![0])!;
            var was = (string?)(recorded["reply"]?["id"] ?? recorded["reply"]?["records"]?[0]);
            names[was ?? (url == "/v5/flows/log" ? $"log_flow_{(int)recorded["n"]!}" : id)] = id;
        }

        await world.DrainAsync();
        return names;
    }

    private static async Task<Log> LogAsync(FrontWorld world, string id) => (await world.LogsAsync(id))[id];

    private static string Sdk(string type, params (string Key, string Value)[] attributes)
    {
        var written = attributes.Prepend(("humanloop.file.type", type)).Select(attribute => new JsonObject
        {
            ["key"] = attribute.Item1, ["value"] = new JsonObject { ["stringValue"] = attribute.Item2 },
        });
        return $$"""
            {"resourceSpans":[{"scopeSpans":[{"scope":{"name":"humanloop.sdk.decorator"},"spans":[{
              "traceId":"d7065d2f3ea25c305e59ed6f60271601","spanId":"b1670ca4f1f6ad24","traceState":"","name":"humanloop.{{type}}","kind":0,
              "startTimeUnixNano":1795283077089000000,"endTimeUnixNano":1795283077089915400,
              "attributes":{{new JsonArray([.. written]).ToJsonString()}},"events":[],"links":[]}]}]}]}
            """;
    }
}
