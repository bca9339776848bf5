using Shouldly;
using Worker.Hosting;
using Worker.Ingestion.RabbitMq;
using Xunit;

namespace Worker.Tests.Ingestion.RabbitMq;

public sealed class RabbitMqEndpointTests
{
    [Theory]
    [InlineData("amqp://user:secret@broker:5673/my%2Fhost", "amqp://broker:5673/my%2Fhost")]
    [InlineData("amqp://broker", "amqp://broker:5672/")]
    [InlineData("amqps://user:secret@broker/v", "amqps://broker:5671/v")]
    public void An_address_is_described_without_its_password(string address, string description) =>
        RabbitMqEndpoint.Parse(address).Description.ShouldBe(description);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("broker:5672")]
    [InlineData("http://user:secret@broker/")]
    [InlineData("amqp://user:secret@broker:99999/")]
    [InlineData("amqp://user:secret@broker/a/b")]
    [InlineData("amqp://")]
    [InlineData("Host=broker;Password=secret")]
    public void What_is_no_address_is_one_sentence_that_names_the_key_and_hides_the_password(string? address)
    {
        var fault = Should.Throw<ConfigurationFaultException>(() => RabbitMqEndpoint.Parse(address)).Faults.ShouldHaveSingleItem();

        fault.ShouldContain("ConnectionStrings:RabbitMq");
        fault.ShouldContain("amqp://user:password@host:5672/vhost");
        fault.ShouldNotContain("secret");
    }
}
