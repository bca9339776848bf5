using Polly;
using Polly.Timeout;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Worker.Hosting;

namespace Worker.Ingestion.RabbitMq;

/// <summary>
/// In embedded mode one process alone drains the broker, or traces would be split over two files. Quorum queues take no
/// exclusive consumers, so that process holds an exclusive queue beside, for as long as its connection lives.
/// </summary>
internal static class IngestOwner
{
    public const string Queue = "worker.ingest.owner";

    /// <summary>
    /// Throws <see cref="ConfigurationFaultException"/> when another connection still holds it after <paramref name="patience"/>:
    /// the broker may take that long to notice that a predecessor's connection is dead.
    /// </summary>
    public static async Task TakeAsync(IConnection connection, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(patience)
            .AddRetry(new()
            {
                ShouldHandle = new PredicateBuilder().Handle<OperationInterruptedException>(IsHeldByAnother),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Constant,
                Delay = TimeSpan.FromMilliseconds(500),
            })
            .Build();
        try
        {
            await pipeline.ExecuteAsync(token => DeclareAsync(connection, token), cancellationToken);
        }
        catch (TimeoutRejectedException)
        {
            throw new ConfigurationFaultException([
                $"Another worker in embedded mode already drains this RabbitMQ (it holds {Queue}), and two would split traces over two stores; end it, or set Mode to server."]);
        }
    }

    private static async ValueTask DeclareAsync(IConnection connection, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(Queue, durable: false, exclusive: true, autoDelete: false, cancellationToken: cancellationToken);
    }

    private static bool IsHeldByAnother(OperationInterruptedException exception) =>
        exception.ShutdownReason?.ReplyCode == Constants.ResourceLocked;
}
