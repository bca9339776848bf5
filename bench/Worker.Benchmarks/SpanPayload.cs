using System.Text;
using System.Text.Json.Nodes;

namespace Worker.Benchmarks;

/// <summary>An OTLP/HTTP request in JSON: one trace of a chain that asks models and tools, as gen_ai instrumentations send it.</summary>
internal static class SpanPayload
{
    public const int Spans = 100;

    private const long Begin = 1_767_323_045_000_000_000;

    public static byte[] Request()
    {
        var spans = new JsonArray();
        for (var i = 0; i < Spans; i++)
            spans.Add(Span(i));
        var request = new JsonObject
        {
            ["resourceSpans"] = new JsonArray(new JsonObject
            {
                ["resource"] = new JsonObject { ["attributes"] = new JsonArray(Text("service.name", "support")) },
                ["scopeSpans"] = new JsonArray(new JsonObject
                {
                    ["scope"] = new JsonObject { ["name"] = "bench" },
                    ["spans"] = spans,
                }),
            }),
        };
        return Encoding.UTF8.GetBytes(request.ToJsonString());
    }

    /// <summary>The root, then by turns a call of a tool and of a model under it.</summary>
    private static JsonObject Span(int i)
    {
        var attributes = i == 0
            ? new JsonArray(Text("gen_ai.operation.name", "invoke_agent"), Text("gen_ai.agent.name", "support"))
            : i % 2 == 1
                ? new JsonArray(
                    Text("gen_ai.operation.name", "execute_tool"),
                    Text("gen_ai.tool.name", "find-order"),
                    Text("gen_ai.tool.call.arguments", "{\"order\":\"4711\"}"),
                    Text("gen_ai.tool.call.result", "It left the warehouse, and is with the carrier since this morning."))
                : new JsonArray(
                    Text("gen_ai.operation.name", "chat"),
                    Text("gen_ai.request.model", "small-1"),
                    Text("gen_ai.input.messages", "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Where is my order?\"}]}]"),
                    Text("gen_ai.output.messages", "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"It is on its way.\"}]}]"),
                    Number("gen_ai.usage.input_tokens", 120),
                    Number("gen_ai.usage.output_tokens", 30));
        var span = new JsonObject
        {
            ["traceId"] = "0af7651916cd43dd8448eb211c80319c",
            ["spanId"] = $"{0xb7ad6b7169200000 + (ulong)i:x16}",
            ["name"] = $"step {i}",
            ["kind"] = 1,
            ["startTimeUnixNano"] = $"{Begin + (i * 1_000_000L)}",
            ["endTimeUnixNano"] = $"{Begin + (i * 1_000_000L) + 900_000}",
            ["attributes"] = attributes,
        };
        if (i > 0)
            span["parentSpanId"] = $"{0xb7ad6b7169200000:x16}";
        return span;
    }

    private static JsonObject Text(string key, string value) =>
        new() { ["key"] = key, ["value"] = new JsonObject { ["stringValue"] = value } };

    private static JsonObject Number(string key, long value) =>
        new() { ["key"] = key, ["value"] = new JsonObject { ["intValue"] = $"{value}" } };
}
