using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Worker.RabbitMq;

namespace Worker.Benchmarks;

/// <summary>The broker under test: its queue has to be empty, is filled, and is emptied again at the end.</summary>
internal sealed class Broker : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _publishing;

    private Broker(IConnection connection, IChannel publishing)
    {
        _connection = connection;
        _publishing = publishing;
    }

    /// <summary>As configured for the tests or for the worker; null when nothing says where it is.</summary>
    public static string? Uri => Given("WORKER_TEST_RABBITMQ") ?? Given("ConnectionStrings__RabbitMq");

    public string Version => System.Text.Encoding.UTF8.GetString((byte[])_connection.ServerProperties!["version"]!);

    /// <summary>Throws <see cref="InvalidOperationException"/> when the queue holds somebody's messages.</summary>
    public static async Task<Broker> ConnectAsync(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = new Uri(Uri!), ClientProvidedName = "worker benchmarks" };
        var connection = await factory.CreateConnectionAsync(cancellationToken);
        await RabbitMqTopology.DeclareAsync(connection, cancellationToken);
        var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(
                publisherConfirmationsEnabled: true,
                publisherConfirmationTrackingEnabled: true,
                outstandingPublisherConfirmationsRateLimiter: null),
            cancellationToken);
        var broker = new Broker(connection, channel);
        return await broker.ReadyAsync(cancellationToken) == 0
            ? broker
            : throw new InvalidOperationException($"{RabbitMqTopology.IngestQueue} is not empty; a benchmark needs a broker of its own, e.g. eng/servers.sh start.");
    }

    public async Task<uint> ReadyAsync(CancellationToken cancellationToken) =>
        (await _publishing.QueueDeclarePassiveAsync(RabbitMqTopology.IngestQueue, cancellationToken)).MessageCount;

    /// <summary>Waits until that worker has been given everything.</summary>
    /// <returns>When that was.</returns>
    public async Task<DateTimeOffset> EmptyAsync(Task worker, CancellationToken cancellationToken)
    {
        while (await ReadyAsync(cancellationToken) > 0)
        {
            if (worker.IsCompleted)
                await worker;
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }

        return TimeProvider.System.GetUtcNow();
    }

    /// <summary>Returns when the broker has confirmed.</summary>
    public ValueTask PublishAsync(string type, byte[] body, CancellationToken cancellationToken) =>
        _publishing.BasicPublishAsync(
            RabbitMqTopology.LogsExchange, type, mandatory: true, new BasicProperties { Type = type, Persistent = true, ContentType = "application/json" }, body, cancellationToken);

    /// <summary>Publishes with a thousand confirms outstanding at most.</summary>
    public async Task FillAsync(IEnumerable<(string Type, byte[] Body)> messages, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var batch in messages.Chunk(1000))
        {
            await Task.WhenAll(
                batch.Select(message => PublishAsync(message.Type, message.Body, cancellationToken).AsTask()));
            count += batch.Length;
            if (count % 100_000 == 0)
                Report.Progress($"{count:N0} messages queued");
        }
    }

    /// <summary>
    /// The limit: a bare client that takes so many messages and does nothing but acknowledge them, a chunk at a time.
    /// </summary>
    /// <returns>Messages per second.</returns>
    public async Task<double> DrainBareAsync(
        int messages, ushort prefetch, int chunk, CancellationToken cancellationToken)
    {
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.BasicQosAsync(0, prefetch, global: false, cancellationToken);
        var consumer = new BareConsumer(channel, messages, chunk);
        await channel.BasicConsumeAsync(RabbitMqTopology.IngestQueue, autoAck: false, consumer, cancellationToken);
        var elapsed = await consumer.Done.WaitAsync(cancellationToken);
        return messages / elapsed.TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _publishing.QueuePurgeAsync(RabbitMqTopology.IngestQueue);
        }
        catch (Exception exception) when (exception is OperationInterruptedException or AlreadyClosedException)
        {
            Report.Progress($"{RabbitMqTopology.IngestQueue} could not be emptied: {exception.Message}");
        }

        await _publishing.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static string? Given(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? value
        : null;

    private sealed class BareConsumer(IChannel channel, int messages, int chunk) : AsyncDefaultBasicConsumer(channel)
    {
        private readonly TaskCompletionSource<TimeSpan> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _began;
        private int _count;

        /// <summary>From the first message to the last acknowledgement.</summary>
        public Task<TimeSpan> Done => _done.Task;

        public override async Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
            IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
        {
            if (_count++ == 0)
                _began = Stopwatch.GetTimestamp();
            if (_count % chunk == 0 || _count == messages)
                await Channel.BasicAckAsync(deliveryTag, multiple: true, cancellationToken);
            if (_count == messages)
                _done.TrySetResult(Stopwatch.GetElapsedTime(_began));
        }
    }
}
