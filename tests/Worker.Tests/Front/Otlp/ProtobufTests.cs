using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Tests.Front.Otlp;

public sealed class ProtobufTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_span_is_the_same_message_in_protobuf_and_in_JSON()
    {
        var export = Export.Of(
            Export.Span(1, 0, "POST /answer").With("kind", 2).With("flags", 0x101),
            Export.Span(2, 1, "chat", ("gen_ai.request.model", "some-model"), ("gen_ai.usage.input_tokens", 7), ("ratio", 0.25), ("negative", -3), ("flag", true), ("list", Export.List("a", "\u00e9\n")))
                .With("events", new JsonArray(Export.Event("gen_ai.choice", ("message", """{"content":"On its way."}"""))))
                .With("status", new JsonObject { ["code"] = 2, ["message"] = "broke" }));

        var json = await TakenAsync(Encoding.UTF8.GetBytes(export), "application/json");
        var protobuf = await TakenAsync(Protobuf.Of(export), "application/x-protobuf");

        json.Count.ShouldBe(2);
        protobuf.Select(Told).ShouldBe(json.Select(Told));
    }

    [Fact]
    public async Task Protobuf_is_told_by_its_bytes_where_nothing_says_so() =>
        (await TakenAsync(Protobuf.Of(Export.Of(Export.Span(1, 0, "a"))), "application/octet-stream")).ShouldHaveSingleItem();

    [Fact]
    public async Task Protobuf_is_told_from_JSON_at_every_length()
    {
        for (var length = 0; length < 150; length++)
        {
            var body = Protobuf.Of(Export.For(new string('x', length), Export.Span(1, 0, "")));

            (await TakenAsync(body, "application/json")).ShouldHaveSingleItem();
        }
    }

    [Fact]
    public async Task JSON_is_told_by_its_bytes_where_something_else_is_said() =>
        (await TakenAsync(Encoding.UTF8.GetBytes("\n " + Export.Of(Export.Span(1, 0, "a"))), "application/x-protobuf")).ShouldHaveSingleItem();

    [Fact]
    public async Task It_is_answered_in_protobuf()
    {
        await using var world = await FrontWorld.StartAsync();

        var (_, whole) = await SendAsync(world, Protobuf.Of(Export.Of(Export.Span(1, 0, "a"))));
        var (status, partial) = await SendAsync(world, Protobuf.Of(Export.Of(Export.Span(1, 0, "a"), Export.Span(2, 0, "b").With("spanId", "00"))));
        var (none, _) = await SendAsync(world, []);

        (status, none).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        whole.ShouldBeEmpty();
        var fields = Fields(Fields(partial).ShouldHaveSingleItem().Bytes);
        fields.Select(field => field.Field).ShouldBe([1, 2]);
        fields[0].Number.ShouldBe(1);
        Encoding.UTF8.GetString(fields[1].Bytes).ShouldContain("span_id");
    }

    [Fact]
    public async Task What_is_cut_off_anywhere_is_refused_with_a_status_in_protobuf_or_taken_as_fewer_fields()
    {
        await using var world = await FrontWorld.StartAsync();
        var whole = Protobuf.Of(Export.Of(Export.Span(1, 0, "a", ("x", "y"))));

        for (var length = 1; length < whole.Length; length++)
        {
            var (status, answer) = await SendAsync(world, whole[..length]);

            status.ShouldBe(HttpStatusCode.BadRequest);
            Fields(answer)[0].ShouldBe((1, 3L, Fields(answer)[0].Bytes));
        }

        world.Intake.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_bytes_make_the_front_fail()
    {
        await using var world = await FrontWorld.StartAsync();
        var random = new Random(17);
        var whole = Protobuf.Of(Export.Of(Export.Span(1, 0, "a", ("x", "y"), ("list", Export.List("a"))).With("events", new JsonArray(Export.Event("e", ("a", 1))))));

        for (var i = 0; i < 2_000; i++)
        {
            var bent = whole.ToArray();
            for (var j = 0; j <= i % 4; j++)
                bent[random.Next(bent.Length)] = (byte)random.Next(256);

            (await SendAsync(world, bent)).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.BadRequest);
        }
    }

    private static async Task<IReadOnlyList<InboxMessage>> TakenAsync(byte[] body, string type)
    {
        await using var world = await FrontWorld.StartAsync();
        (await SendAsync(world, body, type)).Status.ShouldBe(HttpStatusCode.OK);
        return world.Intake.Taken;
    }

    private static async Task<(HttpStatusCode Status, byte[] Answer)> SendAsync(FrontWorld world, byte[] body, string type = "application/x-protobuf")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var response = await world.Client.PostAsync("/v1/traces", content, Token);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(Token));
    }

    /// <summary>However its texts are escaped.</summary>
    private static string Told(InboxMessage message)
    {
        var form = new ArrayBufferWriter<byte>();
        CanonicalJson.WriteExact(message.Body, form);
        return $"{message.Type} {message.MessageId} {Encoding.UTF8.GetString(form.WrittenSpan)}";
    }

    /// <summary>By Google's own reader.</summary>
    private static List<(int Field, long Number, byte[] Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, long, byte[])>();
        var reader = new CodedInputStream(message);
        while (reader.ReadTag() is not 0 and var tag)
        {
            fields.Add(WireFormat.GetTagWireType(tag) == WireFormat.WireType.Varint
                ? (WireFormat.GetTagFieldNumber(tag), reader.ReadInt64(), [])
                : (WireFormat.GetTagFieldNumber(tag), 0, reader.ReadBytes().ToByteArray()));
        }

        return fields;
    }
}
