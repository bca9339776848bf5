using System.Security.Authentication;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Worker.Hosting;

namespace Worker.Ingestion.RabbitMq;

/// <summary>Where RabbitMQ is, and how it is connected to. The one place that knows the password; it never leaves.</summary>
internal sealed class RabbitMqEndpoint
{
    public const string Key = "ConnectionStrings:RabbitMq";
    private const string Example = "amqp://user:password@host:5672/vhost";

    /// <summary>What a broker may be set to deliver at most: the client's own limit would end the connection, again and again.</summary>
    private const uint LargestBody = 512 * 1024 * 1024;

    private readonly ConnectionFactory _factory;

    private RabbitMqEndpoint(ConnectionFactory factory)
    {
        _factory = factory;
        var scheme = factory.Ssl.Enabled ? "amqps" : "amqp";
        Description = $"{scheme}://{factory.HostName}:{factory.Endpoint.Port}/{(factory.VirtualHost == "/" ? "" : Uri.EscapeDataString(factory.VirtualHost))}";
    }

    /// <summary>The address without user and password.</summary>
    public string Description { get; }

    /// <summary>Throws <see cref="ConfigurationFaultException"/> when it is not a connection string.</summary>
    public static RabbitMqEndpoint Parse(string? connectionString)
    {
        if (!Uri.TryCreate(connectionString, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps") || uri.Host.Length == 0)
            throw Malformed();

        try
        {
            var factory = new ConnectionFactory
            {
                Uri = uri,
                AutomaticRecoveryEnabled = false,
                RequestedHeartbeat = TimeSpan.FromSeconds(20),
                RequestedConnectionTimeout = TimeSpan.FromSeconds(10),
                ContinuationTimeout = TimeSpan.FromSeconds(15),
                MaxInboundMessageBodySize = LargestBody,
            };
            factory.Ssl.ServerName = factory.HostName;
            factory.Ssl.AcceptablePolicyErrors = System.Net.Security.SslPolicyErrors.None;
            return new(factory);
        }
        catch (ArgumentException)
        {
            throw Malformed();
        }
    }

    /// <summary>
    /// Throws <see cref="ServerUnreachableException"/>, or <see cref="ConfigurationFaultException"/> when the broker knows
    /// neither user nor virtual host. The connection does not recover by itself: what was delivered on one is never
    /// acknowledged on another.
    /// </summary>
    public async Task<IConnection> ConnectAsync(string name, CancellationToken cancellationToken)
    {
        IConnection? connection = null;
        try
        {
            connection = await _factory.CreateConnectionAsync(name, cancellationToken);

            // The client does not wait to hear whether there is such a virtual host; the first channel does.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            return connection;
        }
        catch (Exception exception)
        {
            if (connection is not null)
                await connection.DisposeAsync();
            if (cancellationToken.IsCancellationRequested)
                throw;
            throw Explain(exception);
        }
    }

    private Exception Explain(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case AuthenticationFailureException or PossibleAuthenticationFailureException:
                    return new ConfigurationFaultException([$"RabbitMQ at {Description} refuses the user or password of {Key}; it takes {Example}."]);
                case OperationInterruptedException { ShutdownReason.ReplyCode: Constants.NotAllowed }:
                    return new ConfigurationFaultException([$"RabbitMQ at {Description} has no such virtual host, or the user of {Key} may not use it; it takes {Example}."]);
                case AuthenticationException:
                    return new ConfigurationFaultException([$"RabbitMQ at {Description} shows a certificate that is not trusted for that host ({inner.Message}); correct {Key} or the certificate."]);
            }
        }

        return new ServerUnreachableException($"RabbitMQ at {Description} does not answer ({exception.GetBaseException().Message}); start it, or correct {Key}.", exception);
    }

    private static ConfigurationFaultException Malformed() => new([$"{Key} is not a RabbitMQ address; it takes {Example}."]);
}
