using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Worker.Ingestion.RabbitMq;
using Worker.RabbitMq;

namespace Worker.IntegrationTests.Support;

/// <summary>A bare AMQP client for tests: confirmed publishes, and looking into queues.</summary>
internal sealed class BrokerClient : IAsyncDisposable
{
    public const string Exchange = "logs";
    public const string IngestQueue = "worker.ingest";
    public const string DeadQueue = "worker.dead";

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly Uri _uri;

    private BrokerClient(Uri uri, IConnection connection, IChannel channel)
    {
        _uri = uri;
        _connection = connection;
        _channel = channel;
    }

    /// <summary>The broker's own.</summary>
    public Version Version =>
        Version.Parse(Encoding.UTF8.GetString((byte[])_connection.ServerProperties!["version"]!).Split('-', '+')[0]);

    public static async Task<BrokerClient> ConnectAsync(Uri uri)
    {
        var factory = new ConnectionFactory { Uri = uri, ClientProvidedName = "worker tests" };
        var connection = await factory.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(
                publisherConfirmationsEnabled: true,
                publisherConfirmationTrackingEnabled: true,
                outstandingPublisherConfirmationsRateLimiter: null));
        return new BrokerClient(uri, connection, channel);
    }

    /// <summary>Returns when the broker has confirmed; throws when it could not route the message.</summary>
    public async Task PublishAsync(TestMessage message, string exchange = Exchange)
    {
        var properties = new BasicProperties
        {
            Persistent = true,
            Type = message.Type,
            MessageId = message.MessageId,
            ContentType = message.ContentType,
            Headers = message.Headers?.ToDictionary(header => header.Key, header => (object?)header.Value),
        };
        await _channel.BasicPublishAsync(
            exchange, message.RoutingKey ?? message.Type ?? "", mandatory: true, properties, message.Body);
    }

    public async Task PublishAllAsync(IEnumerable<TestMessage> messages)
    {
        foreach (var batch in messages.Chunk(500))
            await Task.WhenAll(batch.Select(message => PublishAsync(message)));
    }

    /// <summary>How many messages are ready; null when there is no such queue.</summary>
    public async Task<uint?> ReadyAsync(string queue) => (await LookAsync(queue))?.MessageCount;

    /// <summary>Whether somebody consumes from the queue: then everything is declared and bound.</summary>
    public async Task<bool> IsConsumedAsync(string queue) => await ConsumersAsync(queue) > 0;

    public async Task<uint> ConsumersAsync(string queue) => (await LookAsync(queue))?.ConsumerCount ?? 0;

    /// <summary>Waits until a worker consumes: only then is everything bound.</summary>
    public Task UntilConsumedAsync() =>
        Eventually.IsTrueAsync("a worker consumes worker.ingest", () => IsConsumedAsync(IngestQueue));

    /// <summary>Makes a plain durable queue.</summary>
    public Task DeclareQueueAsync(string queue) =>
        _channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);

    public Task DeleteQueueAsync(string queue) => _channel.QueueDeleteAsync(queue);

    /// <summary>Takes every message there is out of a queue.</summary>
    public async Task<IReadOnlyList<BasicGetResult>> DrainAsync(string queue)
    {
        var taken = new List<BasicGetResult>();
        while (await _channel.BasicGetAsync(queue, autoAck: true) is { } message)
            taken.Add(message);
        return taken;
    }

    /// <summary>Takes one message and gives it back as unwanted: the broker dead-letters it.</summary>
    public async Task RejectAsync(string queue)
    {
        var message = await Eventually.FindAsync(
            $"a message in {queue}", () => _channel.BasicGetAsync(queue, autoAck: false));
        await _channel.BasicRejectAsync(message.DeliveryTag, requeue: false);
    }

    /// <summary>
    /// Takes what stands before that message and gives it back so many times, the others once: each delivery counts.
    /// </summary>
    public async Task ReturnAsync(string queue, string messageId, int times)
    {
        // What the channel still holds when it is closed, the broker takes back.
        await using var channel = await _connection.CreateChannelAsync();
        for (var time = 0; time < times; time++)
        {
            var message = await channel.BasicGetAsync(queue, autoAck: false);
            while (message!.BasicProperties.MessageId != messageId)
                message = await channel.BasicGetAsync(queue, autoAck: false);
            await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true);
        }
    }

    /// <summary>
    /// Holds the lock of embedded mode and answers nobody, as a host that died without a word; until disposed.
    /// </summary>
    public async Task<IAsyncDisposable> HoldOwnerAsync()
    {
        var factory = new ConnectionFactory { Uri = _uri, ClientProvidedName = "worker tests, dead" };
        var connection = await factory.CreateConnectionAsync();
        await (await connection.CreateChannelAsync()).QueueDeclareAsync(
            IngestOwner.Queue, durable: false, exclusive: true, autoDelete: false);
        return connection;
    }

    /// <summary>What the worker declares at its start, for tests that fill the queue first.</summary>
    public Task DeclareTopologyAsync() =>
        RabbitMqTopology.DeclareAsync(_connection, TestContext.Current.CancellationToken);

    private async Task<QueueDeclareOk?> LookAsync(string queue)
    {
        await using var channel = await _connection.CreateChannelAsync();
        try
        {
            return await channel.QueueDeclarePassiveAsync(queue);
        }
        catch (OperationInterruptedException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    public static string? Header(BasicGetResult message, string name) =>
        message.BasicProperties.Headers?.TryGetValue(name, out var value) == true
            ? value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : value?.ToString()
            : null;
}
