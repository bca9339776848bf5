using System.Net.Sockets;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Worker.Errors;

namespace Worker.RabbitMq;

/// <summary>
/// What the client throws when connection or channel are gone, or do not answer: there is no common type. A
/// cancellation counts too; whether it was asked for, the caller knows.
/// </summary>
internal static class BrokerFaults
{
    public static bool IsBrokerFault(this Exception exception) =>
        exception is ServerUnreachableException or RabbitMQClientException or IOException or SocketException
            or TimeoutException or ObjectDisposedException or OperationCanceledException;

    /// <summary>
    /// What to throw for a channel or connection that ended while something was asked. A permission that is missing can
    /// be given at any time, so that is worth asking again, too.
    /// </summary>
    /// <param name="broker">E.g. "RabbitMQ at amqp://host:5672/".</param>
    /// <param name="advice">What to do where it was no matter of permissions.</param>
    public static ServerUnreachableException Ended(Exception exception, string broker, string advice) => new(
        exception is OperationInterruptedException { ShutdownReason: { ReplyCode: Constants.AccessRefused } refusal }
            ? $"{broker} refuses that to the user of {RabbitMqEndpoint.Key} ({OneLine.Of(refusal.ReplyText)}); " +
                "give the user that permission, or use another one."
            : $"{broker} ended the connection ({OneLine.Of(exception.Message)}); {advice}.",
        exception);

    /// <summary>One of the client's own, which nobody has put into words.</summary>
    public static bool IsClientFault(this Exception exception) => exception is RabbitMQClientException;
}
