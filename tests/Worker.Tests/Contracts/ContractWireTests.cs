using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit.Serialization;
using Worker.Contracts;

namespace Worker.Tests.Contracts;

/// <summary>What the contracts look like on the wire, by themselves and through MassTransit's own serializer options.</summary>
public sealed class ContractWireTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly ToolLogged EveryToolField = new()
    {
        LogId = "log", Path = "a/tool", Id = "tl_1", VersionId = "tlv_1", VersionEnvironment = "production", TraceParentId = "flow",
        StartTime = Time, EndTime = Time, Output = "o", CreatedAt = Time, Error = "e", ProviderLatency = 1.5, Stdout = "s",
        ProviderRequest = new() { ["Model"] = "m" }, ProviderResponse = new() { ["ok"] = true }, Inputs = new() { ["Price"] = 1.50m, ["none"] = null },
        Source = "src", Metadata = new() { ["k"] = new[] { 1, 2 } }, SourceDatapointId = "dp", BatchId = "b", User = "u", Environment = "staging",
        Save = false, LogStatus = TraceStatus.Incomplete, SentAt = Time,
        Tool = new()
        {
            Function = new() { Name = "f", Description = "d", Strict = true, Parameters = new() { ["type"] = "object" } },
            SourceCode = "c", SetupValues = new() { ["v"] = 1 }, Attributes = new() { ["A_b"] = 1 },
        },
    };

    private static readonly FlowLogged EveryFlowField = new()
    {
        LogId = "flow", Path = "a/flow", TraceParentId = "above", Inputs = new(), Output = "o", Flow = new() { Attributes = new() { ["v"] = "1" } },
        Messages = [new() { ["role"] = "user" }], OutputMessage = new() { ["role"] = "assistant" }, TraceStatus = TraceStatus.Complete,
        LogStatus = TraceStatus.Complete, EvaluationId = "evr", RunId = "run", SentAt = Time,
    };

    private static readonly FlowLogUpdated EveryUpdateField = new()
    {
        LogId = "flow", TraceStatus = TraceStatus.Complete, LogStatus = TraceStatus.Complete, Inputs = new Dictionary<string, object?> { ["Q"] = 1m },
        Output = "o", Error = null, Messages = new List<Dictionary<string, object?>> { new() { ["role"] = "user" } }, OutputMessage = null,
        Path = "p", Id = "fl", Flow = new FlowDetails(), VersionId = "flv", VersionEnvironment = "prod", TraceParentId = null, Save = true, SentAt = Time,
    };

    public static TheoryData<object, string> Messages => new()
    {
        { new ToolLogged(), "{}" },
        {
            EveryToolField,
            """
            {"log_id":"log","path":"a/tool","id":"tl_1","version_id":"tlv_1","version_environment":"production","trace_parent_id":"flow",
            "start_time":"2026-01-02T03:04:05+00:00","end_time":"2026-01-02T03:04:05+00:00","output":"o","created_at":"2026-01-02T03:04:05+00:00",
            "error":"e","provider_latency":1.5,"stdout":"s","provider_request":{"Model":"m"},"provider_response":{"ok":true},
            "inputs":{"Price":1.50,"none":null},"source":"src","metadata":{"k":[1,2]},"source_datapoint_id":"dp","batch_id":"b","user":"u",
            "environment":"staging","save":false,"log_status":"incomplete","tool":{"function":{"name":"f","description":"d","strict":true,
            "parameters":{"type":"object"}},"source_code":"c","setup_values":{"v":1},"attributes":{"A_b":1}},"sent_at":"2026-01-02T03:04:05+00:00"}
            """
        },
        {
            EveryFlowField,
            """
            {"log_id":"flow","path":"a/flow","trace_parent_id":"above","output":"o","inputs":{},"flow":{"attributes":{"v":"1"}},
            "messages":[{"role":"user"}],"output_message":{"role":"assistant"},"trace_status":"complete","log_status":"complete",
            "evaluation_id":"evr","run_id":"run","sent_at":"2026-01-02T03:04:05+00:00"}
            """
        },
        { new FlowLogUpdated { LogId = "flow" }, """{"log_id":"flow"}""" },
        {
            EveryUpdateField,
            """
            {"log_id":"flow","trace_status":"complete","log_status":"complete","inputs":{"Q":1},"output":"o","error":null,
            "messages":[{"role":"user"}],"output_message":null,"path":"p","id":"fl","flow":{},"version_id":"flv","version_environment":"prod",
            "trace_parent_id":null,"save":true,"sent_at":"2026-01-02T03:04:05+00:00"}
            """
        },
        { new ToolLogUpdated { LogId = "log" }, """{"log_id":"log"}""" },
        {
            new ToolLogUpdated { LogId = "log", Output = null, ProviderLatency = 2, StartTime = Time, EndTime = null, LogStatus = TraceStatus.Complete },
            """{"log_id":"log","output":null,"provider_latency":2,"start_time":"2026-01-02T03:04:05+00:00","end_time":null,"log_status":"complete"}"""
        },
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

    // The numbers are compared by their text: a decimal must not become a string or lose its places.
    private static void Same(string actual, string expected)
    {
        var (left, right) = (JsonNode.Parse(actual), JsonNode.Parse(expected));
        JsonNode.DeepEquals(left, right).ShouldBeTrue($"{left}\nis not\n{right}");
    }
}
