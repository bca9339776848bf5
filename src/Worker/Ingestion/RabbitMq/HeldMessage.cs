namespace Worker.Ingestion.RabbitMq;

/// <summary>A delivery that is not acknowledged yet.</summary>
/// <param name="Since">When it was delivered, as a timestamp of the <see cref="TimeProvider"/>.</param>
internal readonly record struct HeldMessage(InboundMessage Message, long Since);
