using System.Text.Json.Nodes;
using Worker.Traces;

namespace Worker.Tests.Front.Otlp;

/// <summary>What each convention's attributes become.</summary>
public sealed class ConventionTests
{
    [Fact]
    public async Task The_current_conventions_of_a_model_call_become_a_Prompt_Log()
    {
        var log = await LogOfAsync(Export.Span(
            2, 1, "chat some-model",
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.provider.name", "openai"),
            ("gen_ai.request.model", "some-model"),
            ("gen_ai.request.temperature", 0.5),
            ("gen_ai.request.max_tokens", 100),
            ("gen_ai.request.stop_sequences", Export.List("END")),
            ("gen_ai.request.top_k", 5),
            ("gen_ai.system_instructions", """[{"type":"text","content":"Be brief."}]"""),
            ("gen_ai.input.messages", """
                [{"role":"user","parts":[{"type":"text","content":"Where is it?"}]},
                 {"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"find","arguments":{"order":17}}]},
                 {"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"shipped"}]}]
                """),
            ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"On its way."}],"finish_reason":"stop"}]"""),
            ("gen_ai.response.finish_reasons", Export.List("stop")),
            ("gen_ai.response.id", "r-1"),
            ("gen_ai.usage.input_tokens", 7),
            ("gen_ai.usage.output_tokens", 3),
            ("gen_ai.usage.reasoning.output_tokens", 2),
            ("user.id", "u-1")));

        (log.Kind, log.ParentId, log.Path).ShouldBe((LogKind.Prompt, Export.Log(1), "shop/chat some-model"));
        log[LogFields.Messages].ToString().ShouldBe(
            """[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is it?"},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"order\":17}"}}]},{"role":"tool","tool_call_id":"c1","content":"shipped"}]""");
        log[LogFields.OutputMessage].ToString().ShouldBe("""{"role":"assistant","content":"On its way."}""");
        (log.Text(LogFields.Output), log.Text(LogFields.FinishReason)).ShouldBe(("On its way.", "stop"));
        (log[LogFields.PromptTokens].ToString(), log[LogFields.OutputTokens].ToString(), log[LogFields.ReasoningTokens].ToString()).ShouldBe(("7", "3", "2"));
        log[LogFields.Prompt].ToString().ShouldBe(
            """{"model":"some-model","provider":"openai","temperature":0.5,"max_tokens":100,"stop":["END"],"other":{"top_k":5}}""");
        (log.Text(LogFields.User), log.Text(LogFields.Source)).ShouldBe(("u-1", "shop"));
        log[LogFields.ProviderLatency].ToString().ShouldBe("1.5");
        var metadata = Metadata(log);
        ((string)metadata["gen_ai.response.id"]!).ShouldBe("r-1");
        ((string)metadata["gen_ai.operation.name"]!).ShouldBe("chat");
        metadata.AsObject().Select(member => member.Key).ShouldNotContain("gen_ai.input.messages");
        ((string)metadata["otel"]!["scope"]!).ShouldBe("library");
        log.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_older_conventions_with_their_events_say_the_same()
    {
        var log = await LogOfAsync(Export.Span(
            2, 1, "chat some-model", ("gen_ai.system", "openai"), ("gen_ai.request.model", "some-model"), ("gen_ai.usage.prompt_tokens", 7), ("gen_ai.usage.completion_tokens", 3))
            .With("events", new JsonArray(
                Export.Event("gen_ai.system.message", ("content", "Be brief.")),
                Export.Event("gen_ai.user.message", ("content", "Where is it?")),
                Export.Event("gen_ai.choice", ("index", 0), ("finish_reason", "stop"), ("message", """{"content":"On its way."}""")))));

        log.Kind.ShouldBe(LogKind.Prompt);
        log[LogFields.Messages].ToString().ShouldBe("""[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is it?"}]""");
        (log.Text(LogFields.Output), log.Text(LogFields.FinishReason)).ShouldBe(("On its way.", "stop"));
        (log[LogFields.PromptTokens].ToString(), log[LogFields.OutputTokens].ToString()).ShouldBe(("7", "3"));
    }

    [Fact]
    public async Task OpenLLMetry_numbers_its_messages()
    {
        var log = await LogOfAsync(Export.Span(
            2, 1, "openai.chat",
            ("llm.request.type", "chat"),
            ("gen_ai.request.model", "some-model"),
            ("gen_ai.prompt.1.role", "user"),
            ("gen_ai.prompt.1.content", "Where is it?"),
            ("gen_ai.prompt.0.role", "system"),
            ("gen_ai.prompt.0.content", "Be brief."),
            ("gen_ai.completion.0.role", "assistant"),
            ("gen_ai.completion.0.tool_calls.0.id", "c1"),
            ("gen_ai.completion.0.tool_calls.0.name", "find"),
            ("gen_ai.completion.0.tool_calls.0.arguments", """{"order":17}"""),
            ("gen_ai.completion.0.finish_reason", "tool_calls"),
            ("llm.request.functions.0.name", "find"),
            ("llm.usage.total_tokens", 10)));

        log[LogFields.Messages].ToString().ShouldBe("""[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is it?"}]""");
        log[LogFields.OutputMessage].ToString().ShouldBe(
            """{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"order\":17}"}}]}""");
        log.Text(LogFields.Output).ShouldBe("");
        log.Text(LogFields.FinishReason).ShouldBe("tool_calls");
        JsonNode.Parse(log[LogFields.Prompt].ToString()!)!["tools"]!.ToJsonString().ShouldBe("""[{"name":"find"}]""");
    }

    [Fact]
    public async Task OpenInference_calls_of_models_become_Prompt_Logs()
    {
        var log = await LogOfAsync(Export.Span(
            2, 1, "ChatCompletion",
            ("openinference.span.kind", "LLM"),
            ("llm.model_name", "some-model"),
            ("llm.invocation_parameters", """{"model":"some-model","temperature":0.1}"""),
            ("llm.input_messages.0.message.role", "user"),
            ("llm.input_messages.0.message.contents.0.message_content.type", "text"),
            ("llm.input_messages.0.message.contents.0.message_content.text", "Where is it?"),
            ("llm.output_messages.0.message.role", "assistant"),
            ("llm.output_messages.0.message.content", "On its way."),
            ("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "find"),
            ("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", "{}"),
            ("llm.token_count.prompt", 7),
            ("llm.token_count.completion", 3),
            ("llm.cost.prompt", 0.01),
            ("llm.cost.completion", 0.02),
            ("llm.tools.0.tool.json_schema", """{"type":"function","function":{"name":"find"}}"""),
            ("input.value", """{"messages":[]}"""),
            ("input.mime_type", "application/json"),
            ("output.value", """{"choices":[]}""")));

        log[LogFields.Messages].ToString().ShouldBe("""[{"role":"user","content":"Where is it?"}]""");
        log.Text(LogFields.Output).ShouldBe("On its way.");
        log[LogFields.OutputMessage].ToString()!.ShouldContain("\"name\":\"find\"");
        (log[LogFields.PromptCost].ToString(), log[LogFields.OutputCost].ToString()).ShouldBe(("0.01", "0.02"));
        log[LogFields.ProviderRequest].ToString().ShouldBe("""{"messages":[]}""");
        log[LogFields.ProviderResponse].ToString().ShouldBe("""{"choices":[]}""");
        var prompt = JsonNode.Parse(log[LogFields.Prompt].ToString()!)!;
        prompt["temperature"]!.ToJsonString().ShouldBe("0.1");
        ((string)prompt["tools"]![0]!["function"]!["name"]!).ShouldBe("find");
    }

    [Fact]
    public async Task What_the_AI_SDK_spells_as_JSON_is_told_as_it_was()
    {
        var log = await LogOfAsync(Export.Span(
            2, 1, "ai.toolCall", ("ai.operationId", "ai.toolCall"), ("ai.toolCall.name", "find"), ("ai.toolCall.result", "\"shipped\"")));
        var prompt = await LogOfAsync(Export.Span(
            2, 1, "ai.generateText.doGenerate", ("ai.operationId", "ai.generateText.doGenerate"), ("ai.prompt.messages", """
                [{"role":"tool","content":[{"type":"tool-result","toolCallId":"c1","toolName":"find","output":{"type":"text","value":"shipped"}}]}]
                """)));

        log.Text(LogFields.Output).ShouldBe("shipped");
        prompt[LogFields.Messages].ToString().ShouldBe("""[{"role":"tool","tool_call_id":"c1","content":"shipped"}]""");
    }

    [Theory]
    [InlineData("gen_ai.operation.name", "execute_tool", "gen_ai.tool.name", "gen_ai.tool.description", "gen_ai.tool.call.arguments", "gen_ai.tool.call.result")]
    [InlineData("openinference.span.kind", "TOOL", "tool.name", "tool.description", "input.value", "output.value")]
    [InlineData("traceloop.span.kind", "tool", "gen_ai.tool.name", "gen_ai.tool.description", "traceloop.entity.input", "traceloop.entity.output")]
    [InlineData("ai.operationId", "ai.toolCall", "ai.toolCall.name", "tool.description", "ai.toolCall.args", "ai.toolCall.result")]
    public async Task Calls_of_tools_become_Tool_Logs(
        string says, string what, string name, string description, string arguments, string result)
    {
        var log = await LogOfAsync(Export.Span(
            2, 1, "execute_tool find", (says, what), (name, "find"), (description, "Finds."), (arguments, """{"order":17}"""), (result, "shipped")));

        (log.Kind, log.Path, log.ParentId).ShouldBe((LogKind.Tool, "shop/find", Export.Log(1)));
        log[LogFields.Tool].ToString().ShouldBe("""{"function":{"name":"find","description":"Finds."}}""");
        log[LogFields.Inputs].ToString().ShouldBe("""{"order":17}""");
        log.Text(LogFields.Output).ShouldBe("shipped");
    }

    [Fact]
    public async Task The_AI_SDKs_spans_go_to_the_Files_that_its_metadata_names()
    {
        await using var world = await FrontWorld.StartAsync();
        (string, object)[] metadata =
        [
            ("ai.telemetry.metadata.humanloopPromptPath", "support/write"), ("ai.telemetry.metadata.humanloopFlowPath", "support/answer"),
            ("ai.telemetry.metadata.humanloopTraceId", "f-1"), ("ai.telemetry.metadata.userId", "u-1"),
        ];

        await world.PostAsync("/v1/traces", Export.Of(
            Export.Span(1, 9, "ai.generateText", [("ai.operationId", "ai.generateText"), ("ai.prompt", """{"system":"Be brief.","prompt":"Where is it?"}"""), ("ai.response.text", "On its way."), .. metadata]),
            Export.Span(2, 1, "ai.generateText.doGenerate",
            [
                ("ai.operationId", "ai.generateText.doGenerate"), ("ai.model.id", "some-model"), ("ai.prompt.messages", """[{"role":"user","content":[{"type":"text","text":"Where is it?"}]}]"""),
                ("ai.prompt.tools", Export.List("""{"type":"function","name":"find"}""")), ("ai.prompt.toolChoice", """{"type":"auto"}"""),
                ("ai.response.toolCalls", """[{"toolCallId":"c1","toolName":"find","input":"{\"order\":17}"}]"""), ("ai.response.finishReason", "tool-calls"),
                ("ai.usage.inputTokens", 7), ("ai.usage.outputTokens", 3), .. metadata,
            ])));
        await world.DrainAsync();

        var logs = await world.LogsAsync(Export.Log(1), Export.Log(2));
        var (flow, prompt) = (logs[Export.Log(1)], logs[Export.Log(2)]);
        (flow.Kind, flow.Path, flow.ParentId, flow.IsComplete).ShouldBe((LogKind.Flow, "support/answer", "f-1", true));
        flow.Text(LogFields.Output).ShouldBe("On its way.");
        flow[LogFields.Inputs].ToString().ShouldBe("""{"input":"Where is it?"}""");
        flow[LogFields.Messages].ToString().ShouldBe("""[{"role":"system","content":"Be brief."},{"role":"user","content":"Where is it?"}]""");
        (prompt.Kind, prompt.Path, prompt.ParentId).ShouldBe((LogKind.Prompt, "support/write", flow.Id));
        prompt[LogFields.Messages].ToString().ShouldBe("""[{"role":"user","content":"Where is it?"}]""");
        prompt[LogFields.OutputMessage].ToString()!.ShouldContain("""{"name":"find","arguments":"{\"order\":17}"}""");
        prompt[LogFields.ToolChoice].ToString().ShouldBe("""{"type":"auto"}""");
        prompt.Text(LogFields.FinishReason).ShouldBe("tool-calls");
        prompt.Text(LogFields.User).ShouldBe("u-1");
        JsonNode.Parse(prompt[LogFields.Prompt].ToString()!)!["tools"]!.ToJsonString().ShouldBe("""[{"type":"function","name":"find"}]""");
    }

    [Fact]
    public async Task An_error_is_carried_with_what_was_thrown_and_what_was_got_over_is_none()
    {
        var thrown = new JsonArray(Export.Event("exception", ("exception.type", "Timeout"), ("exception.message", "too slow"), ("exception.stacktrace", "at …")));

        var failed = await LogOfAsync(Export.Span(2, 1, "execute_tool find", ("gen_ai.tool.name", "find")).With("events", thrown.DeepClone()).With("status", new JsonObject { ["code"] = 2 }));
        var said = await LogOfAsync(Export.Span(2, 1, "x").With("status", JsonNode.Parse("""{"code":"STATUS_CODE_ERROR","message":"broke"}""")!));
        var fine = await LogOfAsync(Export.Span(2, 1, "x").With("events", thrown.DeepClone()).With("status", new JsonObject { ["code"] = 1 }));

        (failed.Text(LogFields.Error), failed[LogFields.Output]).ShouldBe(("Timeout: too slow", null));
        ((string)Metadata(failed)["otel"]!["events"]![0]!["attributes"]!["exception.stacktrace"]!).ShouldBe("at …");
        said.Text(LogFields.Error).ShouldBe("broke");
        (fine.Text(LogFields.Error), fine.Text(LogFields.Output)).ShouldBe((null, ""));
    }

    [Theory]
    [InlineData(0, 1, null, "flow")]
    [InlineData(9, 1, null, "tool")]
    [InlineData(9, 2, null, "flow")]
    [InlineData(9, 2, 0x101, "tool")]
    [InlineData(9, 1, 0x300, "flow")]
    public async Task Whatever_begins_a_trace_or_a_programs_part_of_one_is_a_complete_Flow_Log(
        int parent, int kind, int? flags, string expected)
    {
        var span = Export.Span(2, parent, "POST /answer").With("kind", kind);
        if (flags is { } known)
            span.With("flags", known);

        var log = await LogOfAsync(span);

        (log.Kind.WireName(), log.IsComplete, log.Text(LogFields.Output), log.Path).ShouldBe((expected, expected == "flow", "", "shop/POST /answer"));
    }

    [Theory]
    [InlineData("gen_ai.operation.name", "chat", "prompt")]
    [InlineData("gen_ai.operation.name", "embeddings", "prompt")]
    [InlineData("gen_ai.tool.name", "find", "tool")]
    [InlineData("gen_ai.operation.name", "invoke_agent", "flow")]
    [InlineData("openinference.span.kind", "CHAIN", "flow")]
    [InlineData("http.request.method", "GET", "flow")]
    public async Task A_root_is_what_it_is_and_a_flow_only_where_it_is_nothing_else(string name, string value, string expected) =>
        (await LogOfAsync(Export.Span(2, 0, "x", (name, value)))).Kind.WireName().ShouldBe(expected);

    [Fact]
    public async Task What_a_program_says_in_the_services_own_attributes_wins_on_any_span()
    {
        var log = await LogOfAsync(Export.Span(
            2, 1, "execute_tool find", ("gen_ai.tool.name", "find"), ("humanloop.file.path", "mine"), ("humanloop.log.output", "said"),
            ("humanloop.log.metadata.team", "a"), ("humanloop.log.messageType.0", "no field"), ("gen_ai.tool.call.result", "other")));

        (log.Path, log.Text(LogFields.Output)).ShouldBe(("mine", "said"));
        ((string)Metadata(log)["team"]!).ShouldBe("a");
        ((string)Metadata(log)["messageType"]![0]!).ShouldBe("no field");
    }

    [Theory]
    [InlineData("unknown_service:node", "step")]
    [InlineData("", "step")]
    [InlineData("shop", "shop/step")]
    public async Task A_service_without_a_name_of_its_own_is_left_out_of_the_path(string service, string path)
    {
        await using var world = await FrontWorld.StartAsync();

        await world.PostAsync("/v1/traces", Export.For(service, Export.Span(2, 1, "step")));
        await world.DrainAsync();

        (await world.LogsAsync(Export.Log(2)))[Export.Log(2)].Path.ShouldBe(path);
    }

    private static JsonNode Metadata(Log log) => JsonNode.Parse(log[LogFields.Metadata].ToString()!)!;

    private static async Task<Log> LogOfAsync(JsonObject span)
    {
        await using var world = await FrontWorld.StartAsync();
        await world.PostAsync("/v1/traces", Export.Of(span));
        await world.DrainAsync();
        return (await world.LogsAsync(Export.Log(2)))[Export.Log(2)];
    }
}
