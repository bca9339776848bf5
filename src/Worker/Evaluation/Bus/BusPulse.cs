using MassTransit;
using Worker.Diagnostics;

namespace Worker.Evaluation.Bus;

/// <summary>
/// Whether this process's consumer of wake-ups gets to the end of any: with every look a probe goes the same way.
/// Workers share the queue, so it may be another's probe that is heard, or a wake-up; each worker sends as many as it
/// takes, and the broker hands them out in turn, so a consumer that works hears its share.
/// </summary>
internal sealed class BusPulse(BusPublisher publisher, IBusControl bus, HeardMessages heard, TimeProvider time)
    : IStallSign, IReadySign
{
    private readonly Standstill _silence = new(time);
    private Task _sending = Task.CompletedTask;

    public string Missing => "The bus has not started, or is not connected";

    public Task<bool> IsThereAsync(CancellationToken cancellationToken) =>
        Task.FromResult(bus.CheckHealth().Status == BusHealthStatus.Healthy);

    /// <summary>A bus that takes no probe is no better than one that brings none.</summary>
    public Task<Stall?> LookAsync(TimeSpan after, CancellationToken cancellationToken)
    {
        var length = _silence.Observe(isWaiting: true, heard.Count);
        if (_sending.IsCompleted)
            _sending = SendAsync();
        return Task.FromResult(length < after
            ? null
            : new Stall($"The bus has not answered its own probe for {Standstill.Text(length)}", IsOfProcess: true));
    }

    private async Task SendAsync()
    {
        try
        {
            await publisher.PublishAsync(new BusProbe(time.GetUtcNow()));
        }
        catch (Exception exception) when (exception is TimeoutException or MassTransitException)
        {
            // It is not heard, then.
        }
    }
}
