using Worker.Errors;
using Worker.RabbitMq;
using Worker.Storage;

namespace Worker.DeadLetters.RabbitMq;

/// <summary>Sends letters to <c>logs.dead</c>; each is done when the broker has confirmed and routed it.</summary>
internal sealed class DeadLetterChannel(RabbitMqEndpoint endpoint, TimeProvider time) : IAsyncDisposable
{
    private readonly LastingChannel _lasting = new(endpoint, "worker dead letters", time);

    public async Task SendAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        var channel = await _lasting.OpenAsync(cancellationToken);
        try
        {
            await channel.PublishAsync(
                RabbitMqTopology.DeadExchange,
                BoundedText.Cut(letter.Kind ?? ""),
                DeadLetterMessages.Write(letter),
                letter.Body ?? ReadOnlyMemory<byte>.Empty,
                cancellationToken);
        }
        catch (ServerUnreachableException)
        {
            _lasting.Abandon(channel);
            throw;
        }
        catch (MessageRejectedException exception)
        {
            throw new ServerUnreachableException(
                $"A dead letter could not be put into {RabbitMqTopology.DeadQueue}: {exception.Message}", exception);
        }
    }

    public ValueTask DisposeAsync() => _lasting.DisposeAsync();
}
