using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit.Serialization;
using Worker.Contracts;
using Worker.Contracts.Consumer;

namespace Worker.Tests.Contracts;

/// <summary>
/// What the contracts look like on the wire, by themselves and through MassTransit's own serializer options.
/// </summary>
public sealed class ContractWireTests
{
    public static TheoryData<object, string> Messages => new()
    {
        { new ToolLogged(), "{}" },
        {
            EveryMessage.ToolLogged,
            """
            {"log_id":"tool","path":"a/tool","id":"tl_1","version_id":"tlv_1","version_environment":"production","trace_parent_id":"flow",
            "start_time":"2026-01-02T03:04:05+00:00","end_time":"2026-01-02T03:04:05+00:00","output":"o","created_at":"2026-01-02T03:04:05+00:00",
            "error":"e","provider_latency":1.5,"stdout":"s","provider_request":{"Model":"m"},"provider_response":{"ok":true},
            "inputs":{"Price":1.50,"none":null},"source":"src","metadata":{"k":[1,2]},"source_datapoint_id":"dp","batch_id":"b","user":"u",
            "environment":"staging","save":false,"log_status":"incomplete","tool":{"function":{"name":"f","description":"d","strict":true,
            "parameters":{"type":"object"}},"source_code":"c","setup_values":{"v":1},"attributes":{"A_b":1}},"sent_at":"2026-01-02T03:04:05+00:00"}
            """
        },
        { new ToolLogUpdated { LogId = "log" }, """{"log_id":"log"}""" },
        {
            EveryMessage.ToolLogUpdated,
            """
            {"log_id":"tool","output":null,"error":"e","created_at":"2026-01-02T03:04:05+00:00","provider_latency":2,"stdout":"s",
            "provider_request":{"Model":"m"},"provider_response":null,"inputs":{"Q":1.50},"source":"src","metadata":{},
            "start_time":"2026-01-02T03:04:05+00:00","end_time":null,"log_status":"complete","sent_at":"2026-01-02T03:04:05+00:00"}
            """
        },
        { new PromptLogged(), "{}" },
        {
            EveryMessage.PromptLogged,
            """
            {"log_id":"prompt","path":"a/prompt","id":"pr_1","version_id":"prv_1","version_environment":"production","trace_parent_id":"flow",
            "start_time":"2026-01-02T03:04:05+00:00","end_time":"2026-01-02T03:04:05+00:00","output":"o","created_at":"2026-01-02T03:04:05+00:00",
            "error":"e","provider_latency":1.5,"stdout":"s","provider_request":{"Model":"m"},"provider_response":{"ok":true},
            "inputs":{"Price":1.50},"source":"src","metadata":{"k":"v"},"source_datapoint_id":"dp","batch_id":"b","user":"u",
            "environment":"staging","save":true,"log_status":"incomplete","prompt":{"model":"m","endpoint":"chat",
            "template":[{"role":"system","content":"{{a}}"}],"template_language":"jinja","provider":"p","max_tokens":-1,"temperature":0.5,
            "top_p":0.25,"stop":["a","b"],"presence_penalty":-2,"frequency_penalty":2,"other":{"Top_k":1.50},"seed":7,
            "response_format":{"type":"json_object"},"reasoning_effort":"low","tools":[{"name":"f","description":"d","strict":true,
            "parameters":{"type":"object"}}],"linked_tools":["tl_1"],"attributes":{"A_b":1}},"messages":[{"role":"user","content":"?"}],
            "output_message":{"role":"assistant","content":"!"},"prompt_tokens":11,"output_tokens":12,"reasoning_tokens":13,"prompt_cost":0.25,
            "output_cost":0.5,"finish_reason":"stop","tool_choice":{"type":"function","function":{"name":"f"}},"evaluation_id":"evr",
            "run_id":"run","sent_at":"2026-01-02T03:04:05+00:00"}
            """
        },
        { new PromptLogUpdated { LogId = "log" }, """{"log_id":"log"}""" },
        { new PromptLogUpdated { LogId = "log", ToolChoice = null, PromptCost = null }, """{"log_id":"log","tool_choice":null,"prompt_cost":null}""" },
        {
            EveryMessage.PromptLogUpdated,
            """
            {"log_id":"prompt","output":"o","error":null,"created_at":"2026-01-02T03:04:05+00:00","provider_latency":2,"stdout":"s",
            "provider_request":null,"provider_response":{"Ok":1.50},"inputs":{"Q":1},"source":"src","metadata":{"k":null},
            "start_time":"2026-01-02T03:04:05+00:00","end_time":"2026-01-02T03:04:05+00:00","messages":[{"role":"user"}],"output_message":null,
            "prompt_tokens":11,"output_tokens":12,"reasoning_tokens":null,"prompt_cost":0.25,"output_cost":0.5,"finish_reason":"length",
            "tool_choice":"auto","log_status":"complete","sent_at":"2026-01-02T03:04:05+00:00"}
            """
        },
        {
            EveryMessage.FlowLogged,
            """
            {"log_id":"flow","path":"a/flow","id":"fl_1","version_id":"flv_1","version_environment":"production","trace_parent_id":"above",
            "start_time":"2026-01-02T03:04:05+00:00","end_time":"2026-01-02T03:04:05+00:00","output":"o","created_at":"2026-01-02T03:04:05+00:00",
            "error":"e","provider_latency":1.5,"stdout":"s","provider_request":{"Model":"m"},"provider_response":{},"inputs":{},"source":"src",
            "metadata":{"k":"v"},"source_datapoint_id":"dp","batch_id":"b","user":"u","environment":"staging","save":true,
            "flow":{"attributes":{"v":"1"}},"messages":[{"role":"user"}],"output_message":{"role":"assistant"},"trace_status":"complete",
            "log_status":"complete","evaluation_id":"evr","run_id":"run","sent_at":"2026-01-02T03:04:05+00:00"}
            """
        },
        { new FlowLogUpdated { LogId = "flow" }, """{"log_id":"flow"}""" },
        {
            EveryMessage.FlowLogUpdated,
            """
            {"log_id":"flow","trace_status":"complete","log_status":"complete","inputs":{"Q":1},"output":"o","error":null,
            "messages":[{"role":"user"}],"output_message":null,"path":"p","id":"fl","flow":{},"version_id":"flv","version_environment":"prod",
            "trace_parent_id":null,"save":true,"sent_at":"2026-01-02T03:04:05+00:00"}
            """
        },
        {
            EveryMessage.EvaluatorLogged,
            """
            {"parent_id":"flow","judgment":["good","short"],"log_id":"verdict","path":"a/evaluator","id":"ev_1","version_id":"evv_1",
            "version_environment":"production","trace_parent_id":"above","start_time":"2026-01-02T03:04:05+00:00",
            "end_time":"2026-01-02T03:04:05+00:00","output":"o","created_at":"2026-01-02T03:04:05+00:00","error":"e","provider_latency":1.5,
            "stdout":"s","provider_request":{"Model":"m"},"provider_response":{"ok":true},"inputs":{"Price":1.50},"source":"src",
            "metadata":{"k":"v"},"source_datapoint_id":"dp","batch_id":"b","user":"u","environment":"staging","save":true,
            "log_status":"complete","spec":{"evaluator_type":"human","arguments_type":"target_free","return_type":"multi_select","code":"c",
            "prompt":{"model":"m"},"instructions":"i","options":[{"name":"good","valence":"positive"},{"name":"short"}],"number_limits":{"min":0,"max":1,"step":0.5},
            "number_valence":"neutral","attributes":{"A_b":1}},"output_message":{"role":"assistant"},"marked_completed":true,
            "sent_at":"2026-01-02T03:04:05+00:00"}
            """
        },
        { new EvaluatorLogged { ParentId = "l", Error = "e" }, """{"parent_id":"l","error":"e"}""" },
        { new EvaluatorLogged { ParentId = "l", Judgment = null }, """{"parent_id":"l","judgment":null}""" },
        { new EvaluatorLogged { ParentId = "l", Judgment = new(false) }, """{"parent_id":"l","judgment":false}""" },
        { new EvaluatorLogged { ParentId = "l", Judgment = new(0.1) }, """{"parent_id":"l","judgment":0.1}""" },
        { new EvaluatorLogged { ParentId = "l", Judgment = new(3) }, """{"parent_id":"l","judgment":3}""" },
        { new EvaluatorLogged { ParentId = "l", Judgment = new("a") }, """{"parent_id":"l","judgment":"a"}""" },
        { new EvaluatorLogged { ParentId = "l", Judgment = new Judgment() }, """{"parent_id":"l","judgment":[]}""" },
        { new LogDeleted { LogId = "log" }, """{"log_id":"log"}""" },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_contract_is_written_in_snake_case_without_what_is_absent(object message, string json) =>
        Same(JsonSerializer.Serialize(message), json);

    [Theory]
    [MemberData(nameof(Messages))]
    public void MassTransit_writes_a_contract_no_differently(object message, string json) =>
        Same(JsonSerializer.Serialize(message, SystemTextJsonMessageSerializer.Options), json);

    [Fact]
    public void An_absent_field_and_a_null_are_told_apart_when_read()
    {
        var update = JsonSerializer.Deserialize<FlowLogUpdated>("""{"log_id":"f","output":null}""")!;

        update.Output.ShouldBe(new Optional<string?>(null));
        update.Error.HasValue.ShouldBeFalse();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("0.25")]
    [InlineData("\"good\"")]
    [InlineData("[\"good\",\"short\"]")]
    [InlineData("[]")]
    public void A_judgment_is_read_as_it_was_written(string judgment)
    {
        var json = $$"""{"parent_id":"l","judgment":{{judgment}}}""";

        JsonSerializer.Serialize(JsonSerializer.Deserialize<EvaluatorLogged>(json)).ShouldBe(json);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    public void What_is_no_judgment_is_not_read_as_one(string judgment) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<EvaluatorLogged>($$"""{"parent_id":"l","judgment":{{judgment}}}"""));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_judgment_is_a_number_that_JSON_has(double value) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Judgment(value));

    [Theory]
    [InlineData("Complete")]
    [InlineData("COMPLETE")]
    [InlineData("complete")]
    public void A_status_is_read_in_any_case(string status) =>
        JsonSerializer.Deserialize<FlowLogged>($$"""{"trace_status":"{{status}}"}""")!.TraceStatus.ShouldBe(TraceStatus.Complete);

    // The numbers are compared by their text: a decimal must not become a string or lose its places.
    private static void Same(string actual, string expected)
    {
        var (left, right) = (JsonNode.Parse(actual), JsonNode.Parse(expected));
        JsonNode.DeepEquals(left, right).ShouldBeTrue($"{left}\nis not\n{right}");
    }
}
