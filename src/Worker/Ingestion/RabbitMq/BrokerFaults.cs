using System.Net.Sockets;
using RabbitMQ.Client.Exceptions;

namespace Worker.Ingestion.RabbitMq;

/// <summary>
/// What the client throws when connection or channel are gone, or do not answer: there is no common type. A cancellation counts
/// too; whether it was asked for, the caller knows.
/// </summary>
internal static class BrokerFaults
{
    public static bool Are(Exception exception) =>
        exception is ServerUnreachableException or RabbitMQClientException or IOException or SocketException
            or TimeoutException or ObjectDisposedException or OperationCanceledException;

    /// <summary>One of the client's own, which nobody has put into words.</summary>
    public static bool IsClients(Exception exception) => exception is RabbitMQClientException;
}
