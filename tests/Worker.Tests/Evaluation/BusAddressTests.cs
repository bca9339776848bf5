using System.Net.Security;
using System.Security.Authentication;
using MassTransit;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using Worker.RabbitMq;

namespace Worker.Tests.Evaluation;

/// <summary>In server mode the bus goes where every other connection to the broker goes, and in the same way.</summary>
public sealed class BusAddressTests
{
    [Theory]
    [InlineData("amqp://broker", "broker", 5672, "/", "guest", "guest", false)]
    [InlineData("amqp://ann:pw@broker:5673/", "broker", 5673, "/", "ann", "pw", false)]
    [InlineData("amqp://ann:pw@broker:5671/v", "broker", 5671, "v", "ann", "pw", false)]
    [InlineData("amqps://ann:pw@broker/v", "broker", 5671, "v", "ann", "pw", true)]
    [InlineData("amqps://ann:pw@broker:5673/v", "broker", 5673, "v", "ann", "pw", true)]
    [InlineData("amqps://ann:pw@broker:5672/v", "broker", 5672, "v", "ann", "pw", true)]
    [InlineData("AMQPS://ann:pw@BROKER:5673", "broker", 5673, "/", "ann", "pw", true)]
    [InlineData("amqp://ann:pw@broker/%2f", "broker", 5672, "/", "ann", "pw", false)]
    [InlineData("amqp://ann:pw@broker/a%2Fb%20c%40d%23", "broker", 5672, "a/b c@d#", "ann", "pw", false)]
    [InlineData("amqp://ann:pw@broker/%C3%A9t%C3%A9", "broker", 5672, "\u00e9t\u00e9", "ann", "pw", false)]
    [InlineData(
        "amqp://a%3An%40n:p%40%3A%2F%3F%23%25+%20w@broker/v", "broker", 5672, "v", "a:n@n", "p@:/?#%+ w", false)]
    [InlineData("amqps://ann:pw@[::1]:5673/v", "::1", 5673, "v", "ann", "pw", true)]
    [InlineData("amqp://ann:pw@127.0.0.1:5673/v", "127.0.0.1", 5673, "v", "ann", "pw", false)]
    public async Task Whatever_the_address_the_bus_has_all_of_it(
        string address, string host, int port, string virtualHost, string user, string password, bool tls)
    {
        var endpoint = RabbitMqEndpoint.Parse(address);
        (endpoint.Host, endpoint.Port, endpoint.VirtualHost, endpoint.User, endpoint.Password, endpoint.UsesTls)
            .ShouldBe((host, (ushort)port, virtualHost, user, password, tls));

        await using var worker = new TestHost(
            new InMemoryStore(), ("Mode", "server"), ("ConnectionStrings:RabbitMq", address));
        var bus = await FactoryAsync(worker);

        Settings(worker).Host.ShouldBe(host);
        (bus.Port, bus.VirtualHost, bus.UserName, bus.Password, bus.Ssl.Enabled).ShouldBe(
            (port, virtualHost, user, password, tls));
        (bus.RequestedHeartbeat, bus.RequestedConnectionTimeout, bus.ContinuationTimeout)
            .ShouldBe((RabbitMqEndpoint.Heartbeat, RabbitMqEndpoint.ConnectWithin, RabbitMqEndpoint.AnswerWithin));
    }

    [Fact]
    public async Task Over_TLS_the_bus_takes_only_a_certificate_that_is_trusted_for_that_host()
    {
        await using var worker = new TestHost(
            new InMemoryStore(), ("Mode", "server"), ("ConnectionStrings:RabbitMq", "amqps://ann:pw@broker:5673/v"));
        var bus = (await FactoryAsync(worker)).Ssl;

        bus.ServerName.ShouldBe("broker");
        bus.AcceptablePolicyErrors.ShouldBe(SslPolicyErrors.None);
        bus.CertificateValidationCallback.ShouldBeNull();
        bus.Version.ShouldBe(SslProtocols.None, "the system chooses");
    }

    /// <summary>As MassTransit makes it before it connects.</summary>
    private static async Task<ConnectionFactory> FactoryAsync(TestHost worker)
    {
        var factory = Settings(worker).GetConnectionFactory();
        await Settings(worker).Refresh(factory);
        return factory;
    }

    private static RabbitMqHostSettings Settings(TestHost worker)
    {
        var instance = worker.Services.GetRequiredService<IBusInstance>();
        return ((IRabbitMqHostConfiguration)instance.HostConfiguration).Settings;
    }
}
