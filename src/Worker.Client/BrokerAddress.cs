using System.Net.Security;
using RabbitMQ.Client;

namespace Worker.Client;

/// <summary>Where the broker is. Whoever shows it shows <see cref="Description"/>.</summary>
internal sealed class BrokerAddress
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private BrokerAddress(ConnectionFactory factory) => Factory = factory;

    /// <summary>
    /// Its connections do not recover by themselves: what is confirmed on one is not known on another.
    /// </summary>
    public ConnectionFactory Factory { get; }

    /// <summary>Without user and password.</summary>
    public string Description => $"{Factory.HostName}:{Factory.Endpoint.Port}";

    /// <summary>
    /// Throws <see cref="ArgumentException"/> without showing what was given, because it may hold a password.
    /// </summary>
    public static BrokerAddress Parse(string? address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps")
            || uri.Host.Length == 0 || (uri.PathAndQuery + uri.Fragment).IndexOfAny(['@', '?', '#']) >= 0)
        {
            throw Malformed();
        }

        try
        {
            var factory = new ConnectionFactory
            {
                Uri = uri,
                HostName = uri.IdnHost,
                AutomaticRecoveryEnabled = false,
                RequestedHeartbeat = Heartbeat,
                RequestedConnectionTimeout = AnswerWithin,
                ContinuationTimeout = AnswerWithin,
            };
            factory.Ssl.ServerName = factory.HostName;
            factory.Ssl.AcceptablePolicyErrors = SslPolicyErrors.None;
            return new(factory);
        }
        catch (ArgumentException)
        {
            throw Malformed();
        }
    }

    private static ArgumentException Malformed() => new(
        $"{nameof(WorkerClientOptions)}.{nameof(WorkerClientOptions.RabbitMq)} accepts " +
        "amqp://user:password@host:5672/vhost, with @ : / ? # % in name, password and vhost percent-encoded.");
}
