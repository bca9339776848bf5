using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Worker.Contracts;
using Worker.Errors;

namespace Worker.RabbitMq;

/// <summary>
/// The exchanges and queues, exactly as <c>config/rabbitmq/definitions.json</c> has them. Declared at every start, so
/// that a fresh broker needs nothing. What a producer sends before they are there is routed nowhere.
/// </summary>
internal static class RabbitMqTopology
{
    public const string LogsExchange = "logs";
    public const string DeadExchange = "logs.dead";
    public const string IngestQueue = "worker.ingest";
    public const string DeadQueue = "worker.dead";

    private static readonly Type[] Contracts =
    [
        typeof(ToolLogged), typeof(ToolLogUpdated), typeof(PromptLogged), typeof(PromptLogUpdated),
        typeof(FlowLogged), typeof(FlowLogUpdated), typeof(EvaluatorLogged), typeof(LogDeleted),
    ];

    /// <summary>What MassTransit names the exchanges of the contracts.</summary>
    public static readonly IReadOnlyList<string> ContractExchanges = [.. Contracts.Select(
        contract => $"{contract.Namespace}:{contract.Name}")];

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
        (DeadQueue, new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = int.MaxValue,
        }),
    ];

    public static readonly IReadOnlyList<(string Exchange, string Queue, string RoutingKey)> Bindings =
    [
        (LogsExchange, IngestQueue, "#"),
        (DeadExchange, DeadQueue, ""),
        .. ContractExchanges.Select(name => (name, IngestQueue, "")),
    ];

    private static readonly IReadOnlyList<TopologyPart> Parts =
    [
        .. Exchanges.Select(exchange => new TopologyPart(
            $"exchange {exchange.Name}",
            (channel, token) => channel.ExchangeDeclareAsync(
                exchange.Name, exchange.Type, durable: true, autoDelete: false, cancellationToken: token),
            (channel, token) => channel.ExchangeDeclarePassiveAsync(exchange.Name, token))),
        .. Queues.Select(queue => new TopologyPart(
            $"queue {queue.Name}",
            (channel, token) => channel.QueueDeclareAsync(
                queue.Name,
                durable: true,
                exclusive: false,
                autoDelete: false,
                queue.Arguments.ToDictionary(),
                cancellationToken: token),
            (channel, token) => channel.QueueDeclarePassiveAsync(queue.Name, token))),
        .. Bindings.Select(binding => new TopologyPart(
            $"binding of {binding.Queue} to {binding.Exchange}",
            (channel, token) => channel.QueueBindAsync(
                binding.Queue, binding.Exchange, binding.RoutingKey, cancellationToken: token),
            Look: null)),
    ];

    /// <summary>
    /// Idempotent. What the user may not declare only has to be there: whoever made it is trusted with its arguments,
    /// and with what the user may not see, such as bindings. Throws <see cref="ConfigurationException"/> when something
    /// is not there, or has other arguments.
    /// </summary>
    public static async Task DeclareAsync(IConnection connection, CancellationToken cancellationToken)
    {
        IChannel? channel = null;
        try
        {
            foreach (var part in Parts)
            {
                // Where the broker refused, it has closed the channel.
                if (channel is not { IsOpen: true })
                    await ReplaceAsync();
                if (!await IsDeclaredAsync(part, channel!, cancellationToken) && part.Look is { } look)
                {
                    await ReplaceAsync();
                    await LookAsync(part.Name, look, channel!, cancellationToken);
                }
            }
        }
        finally
        {
            if (channel is not null)
                await channel.DisposeAsync();
        }

        async Task ReplaceAsync()
        {
            if (channel is not null)
                await channel.DisposeAsync();
            channel = null;
            channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        }
    }

    /// <summary>False when the user may not declare it.</summary>
    private static async Task<bool> IsDeclaredAsync(
        TopologyPart part, IChannel channel, CancellationToken cancellationToken)
    {
        try
        {
            await part.Declare(channel, cancellationToken);
            return true;
        }
        catch (OperationInterruptedException exception) when (IsAnswer(exception, Constants.AccessRefused))
        {
            return false;
        }
        catch (OperationInterruptedException exception) when (IsAnswer(exception, Constants.PreconditionFailed))
        {
            throw new ConfigurationException([
                $"RabbitMQ has the {part.Name} otherwise than the worker needs it " +
                $"({OneLine.Of(exception.ShutdownReason!.ReplyText)}); " +
                $"delete it once it is empty, or give {RabbitMqEndpoint.Key} another virtual host."]);
        }
    }

    private static async Task LookAsync(
        string name,
        Func<IChannel, CancellationToken, Task> look,
        IChannel channel,
        CancellationToken cancellationToken)
    {
        try
        {
            await look(channel, cancellationToken);
        }
        catch (OperationInterruptedException exception) when (IsAnswer(exception, Constants.AccessRefused))
        {
            // RabbitMQ 4 shows nothing to a user who may do nothing with it: then this one needs nothing of it either.
        }
        catch (OperationInterruptedException exception) when (IsAnswer(exception, Constants.NotFound))
        {
            throw new ConfigurationException([
                $"RabbitMQ has no {name}, and the user of {RabbitMqEndpoint.Key} may not declare it; " +
                "import config/rabbitmq/definitions.json into that virtual host, or give the user the configure " +
                "permission on logs, logs.dead, worker.* and Worker.Contracts:*."]);
        }
    }

    private static bool IsAnswer(OperationInterruptedException exception, int code) =>
        exception.ShutdownReason?.ReplyCode == code;
}
