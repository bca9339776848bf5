using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Worker.Contracts;
using Worker.Hosting;

namespace Worker.Ingestion.RabbitMq;

/// <summary>
/// The exchanges and queues, exactly as <c>config/rabbitmq/definitions.json</c> has them. Declared at every start, so that a
/// fresh broker needs nothing; what a producer sends before either has happened has nowhere to go.
/// </summary>
internal static class RabbitMqTopology
{
    public const string LogsExchange = "logs";
    public const string DeadExchange = "logs.dead";
    public const string IngestQueue = "worker.ingest";
    public const string DeadQueue = "worker.dead";

    /// <summary>What MassTransit names the exchanges of the contracts.</summary>
    public static readonly IReadOnlyList<string> ContractExchanges =
    [
        .. new[] { typeof(ToolLogged), typeof(ToolLogUpdated), typeof(FlowLogged), typeof(FlowLogUpdated), typeof(LogDeleted) }
            .Select(contract => $"{contract.Namespace}:{contract.Name}"),
    ];

    public static readonly IReadOnlyList<(string Name, string Type)> Exchanges =
    [
        (LogsExchange, ExchangeType.Topic),
        (DeadExchange, ExchangeType.Fanout),
        .. ContractExchanges.Select(name => (name, ExchangeType.Fanout)),
    ];

    public static readonly IReadOnlyList<(string Name, IReadOnlyDictionary<string, object?> Arguments)> Queues =
    [
        (IngestQueue, new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum",

            // Without it, RabbitMQ 4 sets a message aside after 20 returns, and an outage returns many.
            ["x-delivery-limit"] = int.MaxValue,
            ["x-dead-letter-exchange"] = DeadExchange,

            // At-least-once keeps a letter until worker.dead has it, and is only honoured beside reject-publish.
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-overflow"] = "reject-publish",
        }),
        (DeadQueue, new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = int.MaxValue }),
    ];

    public static readonly IReadOnlyList<(string Exchange, string Queue, string RoutingKey)> Bindings =
    [
        (LogsExchange, IngestQueue, "#"),
        (DeadExchange, DeadQueue, ""),
        .. ContractExchanges.Select(name => (name, IngestQueue, "")),
    ];

    /// <summary>Idempotent. Throws <see cref="ConfigurationFaultException"/> when the broker has it otherwise, or forbids it.</summary>
    public static async Task DeclareAsync(IConnection connection, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var what = "";
        try
        {
            foreach (var (name, type) in Exchanges)
                await channel.ExchangeDeclareAsync(what = name, type, durable: true, autoDelete: false, cancellationToken: cancellationToken);
            foreach (var (name, arguments) in Queues)
                await channel.QueueDeclareAsync(what = name, durable: true, exclusive: false, autoDelete: false, arguments.ToDictionary(), cancellationToken: cancellationToken);
            foreach (var (exchange, queue, key) in Bindings)
                await channel.QueueBindAsync(what = queue, exchange, key, cancellationToken: cancellationToken);
        }
        catch (OperationInterruptedException exception) when (Explain(exception, what) is { } fault)
        {
            throw fault;
        }
    }

    private static ConfigurationFaultException? Explain(OperationInterruptedException exception, string what) => exception.ShutdownReason?.ReplyCode switch
    {
        Constants.PreconditionFailed => new([
            $"RabbitMQ has {what} otherwise than the worker needs it ({exception.ShutdownReason.ReplyText}); delete it once it is empty, or give {RabbitMqEndpoint.Key} another virtual host."]),
        Constants.AccessRefused => new([
            $"RabbitMQ does not let the user of {RabbitMqEndpoint.Key} declare {what}; give it the configure, write and read permissions on logs, logs.dead, worker.* and Worker.Contracts:*."]),
        _ => null,
    };
}
