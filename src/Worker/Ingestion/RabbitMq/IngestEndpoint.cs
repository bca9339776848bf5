using Worker.RabbitMq;

namespace Worker.Ingestion.RabbitMq;

/// <summary>Which broker is drained, and how.</summary>
/// <param name="IsExclusive">This process has to be the only one, as in embedded mode.</param>
internal sealed record IngestEndpoint(RabbitMqEndpoint Endpoint, bool IsExclusive);
