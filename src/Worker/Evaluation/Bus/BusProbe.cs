using MassTransit;

namespace Worker.Evaluation.Bus;

/// <summary>Goes where wake-ups go, to see whether they arrive; says nothing.</summary>
[EntityName("worker.bus-probe")]
[MessageUrn("worker:bus-probe")]
internal sealed record BusProbe(DateTimeOffset SentAt);
