using Worker.Ingestion.RabbitMq;
using Worker.RabbitMq;
using Worker.Storage;

namespace Worker.Publishing;

/// <summary>Publishes to the broker's exchange <c>logs</c>, every message confirmed and routed.</summary>
internal sealed class RabbitMqDestination(RabbitMqEndpoint endpoint, TimeProvider time) : IMessageDestination, IAsyncDisposable
{
    private RabbitMqPublisher? _publisher;

    public string Name => $"RabbitMQ at {endpoint.Description}";

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await using (var connection = await endpoint.ConnectAsync("worker publish", cancellationToken))
            await RabbitMqTopology.DeclareAsync(connection, cancellationToken);
        _publisher = await RabbitMqPublisher.ConnectAsync(endpoint, time, cancellationToken);
    }

    public async Task<IReadOnlyList<(int Index, string Why)>> SendAsync(IReadOnlyList<InboxMessage> messages, CancellationToken cancellationToken)
    {
        var rejected = new List<(int, string)>();
        var index = 0;
        await _publisher!.PublishAsync(messages.ToAsyncEnumerable(), Settled, cancellationToken);
        return rejected;

        void Settled(InboxMessage message, string? why)
        {
            if (why is not null)
                rejected.Add((index, why));
            index++;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_publisher is not null)
            await _publisher.DisposeAsync();
    }
}
