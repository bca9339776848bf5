using System.Text;
using RabbitMQ.Client;
using Shouldly;
using Worker.Ingestion.RabbitMq;
using Worker.Testing;
using Xunit;

namespace Worker.Tests.Ingestion.RabbitMq;

public sealed class DeliveriesTests
{
    [Fact]
    public void Properties_and_headers_become_the_common_shape()
    {
        var properties = new BasicProperties
        {
            Type = "tool.logged",
            MessageId = "m",
            ContentType = "application/json",
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

        var message = Deliveries.Read(properties, "key", [1, 2], 7, Some.Time);

        message.Type.ShouldBe("tool.logged");
        message.MessageId.ShouldBe("m");
        message.ContentType.ShouldBe("application/json");
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
        var message = Deliveries.Read(new BasicProperties(), "", [], 1, Some.Time);

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

        var message = Deliveries.Read(properties, "tool.logged", [], 1, Some.Time);

        message.MessageTypeHeader.ShouldBeNull();
        message.DeathRoutingKey.ShouldBeNull();
        message.DeliveryCount.ShouldBe(0);
        message.ReceivedAt.ShouldBe(Some.Time);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
