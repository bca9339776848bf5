using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Worker.RabbitMq;

namespace Worker.Benchmarks.Soak;

/// <summary>
/// Publishes traces as they begin, at the rate that was asked for, until time is up, and then what those that have
/// begun still hold. What the broker did not confirm is published again, as a producer would: it may come twice. Where
/// it fell behind it catches up at twice the rate.
/// </summary>
internal sealed class Publisher(Uri broker, SoakTraffic traffic, int rate)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly PriorityQueue<SoakMessage, TimeSpan> _due = new();

    /// <summary>Traces that have begun: all up to this number, in the end published whole.</summary>
    public int Traces { get; private set; }

    public long Confirmed { get; private set; }

    /// <summary>Published again, because nobody knew.</summary>
    public long Repeated { get; private set; }

    public async Task RunAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var unconfirmed = new List<SoakMessage>();
        while (true)
        {
            try
            {
                await using var connection = await ConnectAsync(cancellationToken);
                await using var channel = await OpenAsync(connection, cancellationToken);
                while (TakeDue(Stopwatch.GetElapsedTime(began), length, unconfirmed))
                {
                    await PublishAsync(channel, unconfirmed, cancellationToken);
                    await Task.Delay(Tick, cancellationToken);
                }

                return;
            }
            catch (Exception exception)
                when (exception is RabbitMQClientException or IOException or ObjectDisposedException)
            {
                Repeated += unconfirmed.Count;
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    /// <summary>False when all is published.</summary>
    private bool TakeDue(TimeSpan elapsed, TimeSpan length, List<SoakMessage> taken)
    {
        while (traffic.BeginOf(Traces) is var begin && begin <= elapsed && begin < length)
        {
            foreach (var message in traffic.Make(Traces))
                _due.Enqueue(message, begin + message.After);
            Traces++;
        }

        var most = Math.Max(1, (int)(rate * 2 * Tick.TotalSeconds));
        while (taken.Count < most && _due.TryPeek(out var message, out var at) && at <= elapsed)
        {
            taken.Add(message);
            _due.Dequeue();
        }

        return taken.Count > 0 || _due.Count > 0 || elapsed < length;
    }

    /// <summary>Leaves those that were not confirmed, and throws, where there are any.</summary>
    private async Task PublishAsync(IChannel channel, List<SoakMessage> messages, CancellationToken cancellationToken)
    {
        var sent = messages
            .Select(message => (Message: message, Sending: OneAsync(channel, message, cancellationToken)))
            .ToList();
        try
        {
            await Task.WhenAll(sent.Select(each => each.Sending));
        }
        finally
        {
            foreach (var (message, _) in sent.Where(each => each.Sending.IsCompletedSuccessfully))
                messages.Remove(message);
            Confirmed += sent.Count - messages.Count;
        }
    }

    private static async Task OneAsync(IChannel channel, SoakMessage message, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties
        {
            Type = message.Type,
            MessageId = message.MessageId,
            Persistent = true,
            ContentType = "application/json",
        };
        await channel.BasicPublishAsync(
            RabbitMqTopology.LogsExchange, message.Type, mandatory: true, properties, message.Body, cancellationToken);
    }

    private async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            Uri = broker,
            ClientProvidedName = "worker soak",
            AutomaticRecoveryEnabled = false,
        };
        return await factory.CreateConnectionAsync(cancellationToken);
    }

    private static Task<IChannel> OpenAsync(IConnection connection, CancellationToken cancellationToken) =>
        connection.CreateChannelAsync(
            new CreateChannelOptions(
                publisherConfirmationsEnabled: true,
                publisherConfirmationTrackingEnabled: true,
                outstandingPublisherConfirmationsRateLimiter: null),
            cancellationToken);
}
