using Worker.RabbitMq;
using Worker.Storage;

namespace Worker.Publishing;

/// <summary>
/// Publishes to the broker's exchange <c>logs</c>, in order, a bounded number at a time, each confirmed and routed.
/// </summary>
internal sealed class RabbitMqDestination(RabbitMqEndpoint endpoint, TimeProvider time)
    : IMessageDestination, IAsyncDisposable
{
    private const int InFlight = 256;

    private ConfirmedChannel? _channel;

    public string Name => $"RabbitMQ at {endpoint.Description}";

    public async Task OpenAsync(CancellationToken cancellationToken) =>
        _channel = await ConfirmedChannel.OpenAsync(endpoint, "worker publish", time, cancellationToken);

    public async Task<IReadOnlyList<(int Index, string Why)>> SendAsync(
        IReadOnlyList<InboxMessage> messages, CancellationToken cancellationToken)
    {
        var rejected = new List<(int, string)>();
        var inFlight = new Queue<Task>(InFlight);
        var settled = 0;
        try
        {
            foreach (var message in messages)
            {
                if (inFlight.Count == InFlight)
                    await SettleAsync();
                inFlight.Enqueue(PublishAsync(message, cancellationToken));
            }

            while (inFlight.Count > 0)
                await SettleAsync();
        }
        finally
        {
            // What is left when one throws would otherwise fail unobserved.
            await Task.WhenAll(inFlight).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return rejected;

        async Task SettleAsync()
        {
            var (confirmed, index) = (inFlight.Dequeue(), settled++);
            try
            {
                await confirmed;
            }
            catch (MessageRejectedException rejection)
            {
                rejected.Add((index, rejection.Message));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null)
            await _channel.DisposeAsync();
    }

    private async Task PublishAsync(InboxMessage message, CancellationToken cancellationToken) =>
        await _channel!.PublishAsync(
            RabbitMqTopology.LogsExchange,
            message.Type ?? "",
            RabbitMqProperties.Of(message),
            message.Body,
            cancellationToken);
}
