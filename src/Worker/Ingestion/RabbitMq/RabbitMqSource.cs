namespace Worker.Ingestion.RabbitMq;

/// <summary>Which broker is drained, and how.</summary>
/// <param name="Alone">This process has to be the only one, as in embedded mode.</param>
internal sealed record RabbitMqSource(RabbitMqEndpoint Endpoint, bool Alone);
