namespace Worker.RabbitMq;

/// <summary>The broker, or AMQP itself, would not have this one message; others may pass. One sentence.</summary>
internal sealed class MessageRejectedException(string message, Exception? innerException = null)
    : Exception(message, innerException);
