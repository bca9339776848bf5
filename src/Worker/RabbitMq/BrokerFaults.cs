using System.Net.Sockets;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Worker.Errors;

namespace Worker.RabbitMq;

/// <summary>
/// Knows the exceptions of a connection or channel that is gone or does not answer: they have no common type. A
/// cancellation counts, too; the caller knows whether it was asked for.
/// </summary>
internal static class BrokerFaults
{
    public static bool IsBrokerFault(this Exception exception) =>
        exception is ServerUnreachableException or RabbitMQClientException or IOException or SocketException
            or TimeoutException or ObjectDisposedException or OperationCanceledException;

    /// <summary>
    /// What to throw for a channel or connection that ended during a request. A missing permission is such an end, too,
    /// because it may be given at any time: asking again is worth it.
    /// </summary>
    /// <param name="broker">E.g. "RabbitMQ at amqp://host:5672/".</param>
    /// <param name="advice">What to do where it was no matter of permissions.</param>
    public static ServerUnreachableException Ended(Exception exception, string broker, string advice) => new(
        exception is OperationInterruptedException { ShutdownReason: { ReplyCode: Constants.AccessRefused } refusal }
            ? $"{broker} refuses that to the user of {RabbitMqEndpoint.Key} ({OneLine.Of(refusal.ReplyText)}); " +
                "give the user that permission, or use another one."
            : $"{broker} ended the connection ({OneLine.Of(exception.Message)}); {advice}.",
        exception);

    /// <summary>Whether it is one of the client's own exceptions, which nothing here has put into words.</summary>
    public static bool IsClientFault(this Exception exception) => exception is RabbitMQClientException;
}
