using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Worker.Front.Otlp;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Front.Otlp;

/// <summary>What must hold of any spans, however they are put into batches.</summary>
public sealed class SpanLaws
{
    private static readonly Gen<(string, object)> Attributes = Gen.Elements<(string, object)>(
        ("gen_ai.operation.name", "chat"),
        ("gen_ai.operation.name", "execute_tool"),
        ("gen_ai.operation.name", "invoke_agent"),
        ("gen_ai.request.model", "some-model"),
        ("gen_ai.tool.name", "find"),
        ("gen_ai.prompt.0.content", "[1,2]"),
        ("gen_ai.prompt.0.role", "user"),
        ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"x"}]},{"role":"assistant","parts":[]}]"""),
        ("gen_ai.input.messages", "no JSON {"),
        ("input.value", """{"a":1,"a":2}"""),
        ("output.value", "\\ud800 \u00e9"),
        ("ai.operationId", "ai.generateText"),
        ("openinference.span.kind", "CHAIN"),
        ("humanloop.file.type", "tool"),
        ("humanloop.log.inputs.a.b", "1"),
        ("humanloop.log.inputs.a", "2"),
        ("humanloop.log.metadata", "not a map"),
        ("humanloop.file.function", "not a map"),
        ("llm.tools.0.tool.json_schema", "{"),
        ("user.id", 17),
        ("list", new[] { "a", "b" }));

    private static readonly Gen<JsonObject> Spans =
        from id in Gen.Choose(1, 50)
        from parent in Gen.Choose(0, 3)
        from kind in Gen.Choose(0, 5)
        from code in Gen.Choose(0, 2)
        from attributes in Gen.ArrayOf(Attributes)
        select Export.Span(id, parent, "span", attributes).With("kind", kind).With("status", new JsonObject { ["code"] = code });

    [Fact]
    public void A_span_is_the_same_message_in_whatever_batch_order_and_encoding_it_comes() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(
            (from spans in Gen.NonEmptyListOf(Spans) from order in Gen.Shuffle(spans.ToArray()) from size in Gen.Choose(1, 10) select (spans, order, size)).ToArbitrary(),
            given =>
            {
                var once = Json(given.spans).Order(StringComparer.Ordinal).ToList();
                var batched = given.order.Chunk(given.size).SelectMany(Json).Order(StringComparer.Ordinal);
                var encoded = given.order.Chunk(given.size).SelectMany(Encoded).Order(StringComparer.Ordinal);
                return once.SequenceEqual(batched) && once.SequenceEqual(encoded) && once.Count == given.spans.Count;
            }));

    private static IEnumerable<string> Json(IEnumerable<JsonObject> spans) => Messages(JsonSpans.Read(Encoding.UTF8.GetBytes(Body(spans))));

    private static IEnumerable<string> Encoded(IEnumerable<JsonObject> spans) => Messages(ProtobufSpans.Read(Protobuf.Of(Body(spans))));

    private static string Body(IEnumerable<JsonObject> spans) => Export.Of([.. spans.Select(span => (JsonObject)span.DeepClone())]);

    private static IEnumerable<string> Messages(IEnumerable<ReadSpan> spans) =>
        spans.Select(read => Told(SpanMessages.Of(read.Span!, DateTimeOffset.UnixEpoch)));

    /// <summary>However its texts are escaped.</summary>
    private static string Told(InboxMessage message)
    {
        var form = new ArrayBufferWriter<byte>();
        CanonicalJson.WriteExact(message.Body, form);
        return $"{message.Type} {message.MessageId} {Encoding.UTF8.GetString(form.WrittenSpan)}";
    }
}
