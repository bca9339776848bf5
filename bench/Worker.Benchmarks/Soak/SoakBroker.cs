using System.Text;
using RabbitMQ.Client;
using Worker.RabbitMq;

namespace Worker.Benchmarks.Soak;

/// <summary>
/// Looks into the queues, past the relay, with a connection for each look: the broker may go away between two.
/// </summary>
internal static class SoakBroker
{
    /// <summary>How many messages are ready.</summary>
    public static Task<uint> ReadyAsync(string queue, CancellationToken cancellationToken) => WithChannelAsync(
        async channel => (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount,
        cancellationToken);

    public static Task<uint> ConsumersAsync(string queue, CancellationToken cancellationToken) => WithChannelAsync(
        async channel => (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).ConsumerCount,
        cancellationToken);

    /// <summary>The ids of the dead letters, as often as they are there; takes them out of the queue.</summary>
    public static Task<List<string>> TakeLettersAsync(CancellationToken cancellationToken) => WithChannelAsync(
        async channel =>
        {
            List<string> ids = [];
            while (await channel.BasicGetAsync(RabbitMqTopology.DeadQueue, autoAck: true, cancellationToken)
                is { } letter)
                ids.Add(IdOf(letter.BasicProperties.Headers));
            return ids;
        },
        cancellationToken);

    private static string IdOf(IDictionary<string, object?>? headers) =>
        headers?.TryGetValue("dead_letter_id", out var value) == true && value is byte[] id
            ? Encoding.UTF8.GetString(id)
            : "(none)";

    private static async Task<T> WithChannelAsync<T>(Func<IChannel, Task<T>> look, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = new Uri(Broker.Uri!), ClientProvidedName = "worker soak" };
        await using var connection = await factory.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        return await look(channel);
    }
}
