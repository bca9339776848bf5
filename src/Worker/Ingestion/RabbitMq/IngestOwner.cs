using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using Worker.Errors;
using Worker.RabbitMq;

namespace Worker.Ingestion.RabbitMq;

/// <summary>
/// In embedded mode one process alone drains the broker, or traces would be split over two files. Quorum queues take no
/// exclusive consumers, so that process holds an exclusive queue as a lock, for as long as its connection lives, and
/// answers on it whoever asks who holds it. A holder that does not answer is dead, or its host is: then the broker is
/// given the time to notice.
/// </summary>
internal sealed partial class IngestOwner : IAsyncDisposable
{
    public const string Queue = "worker.ingest.owner";

    /// <summary>How long the broker may take to notice that a connection is dead: a few heartbeats.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>A holder that lives answers within this.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly IChannel _channel;

    private IngestOwner(IChannel channel) => _channel = channel;

    private static string Name => $"process {Environment.ProcessId} on {Environment.MachineName}";

    /// <summary>
    /// Throws <see cref="ConfigurationException"/> when another process holds it and says so, or when nobody answers
    /// and it is still held after <see cref="Patience"/>.
    /// </summary>
    public static async Task<IngestOwner> TakeAsync(
        IConnection connection, string broker, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var first = true; ; first = false)
        {
            if (await TryTakeAsync(connection, cancellationToken) is { } owner)
                return owner;
            if (await AskAsync(connection, time, cancellationToken) is { } holder)
                throw Refused(broker, $"{holder} holds {Queue}");
            if (time.GetElapsedTime(began) > Patience)
                throw Refused(
                    broker, $"{Queue} is held by a connection that did not answer for {Patience.TotalSeconds:0} s");
            if (first)
                OwnerAwaited(logger, Queue, broker);
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    private static async Task<IngestOwner?> TryTakeAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await channel.QueueDeclareAsync(
                Queue, durable: false, exclusive: true, autoDelete: false, cancellationToken: cancellationToken);
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += AnswerAsync;
            await channel.BasicConsumeAsync(Queue, autoAck: true, consumer, cancellationToken);
            return new IngestOwner(channel);
        }
        catch (OperationInterruptedException exception)
            when (exception.ShutdownReason?.ReplyCode == Constants.ResourceLocked)
        {
            await channel.DisposeAsync();
            return null;
        }
        catch (OperationInterruptedException exception)
            when (exception.ShutdownReason?.ReplyCode == Constants.AccessRefused)
        {
            await channel.DisposeAsync();
            throw new ConfigurationException(
            [
                $"RabbitMQ does not let the user of {RabbitMqEndpoint.Key} declare {Queue}, " +
                "the lock of a worker in embedded mode; give it the configure, write and read permissions " +
                "on that name, or set Mode to server.",
            ]);
        }
    }

    private static async Task AnswerAsync(object sender, BasicDeliverEventArgs question)
    {
        if (question.BasicProperties.ReplyTo is not { Length: > 0 } address)
            return;
        var channel = ((IAsyncBasicConsumer)sender).Channel!;
        await channel.BasicPublishAsync("", address, Encoding.UTF8.GetBytes(Name), question.CancellationToken);
    }

    /// <summary>Who holds the queue, by its own word; null when nobody answers.</summary>
    private static async Task<string?> AskAsync(
        IConnection connection, TimeProvider time, CancellationToken cancellationToken)
    {
        const string ReplyHere = "amq.rabbitmq.reply-to";
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, reply) =>
        {
            answer.TrySetResult(Encoding.UTF8.GetString(reply.Body.Span));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(ReplyHere, autoAck: true, consumer, cancellationToken);
        var question = new BasicProperties { ReplyTo = ReplyHere, Expiration = "10000" };
        await channel.BasicPublishAsync(
            "", Queue, mandatory: false, question, ReadOnlyMemory<byte>.Empty, cancellationToken);
        try
        {
            return await answer.Task.WaitAsync(AnswerWithin, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static ConfigurationException Refused(string broker, string why) => new(
    [
        $"Another worker in embedded mode already drains {broker} ({why}), " +
        "and two would split traces over two stores; end it, or set Mode to server.",
    ]);

    [LoggerMessage(
        LogLevel.Warning,
        "{Queue} on {Broker} is held by a connection that does not answer; " +
        "waiting for the broker to notice that it is dead")]
    private static partial void OwnerAwaited(ILogger logger, string queue, string broker);
}
