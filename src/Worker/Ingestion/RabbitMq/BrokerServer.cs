using Worker.Diagnostics;
using Worker.RabbitMq;

namespace Worker.Ingestion.RabbitMq;

/// <summary>The broker: it answers when it lets a fresh connection in.</summary>
internal sealed class BrokerServer(RabbitMqEndpoint endpoint) : IServer
{
    public async Task AskAsync(CancellationToken cancellationToken)
    {
        await using var connection = await endpoint.ConnectAsync("worker watchdog", cancellationToken);
    }
}
