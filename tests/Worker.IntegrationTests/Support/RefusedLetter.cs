using RabbitMQ.Client;

namespace Worker.IntegrationTests.Support;

/// <summary>A message of <c>worker.dead</c>, by the names of the message reference.</summary>
internal sealed class RefusedLetter(BasicGetResult message)
{
    public string? Kind => message.BasicProperties.Type;

    public string? MessageId => message.BasicProperties.MessageId;

    public string? ContentType => message.BasicProperties.ContentType;

    public byte[] Body => message.Body.ToArray();

    public string? this[string header] => BrokerClient.Header(message, header);
}
