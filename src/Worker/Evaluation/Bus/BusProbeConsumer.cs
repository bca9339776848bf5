using MassTransit;

namespace Worker.Evaluation.Bus;

/// <summary>There is nothing to do: that it arrived is seen by <see cref="BusPulse"/>.</summary>
internal sealed class BusProbeConsumer : IConsumer<BusProbe>
{
    public Task Consume(ConsumeContext<BusProbe> context) => Task.CompletedTask;
}
