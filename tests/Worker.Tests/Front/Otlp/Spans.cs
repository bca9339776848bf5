using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Worker.Front.Otlp;

namespace Worker.Tests.Front.Otlp;

/// <summary>Spans for tests.</summary>
internal static class Spans
{
    public const string Trace = "0102030405060708090a0b0c0d0e0f10";

    private const long Start = 1_767_323_045_000_000;

    private static readonly string[] Names =
    [
        "gen_ai.operation.name", "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.request.model", "gen_ai.response.finish_reasons",
        "gen_ai.prompt.0.content", "gen_ai.prompt.0", "gen_ai.completion.0.tool_calls.0.name", "gen_ai.completion.0.tool_calls", "gen_ai.usage.input_tokens", "gen_ai.tool.name",
        "gen_ai.tool.call.arguments", "openinference.span.kind", "llm.input_messages.0.message.content", "llm.output_messages", "input.value", "output.value", "ai.operationId",
        "ai.response.toolCalls", "ai.prompt.messages", "humanloop.file.type", "humanloop.file.path", "humanloop.file.function", "humanloop.file.function.parameters.required",
        "humanloop.log.id", "humanloop.log.inputs.0", "humanloop.log.inputs.a", "humanloop.log.inputs", "humanloop.log.output", "humanloop.log.", "user.id", "x", "",
    ];

    private static readonly string[] Texts =
    [
        "", "chat", "execute_tool", "LLM", "TOOL", "tool", "prompt", "flow", "ai.generateText", "ai.toolCall", "[]", "{}", "[1]", "[null]", "[[]]", "[{}]", "{\"a\":", "1", "NaN",
        """[{"role":"user","parts":[{"type":"text","content":"x"}]}]""", """[{"parts":[{"type":"tool_call","name":"f"}]}]""", """[{"message":{"content":[{"text":1}]}}]""",
        """[{"content":{"a":[]}}]""", """{"message":"x"}""", "\ud800", "ä",
    ];

    /// <summary>Any span, of names and values that the mapping looks at.</summary>
    public static Gen<OtlpSpan> Any { get; } =
        from parent in Gen.Elements(null, "00000000000000aa")
        from failed in Gen.Elements(true, false)
        from attributes in Attributes
        from resource in Attributes
        from events in (from name in Gen.Elements("exception", "gen_ai.user.message", "gen_ai.choice", "gen_ai.system.message", "")
                        from said in Attributes
                        select new OtlpEvent(name, said)).ListOf()
        select Of("name", parent) with { Failed = failed, Attributes = attributes, Resource = resource, Events = [.. events] };

    private static Gen<IReadOnlyDictionary<string, JsonNode?>> Attributes =>
        (from name in Gen.Elements(Names.Concat(["content", "message", "role", "exception.message", "service.name"]).ToArray())
         from value in Value
         select (name, value)).ListOf().Select(IReadOnlyDictionary<string, JsonNode?> (pairs) =>
            pairs.GroupBy(pair => pair.name).ToDictionary(pair => pair.Key, pair => pair.First().value));

    private static Gen<JsonNode?> Value => Gen.OneOf(
        Gen.Elements(Texts).Select(JsonNode? (text) => JsonValue.Create(text)),
        Gen.Elements(0L, -1, long.MaxValue).Select(JsonNode? (number) => JsonValue.Create(number)),
        Gen.Elements(0.5, 1e300).Select(JsonNode? (number) => JsonValue.Create(number)),
        Gen.Elements(true, false).Select(JsonNode? (flag) => JsonValue.Create(flag)),
        Gen.Elements("[]", "[null]", "[\"a\",{\"b\":[1]}]", "{}", "{\"a\":{\"b\":null}}").Select(text => JsonNode.Parse(text)),
        Gen.Constant<JsonNode?>(null));

    public static OtlpSpan Of(string name, string? parent, params (string Name, object? Value)[] attributes) => new()
    {
        TraceId = Trace,
        SpanId = "1112131415161718",
        ParentSpanId = parent,
        Name = name,
        Scope = "tests",
        Start = Start,
        End = Start + 1_500_000,
        Attributes = Nodes(attributes),
        Resource = Nodes(("service.name", "shop")),
    };

    public static OtlpEvent Event(string name, params (string Name, object? Value)[] attributes) => new(name, Nodes(attributes));

    private static Dictionary<string, JsonNode?> Nodes(params (string Name, object? Value)[] attributes) =>
        attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value switch
        {
            JsonNode node => node,
            string text => JsonValue.Create(text),
            int number => JsonValue.Create((long)number),
            double number => JsonValue.Create(number),
            _ => (JsonNode?)null,
        });
}
