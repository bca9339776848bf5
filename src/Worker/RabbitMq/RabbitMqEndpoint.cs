using System.Net.Security;
using System.Security.Authentication;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Worker.Errors;

namespace Worker.RabbitMq;

/// <summary>
/// Where RabbitMQ is, and how it is connected to: read from the connection string in this one place, for the client
/// here and for the bus alike. Whoever shows an endpoint shows <see cref="Description"/>, which holds neither user nor
/// password.
/// </summary>
internal sealed class RabbitMqEndpoint
{
    public const string Key = "ConnectionStrings:RabbitMq";

    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);
    public static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);

    private const string Example = "amqp://user:password@host:5672/vhost";

    /// <summary>
    /// What a broker may be set to deliver at most: the client's own limit would end the connection, again and again.
    /// </summary>
    private const uint LargestBody = 512 * 1024 * 1024;

    private readonly ConnectionFactory _factory;

    private RabbitMqEndpoint(ConnectionFactory factory)
    {
        _factory = factory;
        Port = (ushort)factory.Endpoint.Port;
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        var path = VirtualHost == "/" ? "" : Uri.EscapeDataString(VirtualHost);
        Description = $"{(UsesTls ? "amqps" : "amqp")}://{host}:{Port}/{path}";
    }

    /// <summary>A name or an address; one of IPv6 without its brackets.</summary>
    public string Host => _factory.HostName;

    public ushort Port { get; }

    public string VirtualHost => _factory.VirtualHost;

    public string User => _factory.UserName;

    public string Password => _factory.Password;

    /// <summary>The server has to show a certificate for <see cref="Host"/> that the system trusts.</summary>
    public bool UsesTls => _factory.Ssl.Enabled;

    /// <summary>The address without user and password.</summary>
    public string Description { get; }

    /// <summary>
    /// Throws <see cref="ConfigurationException"/> when it is not a connection string. An @ after host and port is
    /// refused: there, a password was not encoded, and a part of it would be taken for the host.
    /// </summary>
    public static RabbitMqEndpoint Parse(string? connectionString)
    {
        if (!Uri.TryCreate(connectionString, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps")
            || uri.Host.Length == 0
            || uri.Port == 0 || (uri.PathAndQuery + uri.Fragment).Contains('@', StringComparison.Ordinal))
        {
            throw Malformed();
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw new ConfigurationException(
                [$"{Key} has a ? or #; it accepts no options, only {Example}."]);

        try
        {
            var factory = new ConnectionFactory
            {
                Uri = uri,
                HostName = uri.IdnHost,
                AutomaticRecoveryEnabled = false,
                RequestedHeartbeat = Heartbeat,
                RequestedConnectionTimeout = ConnectWithin,
                ContinuationTimeout = AnswerWithin,
                MaxInboundMessageBodySize = LargestBody,
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

    /// <summary>
    /// Throws <see cref="ServerUnreachableException"/>, or <see cref="ConfigurationException"/> when the broker knows
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
                    return new ConfigurationException([
                        $"RabbitMQ at {Description} refuses the user or password of {Key}; " +
                        $"correct it, e.g. {Example}."]);
                case OperationInterruptedException { ShutdownReason.ReplyCode: Constants.NotAllowed }:
                    return new ConfigurationException([
                        $"RabbitMQ at {Description} has no such virtual host, or the user of {Key} may not use it; " +
                        $"correct it, e.g. {Example}."]);
                case AuthenticationException:
                    return new ConfigurationException([
                        $"RabbitMQ at {Description} shows a certificate that is not trusted for that host " +
                        $"({OneLine.Of(inner.Message)}); correct {Key} or the certificate."]);
            }
        }

        return new ServerUnreachableException(
            $"RabbitMQ at {Description} does not answer ({OneLine.Of(exception.GetBaseException().Message)}); " +
            $"start it, or correct {Key}.",
            exception);
    }

    private static ConfigurationException Malformed() => new([
        $"{Key} is not a RabbitMQ address; it accepts {Example}, " +
        "with @ : / ? # % in name, password and vhost percent-encoded."]);
}
