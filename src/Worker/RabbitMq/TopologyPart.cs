using RabbitMQ.Client;

namespace Worker.RabbitMq;

/// <summary>
/// An exchange, a queue or a binding: how it is declared, and how it is looked for where declaring it is forbidden.
/// </summary>
/// <param name="Name">E.g. "queue worker.ingest".</param>
/// <param name="Look">Null where the broker does not tell: of bindings.</param>
internal sealed record TopologyPart(
    string Name, Func<IChannel, CancellationToken, Task> Declare, Func<IChannel, CancellationToken, Task>? Look);
