using System.Text;
using RabbitMQ.Client;
using Worker.DeadLetters.RabbitMq;
using Worker.Ingestion;
using Worker.Ingestion.RabbitMq;

namespace Worker.Tests.Ingestion.RabbitMq;

public sealed class DeliveryReaderTests
{
    [Fact]
    public void Properties_and_headers_become_the_common_shape()
    {
        var properties = new BasicProperties
        {
            Type = "tool.logged",
            MessageId = "m",
            ContentType = "application/json",
            ContentEncoding = "gzip",
            Headers = new Dictionary<string, object?>
            {
                ["MT-MessageType"] = Bytes("urn:message:Worker.Contracts:ToolLogged"),
                ["x-delivery-count"] = 4,
                ["first_received"] = Bytes("2026-01-01T00:00:00.5Z"),
                ["x-death"] = new List<object?>
                {
                    new Dictionary<string, object?> { ["routing-keys"] = new List<object?> { Bytes("flow.logged") }, ["queue"] = Bytes("worker.ingest") },
                    new Dictionary<string, object?> { ["routing-keys"] = new List<object?> { Bytes("older") } },
                },
            },
        };

        var message = DeliveryReader.Read(properties, "key", new byte[] { 1, 2 }, 7, redelivered: true, Some.Time);

        message.Type.ShouldBe("tool.logged");
        message.MessageId.ShouldBe("m");
        message.ContentType.ShouldBe("application/json");
        message.ContentEncoding.ShouldBe("gzip");
        message.RoutingKey.ShouldBe("key");
        message.MessageTypeHeader.ShouldBe("urn:message:Worker.Contracts:ToolLogged");
        message.DeathRoutingKey.ShouldBe("flow.logged");
        message.DeliveryCount.ShouldBe(4);
        message.ReceivedAt.ShouldBe(new(2026, 1, 1, 0, 0, 0, 500, TimeSpan.Zero));
        message.Tag.ShouldBe(7);
        message.Body.ToArray().ShouldBe([1, 2]);
    }

    [Fact]
    public void A_message_without_properties_is_a_message()
    {
        var message = DeliveryReader.Read(new BasicProperties(), "", default, 1, redelivered: true, Some.Time);

        message.Type.ShouldBeNull();
        message.DeliveryCount.ShouldBe(0);
        message.ReceivedAt.ShouldBe(Some.Time);
    }

    [Fact]
    public void Headers_of_unexpected_types_are_as_good_as_absent()
    {
        var properties = new BasicProperties
        {
            Headers = new Dictionary<string, object?>
            {
                ["MT-MessageType"] = 5, ["x-delivery-count"] = Bytes("many"), ["first_received"] = Bytes("yesterday"), ["x-death"] = new List<object?> { "?" },
            },
        };

        var message = DeliveryReader.Read(properties, "tool.logged", default, 1, redelivered: true, Some.Time);

        message.MessageTypeHeader.ShouldBeNull();
        message.DeathRoutingKey.ShouldBeNull();
        message.DeliveryCount.ShouldBe(0);
        message.ReceivedAt.ShouldBe(Some.Time);
    }

    [Theory]
    [InlineData(null, null, 0)]
    [InlineData(2, null, 2)]
    [InlineData(null, 3, 3)]
    [InlineData(2, 5, 5)]
    public void Returns_are_counted_by_either_of_the_brokers_headers(int? delivered, int? acquired, long count)
    {
        Read(redelivered: true).DeliveryCount.ShouldBe(count);
        Read(redelivered: false).DeliveryCount.ShouldBe(0, "a publisher can send such headers");

        InboundMessage Read(bool redelivered) => DeliveryReader.Read(
            new BasicProperties { Headers = new Dictionary<string, object?> { ["x-delivery-count"] = delivered, ["x-acquired-count"] = acquired } },
            "tool.logged", new byte[] { 1 }, 1, redelivered, Some.Time);
    }

    [Fact]
    public void A_withheld_letter_that_was_moved_back_is_known_by_its_headers()
    {
        var letter = Some.DeadLetter() with { Body = null, Withheld = true, BodyLength = 4711 };
        var properties = DeadLetterMessages.Write(letter);
        properties.Headers = properties.Headers!.ToDictionary(header => header.Key, header => header.Value is string text ? Bytes(text) : header.Value);

        DeliveryReader.Read(properties, "worker.ingest", default, 1, redelivered: false, Some.At(9)).Letter.ShouldBe(letter);
        DeliveryReader.Read(properties, "worker.ingest", new byte[] { 1 }, 1, redelivered: false, Some.At(9)).Letter.ShouldBeNull();
        properties.Headers["reason"] = Bytes("because");
        DeliveryReader.Read(properties, "worker.ingest", default, 1, redelivered: false, Some.At(9)).Letter.ShouldBeNull();
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
