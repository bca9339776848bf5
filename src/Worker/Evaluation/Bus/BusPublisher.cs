using MassTransit;

namespace Worker.Evaluation.Bus;

/// <summary>
/// The one place that publishes on the bus. No token that can be cancelled ever reaches a publish: on this pair of
/// MassTransit and RabbitMQ.Client one that fires in the middle breaks every later publish on the channel. A publish
/// that takes too long is left behind instead; whether it arrives later makes no difference, because every message is a
/// wake-up.
/// </summary>
internal sealed class BusPublisher(IBus bus, TimeProvider time)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>True where what is published is consumed by this process alone.</summary>
    public bool IsLocal { get; } = bus.Address.Scheme == "loopback";

    /// <summary>
    /// Throws <see cref="TimeoutException"/> when the broker does not confirm within <see cref="Patience"/>.
    /// </summary>
    public Task PublishAsync<T>(T message)
        where T : class =>
        bus.Publish(message, CancellationToken.None).WaitAsync(Patience, time);

    /// <summary>Publishes once the consumer has succeeded, through its outbox.</summary>
    public static Task PublishAsync<T>(ConsumeContext after, T message)
        where T : class =>
        after.Publish(message, CancellationToken.None);
}
