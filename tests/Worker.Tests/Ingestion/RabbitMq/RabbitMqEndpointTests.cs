using Worker.Errors;
using Worker.RabbitMq;

namespace Worker.Tests.Ingestion.RabbitMq;

public sealed class RabbitMqEndpointTests
{
    [Theory]
    [InlineData("amqp://user:secret@broker:5673/my%2Fhost", "amqp://broker:5673/my%2Fhost")]
    [InlineData("amqp://broker", "amqp://broker:5672/")]
    [InlineData("amqps://user:secret@broker/v", "amqps://broker:5671/v")]
    [InlineData("amqps://user:secret@[::1]:5673", "amqps://[::1]:5673/")]
    [InlineData("amqp://user:s%40cret%2F%3Fsecret@broker/%2f", "amqp://broker:5672/")]
    [InlineData("amqp://user:sec:secret@broker", "amqp://broker:5672/")]
    [InlineData("amqp://user:p@secret@broker", null)]
    public void An_address_is_described_without_its_password(string address, string? description)
    {
        if (description is null)
            Should.Throw<ConfigurationException>(() => RabbitMqEndpoint.Parse(address)).Message.ShouldNotContain(
                "secret");
        else
            RabbitMqEndpoint.Parse(address).Description.ShouldBe(description);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("broker:5672")]
    [InlineData("http://user:secret@broker/")]
    [InlineData("amqp://user:secret@broker:99999/")]
    [InlineData("amqp://user:secret@broker/a/b")]
    [InlineData("amqp://")]
    [InlineData("Host=broker;Password=secret")]
    [InlineData("amqp://user:secret@broker:0/")]
    [InlineData("amqp://user:secret@/v")]
    [InlineData("amqp://user:12#secret@broker")]
    [InlineData("amqp://user:12?secret@broker")]
    [InlineData("amqp://user:12/secret@broker")]
    [InlineData("amqp://user:/secret@broker")]
    [InlineData("amqp://user:secret/more@broker")]
    [InlineData("amqp://user:more@secret/12@broker")]
    [InlineData("amqp://user:secret@broker/vhost@more")]
    [InlineData("amqp://user:secret@broker?heartbeat=30")]
    [InlineData("amqp://user:secret@broker/?secret=30")]
    [InlineData("amqp://user:secret@broker/v?cacertfile=secret&verify=verify_none")]
    [InlineData("amqp://user:secret@broker/v#secret")]
    [InlineData("amqp://user:sec ret@broker:x")]
    [InlineData("amqp+ssl://user:secret@broker")]
    public void What_is_no_address_is_one_sentence_that_names_the_key_and_hides_the_password(string? address)
    {
        var fault = Should.Throw<ConfigurationException>(() => RabbitMqEndpoint.Parse(address)).Faults.ShouldHaveSingleItem();

        fault.ShouldContain("ConnectionStrings:RabbitMq");
        fault.ShouldContain("amqp://user:password@host:5672/vhost");
        fault.ShouldNotContain("secret");
        if (address?.Length > 0)
            fault.ShouldNotContain("12");
    }
}
