using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Worker.Front.Otlp;
using Worker.Traces;

namespace Worker.Tests.Front.Otlp;

/// <summary>What becomes of a span, convention by convention.</summary>
public sealed class SpanLogTests
{
    [Fact]
    public void A_call_of_a_model_by_the_conventions_of_today()
    {
        var log = SpanLogs.Of(Spans.Of(
            "chat gpt-5",
            parent: "00000000000000aa",
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.provider.name", "openai"),
            ("gen_ai.request.model", "gpt-5"),
            ("gen_ai.request.temperature", 0.5),
            ("gen_ai.usage.input_tokens", 10),
            ("gen_ai.usage.output_tokens", 20),
            ("gen_ai.response.finish_reasons", new JsonArray("stop")),
            ("gen_ai.system_instructions", """[{"type":"text","content":"Be kind."}]"""),
            ("gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"Where?"}]}]"""),
            ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"There."},{"type":"tool_call","id":"c","name":"find","arguments":{"a":1}}],"finish_reason":"stop"}]"""),
            ("server.address", "api.example")));

        log.Kind.ShouldBe(MessageKind.PromptLogged);
        Shown(log, "path", "prompt", "messages", "output", "output_message", "prompt_tokens", "output_tokens", "finish_reason", "provider_latency").ShouldBe(
            """{"path":"shop/chat gpt-5","prompt":{"model":"gpt-5","provider":"openai","temperature":0.5},"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Where?"}],"output":"There.","output_message":{"role":"assistant","content":"There.","tool_calls":[{"id":"c","type":"function","function":{"name":"find","arguments":"{\"a\":1}"}}]},"prompt_tokens":10,"output_tokens":20,"finish_reason":"stop","provider_latency":1.5}""");
        ((string?)log.Body["trace_parent_id"]).ShouldBe(DerivedIds.LogOfSpan(Spans.Trace, "00000000000000aa"));
        ((string?)log.Body["metadata"]!["server.address"]).ShouldBe("api.example");
        log.Body["metadata"]!["gen_ai.request.model"].ShouldBeNull();
    }

    [Fact]
    public void A_call_of_a_model_by_the_conventions_before_them_with_its_messages_as_events()
    {
        var log = SpanLogs.Of(Spans.Of(
            "chat", parent: "00000000000000aa", ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.prompt_tokens", 1), ("gen_ai.usage.completion_tokens", 2)) with
        {
            Events =
            [
                Spans.Event("gen_ai.system.message", ("content", "Be kind.")),
                Spans.Event("gen_ai.user.message", ("content", "Where?")),
                Spans.Event("gen_ai.choice", ("message", """{"content":"There.","role":"assistant"}"""), ("finish_reason", "stop")),
            ],
        });

        Shown(log, "messages", "output", "prompt_tokens", "output_tokens").ShouldBe(
            """{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Where?"}],"output":"There.","prompt_tokens":1,"output_tokens":2}""");
    }

    [Fact]
    public void A_call_of_a_model_by_OpenLLMetry()
    {
        var log = SpanLogs.Of(Spans.Of(
            "openai.chat",
            parent: "00000000000000aa",
            ("llm.request.type", "chat"),
            ("gen_ai.system", "OpenAI"),
            ("gen_ai.request.model", "gpt-4o"),
            ("gen_ai.prompt.0.role", "system"),
            ("gen_ai.prompt.0.content", "Be kind."),
            ("gen_ai.prompt.1.role", "user"),
            ("gen_ai.prompt.1.content", "Where?"),
            ("gen_ai.completion.0.role", "assistant"),
            ("gen_ai.completion.0.content", "There."),
            ("gen_ai.completion.0.finish_reason", "stop"),
            ("gen_ai.completion.0.tool_calls.0.id", "c"),
            ("gen_ai.completion.0.tool_calls.0.name", "find"),
            ("gen_ai.completion.0.tool_calls.0.arguments", "{}")));

        Shown(log, "messages", "output_message").ShouldBe(
            """{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Where?"}],"output_message":{"role":"assistant","content":"There.","tool_calls":[{"id":"c","type":"function","function":{"name":"find","arguments":"{}"}}]}}""");
    }

    [Fact]
    public void A_call_of_a_model_by_OpenInference()
    {
        var log = SpanLogs.Of(Spans.Of(
            "ChatCompletion",
            parent: "00000000000000aa",
            ("openinference.span.kind", "LLM"),
            ("llm.model_name", "claude"),
            ("llm.provider", "anthropic"),
            ("llm.input_messages.0.message.role", "user"),
            ("llm.input_messages.0.message.content", "Where?"),
            ("llm.output_messages.0.message.role", "assistant"),
            ("llm.output_messages.0.message.content", "There."),
            ("llm.token_count.prompt", 3),
            ("llm.token_count.completion", 4),
            ("llm.cost.prompt", 0.25),
            ("llm.cost.completion", 0.5)));

        log.Kind.ShouldBe(MessageKind.PromptLogged);
        Shown(log, "prompt", "messages", "output", "prompt_tokens", "output_tokens", "prompt_cost", "output_cost").ShouldBe(
            """{"prompt":{"model":"claude","provider":"anthropic"},"messages":[{"role":"user","content":"Where?"}],"output":"There.","prompt_tokens":3,"output_tokens":4,"prompt_cost":0.25,"output_cost":0.5}""");
    }

    [Fact]
    public void A_generation_of_the_Vercel_AI_SDK_is_a_Flow_and_its_call_a_Prompt()
    {
        (string, object?)[] metadata =
        [
            ("ai.telemetry.metadata.humanloopPromptPath", "support/answer"),
            ("ai.telemetry.metadata.humanloopFlowPath", "support/flow"),
            ("ai.telemetry.metadata.humanloopTraceId", "log_flow"),
        ];
        var outer = SpanLogs.Of(Spans.Of(
            "ai.generateText", parent: null, [("ai.operationId", "ai.generateText"), ("ai.response.text", "There."), ("ai.usage.promptTokens", 5), .. metadata]));
        var inner = SpanLogs.Of(Spans.Of(
            "ai.generateText.doGenerate",
            parent: "00000000000000aa",
            [("ai.operationId", "ai.generateText.doGenerate"), ("ai.model.id", "gpt-4o"), ("ai.prompt.messages", """[{"role":"user","content":[{"type":"text","text":"Where?"}]}]"""), ("ai.response.text", "There."), ("ai.usage.promptTokens", 5), .. metadata]));
        var tool = SpanLogs.Of(Spans.Of(
            "ai.toolCall", parent: "00000000000000aa", ("ai.operationId", "ai.toolCall"), ("ai.toolCall.name", "find"), ("ai.toolCall.args", """{"a":1}"""), ("ai.toolCall.result", "\"x\"")));

        outer.Kind.ShouldBe(MessageKind.FlowLogged);
        Shown(outer, "path", "trace_parent_id", "trace_status", "output", "prompt_tokens").ShouldBe(
            """{"path":"support/flow","trace_parent_id":"log_flow","trace_status":"complete","output":"There."}""");
        inner.Kind.ShouldBe(MessageKind.PromptLogged);
        Shown(inner, "path", "messages", "output", "prompt_tokens").ShouldBe(
            """{"path":"support/answer","messages":[{"role":"user","content":"Where?"}],"output":"There.","prompt_tokens":5}""");
        tool.Kind.ShouldBe(MessageKind.ToolLogged);
        Shown(tool, "path", "tool", "inputs", "output").ShouldBe(
            """{"path":"shop/find","tool":{"function":{"name":"find","description":""}},"inputs":{"a":1},"output":"\"x\""}""");
    }

    [Fact]
    public void A_root_is_a_finished_Flow_and_what_is_between_a_step()
    {
        var root = SpanLogs.Of(Spans.Of("handle", parent: null, ("input.value", "hello")));
        var step = SpanLogs.Of(Spans.Of("GET", parent: "00000000000000aa", ("http.request.method", "GET")));
        var remote = SpanLogs.Of(Spans.Of("handle", parent: "00000000000000aa") with { IsParentRemote = true });

        root.Kind.ShouldBe(MessageKind.FlowLogged);
        Shown(root, "path", "trace_parent_id", "trace_status", "inputs", "output", "start_time", "end_time", "sent_at", "source").ShouldBe(
            """{"path":"shop/handle","trace_status":"complete","inputs":{"input":"hello"},"output":"","start_time":"2026-01-02T03:04:05Z","end_time":"2026-01-02T03:04:06.500000Z","sent_at":"2026-01-02T03:04:06.500000Z","source":"tests"}""");
        step.Kind.ShouldBe(MessageKind.ToolLogged);
        Shown(step, "path", "output").ShouldBe("""{"path":"shop/GET"}""");
        remote.Kind.ShouldBe(MessageKind.FlowLogged);
        remote.Body["trace_parent_id"].ShouldNotBeNull();
    }

    [Fact]
    public void What_failed_says_why()
    {
        var failed = Spans.Of("handle", parent: null) with { Failed = true };

        Error(failed with { StatusMessage = "no stock" }).ShouldBe("no stock");
        Error(failed with { Events = [Spans.Event("exception", ("exception.message", "boom"), ("exception.type", "E"))] }).ShouldBe("boom");
        Error(Spans.Of("handle", parent: null, ("error.type", "timeout")) with { Failed = true }).ShouldBe("timeout");
        Error(failed).ShouldBe("The span failed, and does not say why.");
        Error(failed with { Failed = false, StatusMessage = "fine" }).ShouldBeNull();
        SpanLogs.Of(failed).Body["output"].ShouldBeNull();
    }

    [Fact]
    public void A_span_of_the_clients_own_is_what_they_flattened_into_it()
    {
        var log = SpanLogs.Of(Spans.Of(
            "humanloop.tool",
            parent: null,
            ("humanloop.file.type", "tool"),
            ("humanloop.file.path", "proj/calc"),
            ("humanloop.file.function.name", "calc"),
            ("humanloop.file.function.strict", "True"),
            ("humanloop.file.function.parameters.type", "object"),
            ("humanloop.file.function.parameters.required", "a,b"),
            ("humanloop.file.function.parameters.properties.a.type", "number"),
            ("humanloop.log.inputs.a", "1"),
            ("humanloop.log.inputs.list.0", "x"),
            ("humanloop.log.inputs.list.1", "y"),
            ("humanloop.log.trace_parent_id", "log_flow"),
            ("humanloop.log.output", "3")));

        log.Kind.ShouldBe(MessageKind.ToolLogged);
        Shown(log, "path", "trace_parent_id", "tool", "inputs", "output").ShouldBe(
            """{"path":"proj/calc","trace_parent_id":"log_flow","tool":{"function":{"name":"calc","strict":true,"parameters":{"type":"object","required":["a","b"],"properties":{"a":{"type":"number"}}}}},"inputs":{"a":"1","list":["x","y"]},"output":"3"}""");
    }

    [Fact]
    public void The_end_of_a_flow_updates_the_Log_that_its_beginning_made()
    {
        var log = SpanLogs.Of(Spans.Of(
            "humanloop.flow", parent: null, ("humanloop.file.type", "flow"), ("humanloop.file.path", "proj/agent"), ("humanloop.log.id", "log_1"), ("humanloop.log.output", "x"), ("humanloop.log.log_status", "complete")));

        (log.Kind, log.LogId).ShouldBe((MessageKind.FlowLogUpdated, "log_1"));
        Shown(log, "log_id", "path", "output", "log_status").ShouldBe(
            """{"log_id":"log_1","path":"proj/agent","output":"x","log_status":"complete"}""");
    }

    [Fact]
    public void A_prompt_of_the_clients_own_is_the_providers_span()
    {
        var log = SpanLogs.Of(Spans.Of(
            "openai.chat",
            parent: "00000000000000aa",
            ("humanloop.file.type", "prompt"),
            ("humanloop.file.path", "proj/answer"),
            ("humanloop.file.template", "Answer {{question}}"),
            ("humanloop.log.trace_parent_id", "log_flow"),
            ("llm.request.type", "chat"),
            ("gen_ai.request.model", "gpt-4o"),
            ("gen_ai.request.temperature", "0.5"),
            ("gen_ai.prompt.0.role", "user"),
            ("gen_ai.prompt.0.content", "Where?"),
            ("gen_ai.completion.0.content", "There."),
            ("gen_ai.usage.prompt_tokens", "7")));

        log.Kind.ShouldBe(MessageKind.PromptLogged);
        Shown(log, "path", "trace_parent_id", "prompt", "messages", "output", "prompt_tokens").ShouldBe(
            """{"path":"proj/answer","trace_parent_id":"log_flow","prompt":{"template":"Answer {{question}}","model":"gpt-4o","temperature":0.5},"messages":[{"role":"user","content":"Where?"}],"output":"There.","prompt_tokens":7}""");
    }

    [Fact]
    public void Names_with_any_number_of_dots_are_taken_apart_within_bounds()
    {
        var name = "humanloop.log.inputs" + string.Concat(Enumerable.Repeat(".a", 100_000));

        var log = SpanLogs.Of(Spans.Of("x", parent: null, ("humanloop.file.type", "tool"), (name, "1")));

        log.Body["inputs"].ShouldNotBeNull();
    }

    /// <summary>The same span is the same message, byte by byte, and nothing it says makes the mapping fail.</summary>
    [Fact]
    public void Whatever_a_span_says_it_becomes_a_message_and_always_the_same() =>
        Prop.ForAll(Spans.Any.ToArbitrary(), span =>
        {
            var (one, two) = (SpanLogs.Of(span), SpanLogs.Of(span with { }));
            return one.LogId == two.LogId && one.Kind == two.Kind && one.Body.ToJsonString() == two.Body.ToJsonString();
        }).QuickCheckThrowOnFailure();

    private static string? Error(OtlpSpan span) => (string?)SpanLogs.Of(span).Body["error"];

    private static string Shown(SpanLog log, params string[] names)
    {
        var shown = new JsonObject();
        foreach (var name in names)
        {
            if (log.Body[name] is { } value)
                shown[name] = value.DeepClone();
        }

        return shown.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
